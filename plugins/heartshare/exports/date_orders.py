"""Whether a file writes the day or the month first: told by days above the twelfth."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from heartshare.exports.contract_types import DATE_ORDERS
from heartshare.exports.headers import HeaderMap

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from heartshare.exports.contract_types import Column
    from heartshare.exports.recognition import Match

_DATE = re.compile(r"\s*([0-9]{1,2})[/.-]([0-9]{1,2})[/.-][0-9]{2,4}\b")
_LAST_MONTH = 12


def date_order(matches: Sequence[Match]) -> tuple[str, bool]:
    """Return the order of day and month in a file, and whether its dates prove it.

    The first date that only one order can read decides. Without one, the order that
    the contract states first counts; where a date then has two readings, that is an
    assumption. A contract that leaves no choice has the blank order.
    """
    default = ""
    is_proven = True
    for match in matches:
        names = {column.name for column in match.table.columns if _orders(column)}
        if not names or match.part is None:
            continue
        default = default or _orders(match.table.column(min(names)))[0]
        for text in _cells(match, names):
            found = _DATE.match(text)
            if found is None:
                continue
            first, second = int(found[1]), int(found[2])
            if first > _LAST_MONTH >= second:
                return "day_first", True
            if second > _LAST_MONTH >= first:
                return "month_first", True
            is_proven = is_proven and first == second
    return default, is_proven


def _orders(column: Column) -> list[str]:
    return [choice for choice in column.format_choices if choice in DATE_ORDERS]


def _cells(match: Match, names: set[str]) -> Iterator[str]:
    """Yield the texts of the dated columns, row by row."""
    if match.part is None:
        return
    header = HeaderMap.of(match.table, match.header)
    sources = {
        name
        for column in match.table.columns
        if column.name in names
        for name in (column.joined or (column.name,))
    }
    positions = [
        position
        for name, position in zip(header.order, header.positions, strict=True)
        if name in sources and position is not None
    ]
    for index, (_, cells) in enumerate(match.part.rows(match.delimiter)):
        if index >= match.first_row:
            yield from (cells[at] for at in positions if at < len(cells))
