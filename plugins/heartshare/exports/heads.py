"""What stands in the first rows of each part: the evidence of recognition."""

from __future__ import annotations

import itertools
import unicodedata
from typing import TYPE_CHECKING

from heartshare.exports.errors import UnreadableFileError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from heartshare.exports.parts import Part

#: More rows than any preamble or description that a contract may declare.
_HEAD_ROWS = 16
_INVISIBLE = dict.fromkeys(map(ord, "\ufeff\u200b\u200e\u200f"), None)


def normalise_header(cell: str) -> str:
    """Return a header cell without invisible characters and surplus blanks."""
    text = unicodedata.normalize("NFC", cell).translate(_INVISIBLE)
    return " ".join(text.split())


class Heads:
    """The first rows of each part under each delimiter, read once."""

    def __init__(self, parts: Sequence[Part]) -> None:
        self._rows: dict[tuple[int, str], list[tuple[str, ...]]] = {}
        self._parts = parts

    def rows(self, index: int, delimiter: str) -> list[tuple[str, ...]]:
        """Return the first rows of a part, as normalised header cells."""
        key = (index, delimiter)
        if key not in self._rows:
            self._rows[key] = self._read(self._parts[index], delimiter)
        return self._rows[key]

    def _read(self, part: Part, delimiter: str) -> list[tuple[str, ...]]:
        head: list[tuple[str, ...]] = []
        # A damaged row below the header must not hide which export this is.
        try:
            for _, cells in itertools.islice(part.rows(delimiter), _HEAD_ROWS):
                head.append(tuple(normalise_header(cell) for cell in cells))
        except UnreadableFileError:
            pass
        return head
