"""Where each contract column stands in a header, and what else stands there."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Self

from heartshare.exports.html_text import html_to_text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from heartshare.exports.contract_types import Column, ContractTable


@dataclass(frozen=True)
class HeaderMap:
    """The positions of a table's columns in one header.

    ``order`` names the columns that ``values`` returns; ``missing`` those that the
    header lacks although they are expected; ``unknown`` what no contract names;
    ``html`` where in ``values`` a fragment of HTML becomes its words.
    """

    order: tuple[str, ...]
    positions: tuple[int | None, ...]
    kept: tuple[tuple[str, int], ...]
    unknown: tuple[str, ...]
    missing: tuple[str, ...]
    missing_required: tuple[str, ...]
    width: int
    html: tuple[tuple[int, tuple[str, ...]], ...] = ()

    @classmethod
    def of(cls, table: ContractTable, header: Sequence[str]) -> Self:
        """Match a header with a table's columns by name and occurrence."""
        columns = [column for column in table.columns if column.scope == "row"]
        positions = [_position(column, header) for column in columns]
        absent = [
            column
            for column, position in zip(columns, positions, strict=True)
            if position is None
        ]
        rest = _labels(header, {p for p in positions if p is not None}, table)
        return cls(
            order=tuple(column.name for column in columns),
            positions=tuple(positions),
            kept=tuple(
                (label, position)
                for label, position, is_known in rest
                if is_known or table.keeps_unknown
            ),
            unknown=tuple(
                label for label, _, is_known in rest if not is_known and label[0] != " "
            ),
            missing=tuple(c.name for c in absent if not c.is_optional),
            missing_required=tuple(
                next(iter(c.headers)) for c in absent if c.is_required
            ),
            width=len(header),
            html=tuple(
                (index, column.skipped_elements)
                for index, column in enumerate(columns)
                if column.type_code == "html"
            ),
        )

    def values(self, cells: Sequence[str]) -> list[str | None]:
        """Return the cells of the table's columns, in ``order``; blank is null."""
        values = [
            None if position is None else (cells[position].strip() or None)
            for position in self.positions
        ]
        for index, skipped in self.html:
            values[index] = html_to_text(values[index] or "", skipped) or None
        return values

    def others(self, cells: Sequence[str]) -> dict[str, str]:
        """Return the other non-blank cells by their header."""
        return {
            label.strip(): cells[position]
            for label, position in self.kept
            if cells[position].strip()
        }

    @staticmethod
    def unnamed(extra: dict[str, str]) -> list[str]:
        """Return the labels of columns without a header that hold something."""
        return [label for label in extra if label.startswith("column ")]


def _position(column: Column, header: Sequence[str]) -> int | None:
    for alias in column.headers:
        found = [index for index, cell in enumerate(header) if cell == alias]
        if len(found) >= column.occurrence:
            return found[column.occurrence - 1]
    return None


def _labels(
    header: Sequence[str], taken: set[int], table: ContractTable
) -> list[tuple[str, int, bool]]:
    """Return label, position and whether it is known, for each unmapped column.

    A repeated header gets its number; a blank one its position, after a blank that
    keeps it out of the drift until it holds a value.
    """
    seen: dict[str, int] = {}
    labels = []
    for position, cell in enumerate(header):
        seen[cell] = seen.get(cell, 0) + 1
        if position in taken or cell in table.ignored:
            continue
        if not cell:
            labels.append((f" column {position + 1}", position, False))
        elif seen[cell] > 1:
            labels.append((f"{cell} ({seen[cell]})", position, False))
        else:
            labels.append((cell, position, cell in table.known))
    return labels
