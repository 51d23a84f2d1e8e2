"""What a table of rows in an export holds: text by contract column, row by row."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from heartshare.exports.cell_blocks import CellBlock, OversizedRow, read_pieces
from heartshare.exports.cell_columns import append_block
from heartshare.exports.errors import ExportHeaderChangedError, UnreadableFileError
from heartshare.exports.footers import Footer
from heartshare.exports.headers import HeaderMap
from heartshare.exports.parts import TextPart
from heartshare.exports.text_rows import TOO_LARGE, TextRows, cleaned, extra_text

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from heartshare.exports.cell_blocks import Piece
    from heartshare.exports.contract_types import (
        Column,
        ContractTable,
        ExportContract,
    )
    from heartshare.exports.drift import Drift
    from heartshare.exports.parts import Part, Row
    from heartshare.exports.recognition import Match


def read_part(
    contract: ExportContract,
    match: Match,
    rows: TextRows,
    drift: Drift,
    parameters: dict[str, str],
) -> None:
    """Read a table of rows into ``rows``, and say in ``drift`` what differs.

    Raises:
        ExportHeaderChangedError: a column is missing without which no row counts.
        UnreadableFileError: the part is in none of the contract's encodings.
    """
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


def read_unpivoted(
    contract: ExportContract,
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
    for number, cells in _strict(contract, match):
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
            values = [cleaned(cell_parts[role]) for role in roles.values()]
            rows.append(number, [*values, *constants], None)


def _kind(table: ContractTable, header: str) -> str | None:
    """Return the metric kind that the beginning of a header tells."""
    return next(
        (kind for start, kind in table.kinds.items() if header.startswith(start)), None
    )


def _constant_columns(match: Match) -> list[Column]:
    return [each for each in match.table.columns if each.scope in {"preamble", "name"}]


def _constants(match: Match, parameters: dict[str, str]) -> list[str | None]:
    sources = {"preamble": match.preamble, "name": parameters}
    return [
        next(
            (
                cleaned(sources[column.scope][key])
                for key in column.headers
                if key in sources[column.scope]
            ),
            None,
        )
        for column in _constant_columns(match)
    ]
