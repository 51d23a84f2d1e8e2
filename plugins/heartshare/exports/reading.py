"""What a recognised file holds: all-text rows by contract column, nothing dropped."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import TYPE_CHECKING, Protocol

from heartshare.exports.cell_blocks import CellBlock, OversizedRow, read_pieces
from heartshare.exports.cell_columns import append_block
from heartshare.exports.date_orders import date_order
from heartshare.exports.documents import open_document
from heartshare.exports.errors import ExportHeaderChangedError, UnreadableFileError
from heartshare.exports.escaping import is_escaped, unescaped
from heartshare.exports.footers import Footer
from heartshare.exports.headers import HeaderMap
from heartshare.exports.html_text import html_to_text
from heartshare.exports.json_records import BrokenRecord, value_at
from heartshare.exports.json_stream import JsonStream
from heartshare.exports.mrkdwn import mrkdwn_to_text
from heartshare.exports.parts import TextPart
from heartshare.exports.recognition import Match, Recognition, recognise
from heartshare.exports.record_columns import RecordColumns, first_keys, known_keys
from heartshare.exports.record_paths import records_at, text_of
from heartshare.exports.text_rows import TOO_LARGE, TextRows, extra_text
from heartshare.warehouse.connections import open_memory

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

    from heartshare.exports.cell_blocks import Piece
    from heartshare.exports.contract_types import (
        Column,
        ContractTable,
        ExportContract,
        RecordPath,
    )
    from heartshare.exports.documents import Document
    from heartshare.exports.json_blocks import RecordBlock
    from heartshare.exports.json_records import JsonDocument
    from heartshare.exports.parts import Part, Row
    from heartshare.exports.record_paths import Json
    from heartshare.exports.text_rows import RowSink

_DAY_FORMATS = ("%Y-%m-%d", "%Y%m%d")


@dataclass
class Drift:
    """How a file differs from its contract without being wrong."""

    unknown_columns: dict[str, None] = field(default_factory=dict)
    missing_columns: dict[str, None] = field(default_factory=dict)
    unread_parts: tuple[str, ...] = ()
    duplicate_keys: tuple[str, ...] = ()
    assumptions: tuple[str, ...] = ()

    def to_dict(self) -> dict[str, list[str]]:
        """Return what differs, without the empty lists."""
        lists = {
            "unknown_columns": list(self.unknown_columns),
            "missing_columns": list(self.missing_columns),
            "unread_parts": list(self.unread_parts),
            "duplicate_keys": list(self.duplicate_keys),
            "assumptions": list(self.assumptions),
        }
        return {name: entries for name, entries in lists.items() if entries}


@dataclass(frozen=True)
class ParsedExport:
    """One export as text: its contract, tables, stated period and drift."""

    contract: ExportContract
    language: str
    tables: tuple[TextRows, ...]
    period: tuple[date, date] | None
    drift: Drift
    date_order: str = ""


class OpenSink(Protocol):
    """Opens the sink of a file once its contract, language and date order are known."""

    def __call__(
        self, contract: ExportContract, language: str, date_order: str, /
    ) -> RowSink:
        """Return who takes the rows."""


def read_export(
    path: Path,
    name: str,
    contracts: Sequence[ExportContract],
    open_sink: OpenSink | None = None,
) -> ParsedExport:
    """Read a file by the contract that describes it.

    With a sink its rows go there as they are read; the result then holds no rows.

    Raises:
        InputError: one of exports.errors, when no row of the file can be trusted.
    """
    document = open_document(path, name)
    try:
        recognition = recognise(document, contracts)
        _check_owner(name, recognition)
        drift = Drift(unread_parts=recognition.unread_parts)
        order, is_proven = date_order(recognition.matches)
        if not is_proven:
            drift.assumptions = (f"dates are {order.replace('_', ' ')}",)
        who = (recognition.contract, recognition.language, order)
        sink = open_sink(*who) if open_sink else None
        tables = _read_tables(document, recognition, drift, sink)
    finally:
        document.close()
    return ParsedExport(
        contract=recognition.contract,
        language=recognition.language,
        tables=tuple(tables.values()),
        period=_stated_period(document, recognition),
        drift=drift,
        date_order=order,
    )


def _check_owner(name: str, recognition: Recognition) -> None:
    """Refuse a file of one account whose part is missing that says of which."""
    found = {match.table.name for match in recognition.matches}
    for match in recognition.matches:
        if match.table.owner and match.table.owner not in found:
            owner = match.table.owner.partition("__")[2].replace("_", " ")
            problem = (
                f"it is a {recognition.contract.code} export, but its part with the "
                f"{owner} is missing, so nobody knows whose it is"
            )
            step = "Hand in the file as the platform wrote it, or download it again."
            raise UnreadableFileError(name, problem, step)


def _read_tables(
    document: Document, recognition: Recognition, drift: Drift, sink: RowSink | None
) -> dict[str, TextRows]:
    parameters = _name_parameters(document.name, recognition.contract)
    tables: dict[str, TextRows] = {}
    for match in recognition.matches:
        rows = tables.setdefault(match.table.name, TextRows(match.table, sink))
        json_document = match.member.read() if match.member else document.records
        if json_document is not None:
            _read_records(json_document, match, rows, drift, parameters)
        elif match.table.unpivot:
            numbered = _strict(recognition.contract, match)
            _read_unpivoted(numbered, match, rows, parameters)
        else:
            _read_part(recognition.contract, match, rows, drift, parameters)
        rows.flush()
    return tables


def _read_part(
    contract: ExportContract,
    match: Match,
    rows: TextRows,
    drift: Drift,
    parameters: dict[str, str],
) -> None:
    header = HeaderMap.of(match.table, match.header)
    if header.missing_required:
        name = match.part.label if match.part else contract.code
        raise ExportHeaderChangedError(name, contract.code, header.missing_required)
    drift.missing_columns.update(dict.fromkeys(header.missing))
    drift.unknown_columns.update(dict.fromkeys(header.unknown))
    layout = _Layout(header, _constants(match, parameters), Footer(contract.footer))
    names = [column.name for column in _constant_columns(match)]
    rows.begin([*header.order, *names])
    for piece in _pieces(contract, match):
        if isinstance(piece, OversizedRow):
            rows.reject(piece.number, "cell_too_large", TOO_LARGE)
        elif isinstance(piece, CellBlock):
            same = dict(zip(names, layout.constants, strict=True))
            unnamed = append_block(piece, header, same, rows)
            if unnamed is None:
                _read_rows(piece.rows(), layout, rows, drift)
            else:
                drift.unknown_columns.update(dict.fromkeys(unnamed))
        else:
            _read_rows(piece, layout, rows, drift)
        rows.flush()
    rows.declare(layout.footer.declared_rows)


@dataclass(frozen=True)
class _Layout:
    """How the rows of one part are laid out."""

    header: HeaderMap
    constants: list[str | None]
    footer: Footer


def _read_rows(
    numbered: Iterable[Row], layout: _Layout, rows: TextRows, drift: Drift
) -> None:
    header, footer, width = layout.header, layout.footer, layout.header.width
    for number, cells in numbered:
        if not any(cell.strip() for cell in cells):
            continue
        if footer.takes(cells):
            continue
        if footer.is_open:
            reason = "the row stands below the end of the table"
            rows.reject(number, "row_below_footer", reason)
            continue
        if len(cells) != width and (len(cells) < width or any(cells[width:])):
            reason = f"the row has {len(cells)} cells, the header {width}"
            rows.reject(number, "ragged_row", reason)
            continue
        extra = header.others(cells)
        for label in header.unnamed(extra):
            drift.unknown_columns[label] = None
        values = [*header.values(cells), *layout.constants]
        rows.append(number, values, extra_text(extra))


def _pieces(contract: ExportContract, match: Match) -> Iterable[Piece]:
    """Return the rows below a header, in whole columns where nothing forbids it."""
    part = match.part
    is_plain = match.columns is None and not contract.footer
    if isinstance(part, TextPart) and is_plain:
        encoding = _encoding(contract, part) or "utf-8"
        width = len(match.header)
        return read_pieces(part, match.delimiter, encoding, match.first_row, width)
    return [_strict(contract, match)]


def _strict(contract: ExportContract, match: Match) -> Iterator[tuple[int, list[str]]]:
    part = match.part
    if part is None:
        return
    encoding = _encoding(contract, part)
    for index, row in enumerate(part.rows(match.delimiter, encoding)):
        if index >= match.first_row:
            yield row[0], match.cut(row[1])


def _encoding(contract: ExportContract, part: Part) -> str | None:
    """Return the declared encoding in which the whole part is valid."""
    if part.decode_problem is None:
        return part.encoding
    text_part: TextPart = part  # type: ignore[assignment]
    for encoding in contract.encodings:
        if not encoding.startswith("utf-") and text_part.decodes_as(encoding):
            return encoding
    problem = part.decode_problem
    raise UnreadableFileError(
        part.label,
        f"it is a {contract.code} export, but line {problem.line} is not "
        f"{problem.encoding} text",
        "Save it as UTF-8, or download the export again.",
    )


def _read_unpivoted(
    numbered: Iterator[tuple[int, list[str]]],
    match: Match,
    rows: TextRows,
    parameters: dict[str, str],
) -> None:
    """Read a table of any width: one row per key and metric."""
    roles = {
        column.name: next(iter(column.headers))
        for column in match.table.columns
        if column.scope == "cell"
    }
    constants = _constants(match, parameters)
    rows.begin([*roles, *(column.name for column in _constant_columns(match))])
    kinds = {header: _kind(match.table, header) for header in match.header}
    for number, cells in numbered:
        if len(cells) != len(match.header):
            reason = f"the row has {len(cells)} cells, the header {len(match.header)}"
            rows.reject(number, "ragged_row", reason)
            continue
        for header, cell in zip(match.header[1:], cells[1:], strict=True):
            cell_parts = {
                "table": str(match.part_number),
                "key_name": match.header[0],
                "key": cells[0],
                "metric": header,
                "kind": kinds[header],
                "value": cell,
            }
            values = [_clean(cell_parts[role]) for role in roles.values()]
            rows.append(number, [*values, *constants], None)


def _kind(table: ContractTable, header: str) -> str | None:
    """Return the metric kind that the beginning of a header tells."""
    return next(
        (kind for start, kind in table.kinds.items() if header.startswith(start)), None
    )


def _read_records(
    document: JsonDocument | JsonStream,
    match: Match,
    rows: TextRows,
    drift: Drift,
    parameters: dict[str, str],
) -> None:
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
        text = _clean(text_of(_value(holder, path)))
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


def _constant_columns(match: Match) -> list[Column]:
    return [each for each in match.table.columns if each.scope in {"preamble", "name"}]


def _constants(match: Match, parameters: dict[str, str]) -> list[str | None]:
    sources = {"preamble": match.preamble, "name": parameters}
    return [
        next(
            (
                _clean(sources[column.scope][key])
                for key in column.headers
                if key in sources[column.scope]
            ),
            None,
        )
        for column in _constant_columns(match)
    ]


def _name_parameters(name: str, contract: ExportContract) -> dict[str, str]:
    found = re.fullmatch(contract.name_parameters or "(?!)", name)
    return found.groupdict() if found else {}


def _stated_period(
    document: Document, recognition: Recognition
) -> tuple[date, date] | None:
    """Return the period that the file's name or its comments state."""
    parameters = _name_parameters(document.name, recognition.contract)
    days = [_day(parameters.get(f"period_{end}", "")) for end in ("start", "end")]
    for match in recognition.matches:
        for key in recognition.contract.period_preamble:
            days.append(_day(match.preamble.get(key, "")))
    stated = [day for day in days if day is not None]
    return (min(stated), max(stated)) if stated else None


def _day(text: str) -> date | None:
    for form in _DAY_FORMATS:
        try:
            return datetime.strptime(text, form).date()  # noqa: DTZ007
        except ValueError:
            continue
    return None


def _clean(text: str | None) -> str | None:
    return (text.strip() or None) if text is not None else None
