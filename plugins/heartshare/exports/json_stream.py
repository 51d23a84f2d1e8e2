"""Which records a large JSON export holds, without ever holding the whole of it.

Records are lines, or members of arrays that are reached through objects alone. What
else stands in the document is small and kept: its skeleton.
"""

from __future__ import annotations

import itertools
import json
import re
from typing import TYPE_CHECKING, cast

from heartshare.exports.cell_blocks import Utf8
from heartshare.exports.errors import UnreadableFileError
from heartshare.exports.json_blocks import Buffer, MalformedError, lines
from heartshare.exports.json_records import BrokenRecord, JsonDocument, merged_pairs
from heartshare.exports.json_walk import KEPT_MEMBERS, Walk
from heartshare.exports.record_paths import records_at, steps_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from heartshare.exports.contract_types import RecordPath
    from heartshare.exports.json_blocks import RecordBlock
    from heartshare.exports.json_walk import ArrayPath, Found
    from heartshare.exports.parts import TextPart
    from heartshare.exports.record_paths import Json

#: From this length on a document is streamed.
STREAM_FROM_CHARACTERS = 32 * 1024**2
#: Archives for browsers hold scripts: JSON that is assigned to a name.
_ASSIGNMENT = re.compile(rb"\s*window\.[\w.$]+\s*=\s*(?=[\[{])")
_EXPORT_AGAIN = "Download the export again: it may have been cut off."


class JsonStream:
    """A large JSON export; it is read anew for each table.

    ``root`` is the document with the first members of each array only, or the first
    lines.

    Raises:
        UnreadableFileError: it is no JSON.
    """

    def __init__(self, part: TextPart) -> None:
        self.name = part.label
        self.duplicate_keys: set[str] = set()
        self._part = part
        self._decoder = json.JSONDecoder(
            object_pairs_hook=lambda pairs: merged_pairs(pairs, self.duplicate_keys)
        )
        self._winners: dict[ArrayPath, int] = {(): 0}
        self._mentioned: dict[str, bool] = {}
        self.is_lines = self._begins_with_lines()
        self.root = self._read_root()
        self.sample = JsonDocument(self._sample_text(), self.name)

    def records(
        self, path: str, below: tuple[str, ...] = (), leaf: str = ""
    ) -> Iterator[tuple[int, Json]]:
        """Yield the records at a path with their numbers, as ``JsonDocument`` does.

        A record that holds a large array has only its first members.
        """
        keys = _array_keys(path)
        if keys is None or keys not in self._winners:
            if isinstance(self.root, dict):
                found = records_at(self.root, path, below, leaf)
                yield from enumerate(found, start=1)
            return
        if not all(map(self._mentions, _names(path))):
            return
        count = 0
        for block in self._blocks(keys):
            for number, record in self.expand(block, (path, below, leaf), count):
                count += 1
                yield number, record

    def blocks(self, records: RecordPath) -> Iterator[RecordBlock] | None:
        """Return the members of the array in which records stand, in blocks.

        None where other members than the records themselves would be among them.

        Raises:
            UnreadableFileError: when it comes to what is no JSON.
        """
        keys = _array_keys(records.path)
        if keys is None or keys not in self._winners:
            return None
        last = steps_of(records.path)[-1]
        is_whole = last.is_array and not last.key and records.path.count("[") == 1
        is_plain = is_whole and not records.leaf and not records.is_scalar
        return self._blocks(keys) if is_plain else None

    def expand(
        self, block: RecordBlock, where: tuple[str, tuple[str, ...], str], before: int
    ) -> Iterator[tuple[int, Json]]:
        """Yield the records of a block, and those below them, with their numbers.

        ``before`` is how many records came before; a line has its own number.
        """
        keys = _array_keys(where[0]) or ()
        for line, value in self.values(block):
            if isinstance(value, BrokenRecord):
                before += 1
                yield (line if self.is_lines else before), value
                continue
            for record in records_at(_within(keys, value), *where):
                before += 1
                yield (line if self.is_lines else before), record

    def values(self, block: RecordBlock) -> Iterator[tuple[int, Json]]:
        """Yield the records of a block with their numbers."""
        for number, text in zip(block.numbers, block.texts, strict=True):
            try:
                yield number, self.parse(bytes(text))
            except (ValueError, RecursionError):
                yield number, BrokenRecord(bytes(text).decode())

    def parse(self, text: bytes) -> Json:
        """Return the value of a JSON text; of duplicate keys the last filled one."""
        return cast("Json", self._decoder.decode(text.decode()))

    def array_problem(self, path: str) -> str | None:
        """Return what stands where a path's first array should stand, or None."""
        return self.sample.array_problem(path)

    def _mentions(self, name: str) -> bool:
        """Return whether a name stands in the text at all, as a key or as a value."""
        if name not in self._mentioned:
            wanted = json.dumps(name, ensure_ascii=False).encode()
            with self._part.open_bytes() as stream:
                text = Utf8(stream, self._part.encoding or "utf-8")
                self._mentioned[name] = _contains(text, wanted)
        return self._mentioned[name]

    def _blocks(self, keys: ArrayPath) -> Iterator[RecordBlock]:
        for path, occurrence, block in self._found():
            if path == keys and occurrence == self._winners[keys]:
                yield block

    def _found(self, walks: list[Walk] | None = None) -> Iterator[Found]:
        with self._part.open_bytes() as stream:
            buffer = _opened(Utf8(stream, self._part.encoding or "utf-8"))
            number = 0
            try:
                if self.is_lines:
                    for block in lines(buffer):
                        yield (), 0, block
                    return
                walk = Walk(buffer, self.parse)
                for found in walk.arrays():
                    yield found
                    number += len(found[2].texts)
            except MalformedError as error:
                problem = f"it is no valid JSON behind record {number}"
                raise UnreadableFileError(self.name, problem, _EXPORT_AGAIN) from error
        if walks is not None:
            walks.append(walk)

    def _read_root(self) -> Json:
        if self.is_lines:
            return self._first(KEPT_MEMBERS)
        with self._part.open_bytes() as stream:
            mark = _opened(Utf8(stream, self._part.encoding or "utf-8")).peek()
        if mark == b"[":
            return self._first(KEPT_MEMBERS)
        try:
            return self._skeleton()
        except UnreadableFileError:
            # As in a small file, lines may follow a broken one.
            self.is_lines = True
            first = self._first(KEPT_MEMBERS)
            if any(isinstance(value, dict) for value in first):
                return first
            raise

    def _skeleton(self) -> Json:
        walks: list[Walk] = []
        for _ in self._found(walks):
            pass
        (walk,) = walks
        self._winners = walk.winners()
        self.duplicate_keys |= walk.duplicate_keys
        return walk.root

    def _first(self, count: int) -> list[Json]:
        """Return the first members of the outermost array, or the first lines."""
        values = (
            value for block in self._blocks(()) for _, value in self.values(block)
        )
        return list(itertools.islice(values, count))

    def _begins_with_lines(self) -> bool:
        """Return whether the first line is an object and not the whole document."""
        with self._part.open_bytes() as stream:
            buffer = _opened(Utf8(stream, self._part.encoding or "utf-8"))
            if buffer.peek() != b"{":
                return False
            block = next(lines(buffer))
            try:
                is_object = isinstance(self.parse(bytes(block.texts[0])), dict)
            except (ValueError, RecursionError):
                return False
            return is_object and (len(block.texts) > 1 or bool(buffer.peek()))

    def _sample_text(self) -> str:
        if not self.is_lines:
            return json.dumps(self.root)
        return "\n".join(
            each.line if isinstance(each, BrokenRecord) else json.dumps(each)
            for each in cast("list[Json]", self.root)
        )


def _array_keys(path: str) -> ArrayPath | None:
    """Return the keys that lead to a path's first array; None where it has none."""
    keys = []
    for step in steps_of(path):
        keys += [step.name] if step.name else []
        if step.is_array:
            return tuple(keys)
    return None


def _names(path: str) -> list[str]:
    """Return every key that a document must have for a path to lead anywhere."""
    steps = steps_of(path)
    names = [step.name for step in steps] + [step.key for step in steps]
    return [name for name in names if name]


def _contains(text: Utf8, wanted: bytes) -> bool:
    tail = b""
    while data := text.read():
        if wanted in data or wanted in tail + data[: len(wanted)]:
            return True
        tail = (tail + data[-len(wanted) :])[-len(wanted) :]
    return False


def _within(keys: ArrayPath, member: Json) -> Json:
    """Return a document that holds but one member of an array."""
    document: Json = [member]
    for key in reversed(keys):
        document = {key: document}
    return document


def _opened(text: Utf8) -> Buffer:
    buffer = Buffer(text)
    buffer.fill()
    found = _ASSIGNMENT.match(buffer.data)
    buffer.at = found.end() if found else 0
    return buffer
