"""What a table of JSON records in an export holds: text by contract column."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from heartshare.exports.escaping import is_escaped, unescaped
from heartshare.exports.html_text import html_to_text
from heartshare.exports.json_records import BrokenRecord, value_at
from heartshare.exports.json_stream import JsonStream
from heartshare.exports.mrkdwn import mrkdwn_to_text
from heartshare.exports.record_columns import RecordColumns, first_keys, known_keys
from heartshare.exports.record_paths import records_at, text_of
from heartshare.exports.text_rows import TextRows, cleaned, extra_text
from heartshare.warehouse.connections import open_memory

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from heartshare.exports.contract_types import Column, ContractTable, RecordPath
    from heartshare.exports.drift import Drift
    from heartshare.exports.json_blocks import RecordBlock
    from heartshare.exports.json_records import JsonDocument
    from heartshare.exports.recognition import Match
    from heartshare.exports.record_paths import Json


def read_records(
    document: JsonDocument | JsonStream,
    match: Match,
    rows: TextRows,
    drift: Drift,
    parameters: dict[str, str],
) -> None:
    """Read a table of JSON records, and say in ``drift`` what differs.

    Raises:
        UnreadableFileError: a large document turns out to be no JSON.
    """
    records = match.records
    if records is None:
        return
    if match.is_empty and (problem := document.array_problem(records.path)):
        rows.reject(1, "no_array", problem)
    sources: dict[str, Json] = {
        "root": document.root,
        "member": _groups(match),
        "name": parameters,
    }
    reader = _RecordReader(match.table, records, sources, rows)
    rows.begin([column.name for column in match.table.columns])
    blocks = document.blocks(records) if isinstance(document, JsonStream) else None
    if blocks is None or not isinstance(document, JsonStream):
        reader.read(document.records(*records.where))
    else:
        reader.read_blocks(document, blocks)
    keys = document.duplicate_keys.union(drift.duplicate_keys)
    drift.duplicate_keys = tuple(sorted(keys))
    reader.note(drift)


class _RecordReader:
    """Reads the records of one table, and remembers which keys they have."""

    def __init__(
        self,
        table: ContractTable,
        records: RecordPath,
        sources: Mapping[str, Json],
        rows: TextRows,
    ) -> None:
        self._table = table
        self._records = records
        self._sources = sources
        self._rows = rows
        self._known = known_keys(table)
        self._before = rows.count + rows.reject_count
        self._seen: dict[str, None] = {}

    def read(self, numbered: Iterable[tuple[int, Json]]) -> None:
        """Read records one by one."""
        table, rows = self._table, self._rows
        for position, record in numbered:
            number = self._before + position
            if self._records.is_scalar and isinstance(record, str):
                record = {"value": record}  # noqa: PLW2901 a single value is its own field
            if isinstance(record, BrokenRecord) or not isinstance(record, dict):
                reason = "the record is no JSON object"
                rows.reject(number, "unreadable_record", reason)
                continue
            self._seen.update(dict.fromkeys(record))
            values = [
                _record_value(column, record, self._sources) for column in table.columns
            ]
            unknown = {
                key: value for key, value in record.items() if self._is_unknown(key)
            }
            stored = unknown if table.keeps_unknown else {}
            rows.append(number, values, extra_text(stored))

    def read_blocks(self, stream: JsonStream, blocks: Iterable[RecordBlock]) -> None:
        """Read records block by block, as columns where nothing forbids it."""
        table, rows = self._table, self._rows
        with open_memory() as connection:
            columns = RecordColumns(
                connection, table, self._records, self._sources, _record_value
            )
            for block in blocks:
                before = rows.count + rows.reject_count - self._before
                first = block.numbers[0] if stream.is_lines else before + 1
                numbers = range(self._before + first, self._before + first + len(block))
                keys = columns.append(block, stream, rows, numbers)
                if keys is None:
                    self.read(stream.expand(block, self._records.where, before))
                else:
                    self._seen.update(dict.fromkeys(keys))
                rows.flush()

    def note(self, drift: Drift) -> None:
        """Write down which keys nobody knows and which columns never came."""
        unknown = [key for key in self._seen if self._is_unknown(key)]
        drift.unknown_columns.update(dict.fromkeys(unknown))
        if self._rows.count:
            drift.missing_columns.update(
                dict.fromkeys(
                    column.name
                    for column in self._table.columns
                    if not (column.is_optional or column.joined)
                    and column.scope == "row"
                    and not first_keys(column) & self._seen.keys()
                )
            )

    def _is_unknown(self, key: str) -> bool:
        return key not in self._known and key not in self._table.ignored


def _groups(match: Match) -> dict[str, str]:
    """Return what the path of an archive's member says."""
    name = match.member.name if match.member else ""
    found = re.fullmatch(match.table.members or "(?!)", name)
    return found.groupdict() if found else {}


def _record_value(
    column: Column, record: dict[str, Json], sources: Mapping[str, Json]
) -> str | None:
    holder = sources.get(column.scope, record)
    for path in column.headers:
        text = cleaned(text_of(_value(holder, path)))
        if text is not None:
            if column.type_code == "html":
                return html_to_text(text, column.skipped_elements) or None
            if column.type_code == "mrkdwn":
                return mrkdwn_to_text(text) or None
            proof = column.escape_proof
            if proof and is_escaped(proof, record):
                return unescaped(text)
            return text
    if column.otherwise is not None:
        arrays = (value_at(holder, path.partition("[")[0]) for path in column.headers)
        return column.otherwise if any(isinstance(a, list) for a in arrays) else None
    return None


def _value(holder: Json, path: str) -> Json:
    """Return what stands at a path; of a path over arrays all that stands there."""
    if "[]" not in path:
        return value_at(holder, path)
    found = [value for value in records_at(holder, path) if value is not None]
    return found or None
