"""How whole columns of cells become columns of a table, as headers.py does by row."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.compute as pc

from heartshare.exports.html_text import html_to_text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from heartshare.exports.cell_blocks import CellBlock
    from heartshare.exports.headers import HeaderMap
    from heartshare.exports.text_rows import TextRows

#: Made of an array: a scalar of a Python value would import pandas.
_NULL = pa.nulls(1, pa.string())[0]
_ESCAPES = {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "\\r", "\t": "\\t"}
_CONTROL = r"[\x00-\x1f]"
_SPECIAL = r'[\x00-\x1f"\\]'


def append_block(
    block: CellBlock,
    header: HeaderMap,
    constants: dict[str, str | None],
    rows: TextRows,
) -> list[str] | None:
    """Add a block's rows and return the labels of unnamed columns that hold something.

    None, and nothing is added, where a row of the block may be blank or a cell needs
    the care of a single row.
    """
    trimmed = [_trimmed(column) for column in block.cells.columns]
    if all(column.null_count for column in trimmed):
        return None
    labels = [label.strip() for label, _ in header.kept]
    count = block.cells.num_rows
    extra = _extra(
        count,
        labels,
        [block.cells.column(position) for _, position in header.kept],
        [trimmed[position] for _, position in header.kept],
    )
    if extra is None:
        return None
    columns: dict[str, pa.Array] = {
        name: trimmed[position]
        for name, position in zip(header.order, header.positions, strict=True)
        if position is not None
    }
    for index, skipped in header.html:
        name = header.order[index]
        if name in columns:
            texts = (html_to_text(t or "", skipped) for t in columns[name].to_pylist())
            columns[name] = pa.array([text or None for text in texts], pa.string())
    for name, value in constants.items():
        columns[name] = pa.repeat(pa.scalar(value, pa.string()), count)
    numbers = pa.array(range(block.number, block.number + count), pa.int64())
    rows.append_columns(numbers, columns, extra)
    filled = {
        label: ""
        for label, (_, position) in zip(labels, header.kept, strict=True)
        if trimmed[position].null_count < count
    }
    return header.unnamed(filled)


def _trimmed(cells: pa.ChunkedArray) -> pa.ChunkedArray:
    """Return the cells without the blanks around them; blank ones are null."""
    cells = pc.utf8_trim_whitespace(cells)
    is_blank = pc.equal(pc.binary_length(cells), 0)
    if not pc.any(is_blank).as_py():
        return cells
    return pc.if_else(is_blank, _NULL, cells)


def _extra(
    count: int,
    labels: Sequence[str],
    cells: Sequence[pa.ChunkedArray],
    trimmed: Sequence[pa.ChunkedArray],
) -> pa.ChunkedArray | None:
    """Return what other columns hold as JSON text, written as json.dumps does."""
    if len(set(labels)) < len(labels):
        return None
    pieces = []
    for position in sorted(range(len(labels)), key=labels.__getitem__):
        known = trimmed[position]
        if known.null_count == len(known):
            continue
        escaped = _escaped(cells[position])
        if escaped is None:
            return None
        start = f', {json.dumps(labels[position], ensure_ascii=False)}: "'
        piece = pc.binary_join_element_wise(start, escaped, '"', "")
        pieces.append(pc.if_else(pc.is_valid(known), piece, ""))
    if not pieces:
        return pa.chunked_array([pa.nulls(count, pa.string())])
    joined = pc.binary_join_element_wise("", *pieces, "")
    inner = pc.utf8_slice_codeunits(joined, len(", "))
    whole = pc.binary_join_element_wise("{", inner, "}", "")
    return pc.if_else(pc.equal(joined, ""), _NULL, whole)


def _escaped(cells: pa.ChunkedArray) -> pa.ChunkedArray | None:
    if not pc.any(pc.match_substring_regex(cells, _SPECIAL)).as_py():
        return cells
    for character, escape in _ESCAPES.items():
        cells = pc.replace_substring(cells, character, escape)
    # The others are so rare that they are left to json.dumps itself.
    rest = pc.any(pc.match_substring_regex(cells, _CONTROL)).as_py()
    return None if rest else cells
