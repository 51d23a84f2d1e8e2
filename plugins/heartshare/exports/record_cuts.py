"""Where the records of a delimited text end, told from its bytes without reading cells.

A quote opens a cell only at its beginning and closes it only before a delimiter, the
end of the line or a second quote. Where every quote does so, counting quotes tells
inside from outside; where one does not, only a reader of single characters can tell.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

import numpy as np

_QUOTE, _LINE_FEED, _RETURN = 34, 10, 13

Positions: TypeAlias = "np.ndarray[tuple[int], np.dtype[np.int64]]"
Octets: TypeAlias = "np.ndarray[tuple[int], np.dtype[np.uint8]]"


@dataclass(frozen=True)
class Cut:
    """How far a stretch of text holds whole records.

    ``end`` is the byte behind the last of ``count`` records, 0 where none ends.
    ``is_regular`` says that the records are what any reader takes them for: every quote
    in its place, every line closed in the usual way, none of them blank.
    ``is_sound`` says that ``end`` can be relied on.
    """

    end: int
    count: int
    is_regular: bool
    is_sound: bool = True


def cut_records(text: bytes, delimiter: str, *, is_last: bool) -> Cut:
    """Return where the records end in a text that begins with a record.

    ``is_last`` says that nothing follows; a record without a line end then counts.
    """
    cells = np.frombuffer(text, np.uint8)
    quotes = np.flatnonzero(cells == _QUOTE)
    ends = _outside(np.flatnonzero(cells == _LINE_FEED), quotes)
    end = int(ends[-1]) + 1 if len(ends) else 0
    if is_last and end < len(text):
        ends = np.append(ends, len(text))
        end = len(text)
    whole = quotes[: np.searchsorted(quotes, end)]
    if not _in_place(cells, whole if end else quotes, delimiter) or len(whole) % 2:
        return Cut(0, 0, is_regular=False, is_sound=False)
    if not end:
        # Without line feeds, a return may be what ends the lines.
        return Cut(0, 0, is_regular=False, is_sound=_RETURN not in cells)
    return Cut(end, len(ends), is_regular=_is_usual(cells[:end], ends))


def first_record_end(text: bytes, delimiter: str) -> int | None:
    """Return the byte behind the first record of a text, 0 where none ends.

    None where a quote before that end is out of its place.
    """
    cells = np.frombuffer(text, np.uint8)
    quotes = np.flatnonzero(cells == _QUOTE)
    ends = _outside(np.flatnonzero(cells == _LINE_FEED), quotes)
    end = int(ends[0]) + 1 if len(ends) else 0
    whole = quotes[: np.searchsorted(quotes, end)] if end else quotes
    return end if _in_place(cells, whole, delimiter) else None


def _outside(ends: Positions, quotes: Positions) -> Positions:
    """Return the line ends before which the number of quotes is even."""
    if not len(quotes):
        return ends
    outside: Positions = ends[np.searchsorted(quotes, ends) % 2 == 0]
    return outside


def _in_place(cells: Octets, quotes: Positions, delimiter: str) -> bool:
    """Return whether each quote opens, closes or doubles where it may."""
    if not len(quotes):
        return True
    allowed = np.zeros(256, bool)
    allowed[[_QUOTE, _LINE_FEED, _RETURN, ord(delimiter)]] = True
    opening, closing = quotes[::2], quotes[1::2]
    opening = opening[1:] if opening[0] == 0 else opening
    closing = (
        closing[:-1] if len(closing) and closing[-1] == len(cells) - 1 else closing
    )
    return bool(allowed[cells[opening - 1]].all() and allowed[cells[closing + 1]].all())


def _is_usual(cells: Octets, ends: Positions) -> bool:
    """Return whether no line is blank and no return stands without a line feed."""
    returns = np.flatnonzero(cells == _RETURN)
    if len(returns) and (
        returns[-1] == len(cells) - 1 or (cells[returns + 1] != _LINE_FEED).any()
    ):
        return False
    starts = np.concatenate(([0], ends[:-1] + 1))
    # A blank first line ends at 0, where nothing stands before it.
    stops = ends - (cells[np.maximum(ends, 1) - 1] == _RETURN)
    return bool((stops > starts).all())
