"""How a file that holds an erased person is kept: what contracts read of it, less them.

The copy in the landing folder is replaced by a redacted one: every row of every table
as text, one JSON array a line, without the person's rows and without their names and
lines in what others wrote. It is read like the original and has its row numbers.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, cast

import pyarrow as pa

from heartshare.exports.drift import Drift
from heartshare.exports.errors import UnreadableFileError
from heartshare.exports.landed_files import META_SUFFIX
from heartshare.exports.reading import ParsedExport, read_export
from heartshare.exports.text_rows import RowReject, TextRows

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path
    from typing import TextIO

    from heartshare.exports.contract_types import (
        Column,
        ContractTable,
        ExportContract,
    )
    from heartshare.warehouse.erasures import ErasureList

#: The first bytes of a redacted copy; no platform writes them.
SIGN = '{"heartshare_redacted":'
#: How columns begin that name whom somebody answers or calls.
_LINKS = ("reply_to_", "parent_", "mentioned_", "in_reply_to_", "target_")
#: Columns that say how somebody is called, which many people share: no key of a person.
_SHARED_NAMES = frozenset(
    {
        "author_display_name",
        "author_full_name",
        "display_name",
        "first_name",
        "full_name",
        "last_name",
        "owner_name",
        "posted_by_name",
        "recipient_name",
        "sent_by_name",
    }
)
#: What stands where a name stood that may not be missing.
_ERASED = "[erased]"
_ROW, _REJECT = "row", "reject"
#: Tools and programme files tell of people on any platform.
_CROSS_PLATFORM = frozenset(
    {
        "agorapulse",
        "brandwatch",
        "buffer",
        "hootsuite",
        "hubspot",
        "meltwater",
        "programme",
        "salesforce",
        "sprout",
        "talkwalker",
    }
)


@dataclass(frozen=True)
class Redaction:
    """What redacting a file took out of it."""

    rows_erased: int
    rows_scrubbed: int

    def __bool__(self) -> bool:
        """Return whether the file held anything of an erased person."""
        return bool(self.rows_erased or self.rows_scrubbed)


class Redactor:
    """Takes the people of an erasure list out of rows of text."""

    def __init__(self, erasures: ErasureList) -> None:
        self._erasures = erasures
        self._platforms = sorted({e.platform_code for e in erasures.entries})
        self.rows_erased = 0
        self.rows_scrubbed = 0

    def clean(
        self, contract: ExportContract, table: ContractTable, rows: pa.Table
    ) -> pa.Table:
        """Return rows without the person's own, and without traces in the others."""
        platforms = self._platforms_of(contract)
        is_kept = [True] * rows.num_rows
        for position in self._own_rows(platforms, table, rows):
            is_kept[position] = False
        kept = rows.filter(pa.array(is_kept)) if not all(is_kept) else rows
        self.rows_erased += rows.num_rows - kept.num_rows
        return self._scrub(table, kept, platforms)

    def owners(self, export: ParsedExport) -> set[str]:
        """Return the tables of a file that say that a person of the list owns it."""
        platforms = self._platforms_of(export.contract)
        wanted = {table.owner for table in export.contract.tables}
        return {
            rows.table.name
            for rows in export.tables
            if rows.table.name in wanted
            and self._own_rows(platforms, rows.table, rows.arrow(0))
        }

    def clear(self, rows: pa.Table) -> pa.Table:
        """Return no row: all of them are of a person of the list."""
        self.rows_erased += rows.num_rows
        return rows.slice(0, 0)

    def _scrub_json(self, text: str) -> str:
        """Return fields that no contract names without the person, string by string."""
        fields = json.loads(text)
        scrubbed = _scrubbed(fields, self._erasures)
        return text if scrubbed == fields else json.dumps(scrubbed, ensure_ascii=False)

    def _own_rows(
        self, platforms: Sequence[str], table: ContractTable, rows: pa.Table
    ) -> set[int]:
        return {
            position
            for column in identity_columns(table)
            for position in self._matches(platforms, rows[column.name])
        }

    def _matches(self, platforms: Sequence[str], cells: pa.ChunkedArray) -> list[int]:
        return [
            position
            for position, value in enumerate(cells.to_pylist())
            if value
            and any(self._erasures.covers_account(each, value) for each in platforms)
        ]

    def _platforms_of(self, contract: ExportContract) -> Sequence[str]:
        platform = contract.code.partition("/")[0]
        return self._platforms if platform in _CROSS_PLATFORM else (platform,)

    def _scrub(
        self, table: ContractTable, rows: pa.Table, platforms: Sequence[str]
    ) -> pa.Table:
        """Take the person out of rows of others: links to them, names and lines."""
        scrubbed: set[int] = set()
        links = {
            column.name: _ERASED if column.is_required else None
            for column in table.columns
            if _is_link(column)
        }
        # A number may hold a name too: then it is rejected, and kept with its value.
        for name in (*(column.name for column in table.columns), "_extra"):
            before = rows[name].to_pylist()
            scrub = self._scrub_json if name == "_extra" else self._erasures.scrub
            after = [
                scrub(text) if text and not text.isdecimal() else text
                for text in before
            ]
            if name in links:
                for position in self._matches(platforms, rows[name]):
                    after[position] = links[name]
            changed = [n for n, text in enumerate(after) if text != before[n]]
            if changed:
                scrubbed.update(changed)
                at = rows.column_names.index(name)
                rows = rows.set_column(at, name, pa.array(after, pa.string()))
        self.rows_scrubbed += len(scrubbed)
        return rows


def _scrubbed(value: object, erasures: ErasureList) -> object:
    if isinstance(value, str):
        return erasures.scrub(value)
    if isinstance(value, list):
        return [_scrubbed(each, erasures) for each in value]
    if isinstance(value, dict):
        return {
            erasures.scrub(key): _scrubbed(each, erasures)
            for key, each in value.items()
        }
    return value


def identity_columns(table: ContractTable) -> list[Column]:
    """Return the columns that hold the id, handle or address of the row's person."""
    return [
        column
        for column in table.columns
        if (column.person_key or column.personal)
        and column.name not in _SHARED_NAMES
        and not _is_link(column)
    ]


def _is_link(column: Column) -> bool:
    """Return whether a personal column names somebody else than the row's person."""
    is_of_others = column.person_key == "other" or column.name.startswith(_LINKS)
    return bool(column.personal) and is_of_others


def is_redacted(path: Path) -> bool:
    """Return whether a landed copy is a redacted one.

    Its description says so: what a file itself says could be anybody's.
    """
    with path.open("rb") as stream:
        if stream.read(len(SIGN)) != SIGN.encode():
            return False
    description = path.with_name(path.name + META_SUFFIX)
    if not description.exists():
        return False
    return bool(json.loads(description.read_text(encoding="utf-8")).get("former"))


def write_redacted(
    path: Path,
    name: str,
    target: Path,
    contracts: Sequence[ExportContract],
    erasures: ErasureList,
) -> Redaction:
    """Write the redacted copy of an export to ``target``; say what it took out.

    Where the answer is false the copy says what the original says and is not needed.

    Raises:
        InputError: no contract reads the file, so nobody knows whom it holds.
    """
    export = read_any(path, name, contracts)
    redactor = Redactor(erasures)
    with target.open("w", encoding="utf-8") as stream:
        _write_line(stream, {"heartshare_redacted": _head(export)})
        owners = redactor.owners(export)
        for rows in export.tables:
            if rows.table.owner in owners:
                cleaned = redactor.clear(rows.arrow(0))
            else:
                cleaned = redactor.clean(export.contract, rows.table, rows.arrow(0))
            _write_rows(stream, rows, cleaned)
    return Redaction(redactor.rows_erased, redactor.rows_scrubbed)


def read_any(
    path: Path, name: str, contracts: Sequence[ExportContract]
) -> ParsedExport:
    """Read an export or the redacted copy of one.

    Raises:
        InputError: as ``read_export``; or the contract of a copy is gone.
    """
    if is_redacted(path):
        return _read_redacted(path, name, contracts)
    return read_export(path, name, contracts)


def _head(export: ParsedExport) -> dict[str, object]:
    return {
        "contract": export.contract.code,
        "language": export.language,
        "period": [day.isoformat() for day in export.period or ()],
        "date_order": export.date_order,
        "tables": {
            rows.table.name: {
                "columns": [column.name for column in rows.table.columns],
                "declared_rows": rows.declared_rows,
            }
            for rows in export.tables
        },
    }


def _write_rows(stream: TextIO, rows: TextRows, cleaned: pa.Table) -> None:
    names = ["_row_number", *(column.name for column in rows.table.columns), "_extra"]
    for batch in cleaned.select(names).to_batches(max_chunksize=10_000):
        columns = [column.to_pylist() for column in batch.columns]
        for values in zip(*columns, strict=True):
            _write_line(stream, [_ROW, rows.table.name, *values])
    for reject in rows.rejects:
        line = [_REJECT, rows.table.name]
        _write_line(stream, [*line, reject.row_number, reject.code, reject.reason])


def _write_line(stream: TextIO, value: object) -> None:
    json.dump(value, stream, ensure_ascii=False, separators=(",", ":"))
    stream.write("\n")


def _read_redacted(
    path: Path, name: str, contracts: Sequence[ExportContract]
) -> ParsedExport:
    with path.open(encoding="utf-8") as stream:
        head = json.loads(next(stream))["heartshare_redacted"]
        code = head["contract"]
        contract = next((each for each in contracts if each.code == code), None)
        if code is None:
            problem = "it held an erased person and no contract reads it"
            raise UnreadableFileError(name, problem, "It was emptied.")
        if contract is None:
            problem = f"it is a redacted {code} export, and that contract is gone"
            raise UnreadableFileError(name, problem, "Restore the contract.")
        tables = {}
        for table in contract.tables:
            if table.name in head["tables"]:
                said = head["tables"][table.name]
                tables[table.name] = TextRows(table)
                tables[table.name].begin(said["columns"])
                tables[table.name].declare(said["declared_rows"])
        for line in stream:
            kind, table_name, number, *values = json.loads(line)
            if kind == _REJECT:
                reject = RowReject(number, *values)
                tables[table_name].reject(number, reject.code, reject.reason)
            else:
                *cells, extra = values
                tables[table_name].append(number, cells, extra)
    days = [date.fromisoformat(day) for day in head["period"]]
    return ParsedExport(
        contract=contract,
        language=head["language"],
        tables=tuple(tables.values()),
        period=cast("tuple[date, date] | None", tuple(days) or None),
        drift=Drift(),
        date_order=head["date_order"],
    )
