"""Which tables a file holds that states its own delimiter, each with its title."""

from __future__ import annotations

import itertools
import re
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from heartshare.exports.parts import Part, Row, RowsPart, TextPart

if TYPE_CHECKING:
    from collections.abc import Iterator

_STATED = re.compile(r"\ufeff?\"?sep=(?P<mark>[,;\t|])\"?\s*")


@dataclass(frozen=True)
class _Block:
    """A table of the file: its title and its first and last record."""

    title: str
    first: int
    last: int


def stated_delimiter(part: TextPart) -> str | None:
    """Return the delimiter that a first line such as ``sep=,`` states, if one does."""
    with part.lines() as text:
        found = _STATED.fullmatch(text.readline(16))
    return found["mark"] if found else None


def split_titled(part: TextPart, delimiter: str) -> list[Part]:
    """Cut a file below its delimiter line into its tables, read as they are asked for.

    A record of one cell is the ``title`` of the table below it. Row numbers count every
    record of the file.
    """
    blocks = _blocks(part, delimiter)
    return [
        RowsPart(
            f"{part.name} table {number}" if len(blocks) > 1 else part.name,
            partial(_rows, part, delimiter, block),
            {"title": block.title} if block.title else None,
        )
        for number, block in enumerate(blocks, start=1)
    ]


def _blocks(part: TextPart, delimiter: str) -> list[_Block]:
    blocks: list[_Block] = []
    title, first, last = "", 0, 0
    for number, cells in itertools.islice(part.rows(delimiter, part.encoding), 1, None):
        is_title = len(cells) == 1 and bool(cells[0].strip())
        if is_title:
            if first:
                blocks.append(_Block(title, first, last))
            title, first = cells[0].strip(), 0
        elif any(cells):
            first = first or number
            last = number
    if first:
        blocks.append(_Block(title, first, last))
    return blocks


def _rows(part: TextPart, delimiter: str, block: _Block) -> Iterator[Row]:
    for number, cells in part.rows(delimiter, part.encoding):
        if number > block.last:
            return
        if number >= block.first:
            yield number, cells
