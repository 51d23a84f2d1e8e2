"""How a block of JSON records becomes columns of text, by the database's own parser.

What two parsers could write differently, such as numbers with an exponent, and what
takes more than a path, such as HTML, is read again record by record.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from heartshare.exports.conversion import literal
from heartshare.exports.escaping import MARKS
from heartshare.exports.record_paths import steps_of
from heartshare.exports.text_rows import extra_text

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from typing import Self

    from heartshare.exports.contract_types import Column, ContractTable, RecordPath
    from heartshare.exports.json_blocks import RecordBlock
    from heartshare.exports.json_stream import JsonStream
    from heartshare.exports.record_cuts import Octets, Positions
    from heartshare.exports.record_paths import Json
    from heartshare.exports.text_rows import TextRows
    from heartshare.warehouse.connections import Connection

    ValueOf: TypeAlias = Callable[
        [Column, dict[str, Json], Mapping[str, Json]], str | None
    ]

#: Keys that a path of the database names like any other.
_PLAIN_KEY = re.compile(r"[^\"\\\[\]*?\x00-\x1f]+")
#: Numbers that two parsers may write differently.
_DOUBTFUL = (
    r"^(?i:-?[0-9]+(\.[0-9]+)?e[-+]?[0-9]+|-?[0-9]{15,}\.[0-9]+|-?0\.0000[0-9]*)$"
)
_NULL = pa.nulls(1, pa.string())[0]
_RECORDS = "landing_records"
_LAST_ASCII = 127
#: The database works on so many parts of a block at once.
_SLICES = 8


class RecordColumns:
    """Reads the blocks of one table; ``value_of`` reads a single value of a record."""

    def __init__(
        self,
        connection: Connection,
        table: ContractTable,
        records: RecordPath,
        sources: Mapping[str, Json],
        value_of: ValueOf,
    ) -> None:
        self._connection = connection
        self._table = table
        self._below = {steps_of(path)[0].name for path in records.below}
        self._sources = sources
        self._value_of = value_of
        own = [column for column in table.columns if column.scope not in sources]
        self._constant = [c for c in table.columns if c.scope in sources]
        self._simple = [column for column in own if _is_simple(column)]
        self._others = [column for column in own if not _is_simple(column)]

    def append(
        self,
        block: RecordBlock,
        stream: JsonStream,
        rows: TextRows,
        numbers: Sequence[int],
    ) -> frozenset[str] | None:
        """Add a block's records under these numbers and return all their keys.

        None, and nothing is added, where the records must be read one by one.
        """
        texts = _texts(block) if block.is_plain else None
        if texts is None:
            return None
        step = -(-len(texts) // _SLICES)
        slices = [texts.slice(at, step) for at in range(0, len(texts), step)]
        self._connection.register(_RECORDS, pa.table({"j": pa.chunked_array(slices)}))
        keys = self._keys()
        if keys is None or keys & self._below:
            return None
        columns = self._simple_columns(block, stream)
        columns |= self._other_columns(stream, keys)
        for column in self._constant:
            value = self._value_of(column, {}, self._sources)
            columns[column.name] = pa.repeat(pa.scalar(value, pa.string()), len(texts))
        extra = self._extra(stream, keys, len(texts))
        rows.append_columns(pa.array(numbers, pa.int64()), columns, extra)
        return keys

    def _keys(self) -> frozenset[str] | None:
        """Return the keys of all records; None where an object has a key twice."""
        lists = self._key_lists("$")
        inner = {
            _path(path.split(".")[:depth])
            for column in self._simple
            for path in column.headers
            for depth in range(1, path.count(".") + 1)
        }
        if any(
            map(_repeats, [*lists, *(k for at in inner for k in self._key_lists(at))])
        ):
            return None
        found = frozenset(key for keys in lists for key in keys)
        return found if all(map(_PLAIN_KEY.fullmatch, found)) else None

    def _key_lists(self, path: str) -> list[list[str]]:
        found = self._connection.execute(
            "select any_value(keys) from "
            f"(select json_keys(j, {literal(path)}) as keys from {_RECORDS}) "
            "group by hash(keys)"
        ).fetchall()
        return [keys for (keys,) in found if keys]

    def _simple_columns(
        self, block: RecordBlock, stream: JsonStream
    ) -> dict[str, pa.Array]:
        aliases = [(path, c) for c in self._simple for path in c.headers]
        found = self._texts_at([path for path, _ in aliases])
        columns: dict[str, pa.Array] = {}
        doubtful: set[int] = set()
        for (_, column), cells in zip(aliases, found, strict=True):
            edges = _Edges.of(cells)
            doubtful |= _doubtful(cells, column, edges)
            cleaned = _cleaned(cells, edges)
            earlier = columns.get(column.name)
            columns[column.name] = (
                cleaned if earlier is None else pc.coalesce(earlier, cleaned)
            )
        if doubtful:
            records = {row: stream.parse(bytes(block.texts[row])) for row in doubtful}
            for column in self._simple:
                values = columns[column.name].to_pylist()
                for row, record in records.items():
                    values[row] = self._value(column, record)
                columns[column.name] = pa.array(values, pa.string())
        return columns

    def _texts_at(self, paths: Sequence[str]) -> list[pa.Array]:
        """Return what stands at each plain path of all records."""
        if not paths:
            return []
        wanted = _literals([_path(path.split(".")) for path in paths])
        cells = ", ".join(f"v[{i}] as c{i}" for i in range(1, len(paths) + 1))
        table = self._connection.sql(
            f"select {cells} from "
            f"(select json_extract_string(j, {wanted}) as v from {_RECORDS})"
        ).to_arrow_table()
        return [column.combine_chunks() for column in table.columns]

    def _other_columns(
        self, stream: JsonStream, keys: frozenset[str]
    ) -> dict[str, pa.Array]:
        if not self._others:
            return {}
        needed = {key for column in self._others for key in first_keys(column)}
        proofs = [c.escape_proof for c in self._others if c.escape_proof]
        needed |= {_first_key(proof.path) for proof in proofs}
        records = self._parts(stream, sorted(needed & keys))
        return {
            column.name: pa.array(
                [self._value(column, record) for record in records], pa.string()
            )
            for column in self._others
        }

    def _extra(self, stream: JsonStream, keys: frozenset[str], count: int) -> pa.Array:
        unknown = keys - known_keys(self._table) - self._table.ignored
        if not (unknown and self._table.keeps_unknown):
            return pa.nulls(count, pa.string())
        parts = self._parts(stream, sorted(unknown))
        return pa.array([extra_text(part) for part in parts], pa.string())

    def _parts(self, stream: JsonStream, keys: Sequence[str]) -> list[dict[str, Json]]:
        """Return each record with only those of its keys."""
        if not keys:
            ((count,),) = self._connection.execute(
                f"select count(*) from {_RECORDS}"
            ).fetchall()
            return [{} for _ in range(count)]
        found = self._connection.execute(
            f"select json_extract(j, {_literals([_path([key]) for key in keys])}) "
            f"from {_RECORDS}"
        ).fetchall()
        return [
            {
                key: _parsed(text, stream)
                for key, text in zip(keys, texts, strict=True)
                if text is not None
            }
            for (texts,) in found
        ]

    def _value(self, column: Column, record: Json) -> str | None:
        fields = record if isinstance(record, dict) else {}
        return self._value_of(column, fields, self._sources)


def first_keys(column: Column) -> set[str]:
    """Return the keys of a record with which a column's paths begin."""
    return {_first_key(path) for path in column.headers}


def known_keys(table: ContractTable) -> set[str]:
    """Return the keys of a record that a table's columns read."""
    return {key for column in table.columns for key in first_keys(column)}


def _first_key(path: str) -> str:
    return path.partition(".")[0].partition("[")[0]


def _is_simple(column: Column) -> bool:
    """Return whether a column takes the first filled text of plain paths."""
    steps = [step for path in column.headers for step in path.split(".")]
    return (
        bool(steps)
        and all(map(_PLAIN_KEY.fullmatch, steps))
        and column.type_code not in {"html", "mrkdwn"}
        and column.otherwise is None
    )


def _texts(block: RecordBlock) -> pa.Array | None:
    """Return the texts of a block; None where one is no object."""
    joined = block.joined
    offsets = np.zeros(len(block) + 1, np.int32)
    np.cumsum(block.sizes, out=offsets[1:])
    starts = np.frombuffer(joined, np.uint8)[offsets[:-1]]
    if (starts != ord("{")).any():
        return None
    buffers = (pa.py_buffer(offsets), pa.py_buffer(joined))
    return pa.StringArray.from_buffers(len(block.texts), *buffers)


def _parsed(text: str, stream: JsonStream) -> Json:
    if text[0] == '"' and "\\" not in text:
        return text[1:-1]
    return stream.parse(text.encode())


def _repeats(keys: Sequence[str]) -> bool:
    return len(set(keys)) < len(keys)


@dataclass(frozen=True)
class _Edges:
    """The rows with a text, and the first and last byte of each."""

    rows: Positions
    first: Octets
    last: Octets

    @classmethod
    def of(cls, cells: pa.Array) -> Self:
        offsets = np.frombuffer(cells.buffers()[1], np.int32)
        offsets = offsets[cells.offset : cells.offset + len(cells) + 1]
        data = np.frombuffer(cells.buffers()[2] or b"", np.uint8)
        rows = np.flatnonzero(offsets[1:] > offsets[:-1])
        return cls(rows, data[offsets[rows]], data[offsets[rows + 1] - 1])

    @property
    def may_be_blank(self) -> bool:
        """Whether a text may begin or end with a blank, of which ASCII has some."""
        both = (self.first, self.last)
        return any(((edge <= ord(" ")) | (edge > _LAST_ASCII)).any() for edge in both)


def _doubtful(cells: pa.Array, column: Column, edges: _Edges) -> set[int]:
    """Return the rows in which a value must be read with its record."""
    rows, first = edges.rows, edges.first
    numbers = rows[(first == ord("-")) | ((first >= ord("0")) & (first <= ord("9")))]
    found = _matching(cells, numbers, _DOUBTFUL)
    for row in rows[(first == ord("[")) | (first == ord("{"))]:
        if _is_json(cells[row].as_py()):
            found.add(int(row))
    if column.escape_proof:
        found |= _matching(cells, rows, "|".join(MARKS))
    return found


def _matching(cells: pa.Array, rows: Positions, pattern: str) -> set[int]:
    if not len(rows):
        return set()
    hits = pc.match_substring_regex(cells.take(pa.array(rows)), pattern)
    return {int(row) for row in rows[hits.to_numpy(zero_copy_only=False)]}


def _is_json(text: str) -> bool:
    try:
        json.loads(text)
    except (ValueError, RecursionError):
        return False
    return True


def _cleaned(cells: pa.Array, edges: _Edges) -> pa.Array:
    if edges.may_be_blank:
        cells = pc.utf8_trim_whitespace(cells)
    elif len(edges.rows) + cells.null_count == len(cells):
        return cells
    return pc.if_else(pc.equal(pc.binary_length(cells), 0), _NULL, cells)


def _path(keys: Sequence[str]) -> str:
    return "$" + "".join(f'."{key}"' for key in keys)


def _literals(paths: Sequence[str]) -> str:
    return "[" + ", ".join(literal(path) for path in paths) + "]"
