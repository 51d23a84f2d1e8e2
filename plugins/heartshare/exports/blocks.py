"""Which tables a commented report holds: each block has its own header and range."""

from __future__ import annotations

from typing import TYPE_CHECKING

from heartshare.exports.parts import Part, Row, RowsPart, TextPart

if TYPE_CHECKING:
    from collections.abc import Iterator

MARK = "#"


def is_commented(part: TextPart) -> bool:
    """Return whether the text starts with a comment line, as block reports do."""
    with part.lines() as text:
        return text.read(1) == MARK


def split_blocks(part: TextPart) -> list[Part]:
    """Cut a commented report into its tables.

    Shape: one part per table, in file order, with the metadata that stood above it:
    ``Key: value`` comments by key, the first bare comment as ``title``, a later one
    as ``segment``. Keys of an earlier block carry over until they are stated again.
    Row numbers count every record of the file, comments included.
    """
    blocks: list[Part] = []
    preamble: dict[str, str] = {}
    rows: list[Row] = []
    previous = 0
    for number, cells in part.rows(",", part.encoding):
        is_comment = cells[0].startswith(MARK)
        if rows and (is_comment or number > previous + 1 or not any(cells)):
            blocks.append(_block(len(blocks) + 1, rows, preamble))
            rows = []
        previous = number
        if is_comment:
            _read_comment(",".join(cells), preamble)
        elif any(cells):
            rows.append((number, cells))
    if rows:
        blocks.append(_block(len(blocks) + 1, rows, preamble))
    return blocks


def _block(number: int, rows: list[Row], preamble: dict[str, str]) -> Part:
    def make_rows() -> Iterator[Row]:
        return iter(rows)

    return RowsPart(f"table {number}", make_rows, dict(preamble))


def _read_comment(line: str, preamble: dict[str, str]) -> None:
    text = line.lstrip(MARK).strip()
    if not text.strip("-"):
        return
    key, colon, value = text.partition(": ")
    if colon:
        preamble[key.strip()] = value.strip()
    elif "title" not in preamble:
        preamble["title"] = text
    else:
        preamble["segment"] = text
