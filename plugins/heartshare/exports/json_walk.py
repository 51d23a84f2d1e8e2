"""What a walk through a large JSON document meets: its skeleton, arrays in blocks."""

from __future__ import annotations

import json
from collections import Counter
from typing import TYPE_CHECKING, TypeAlias

from heartshare.exports.json_blocks import MalformedError, RecordBlock, members
from heartshare.exports.json_records import merged_pairs

if TYPE_CHECKING:
    from collections.abc import Callable, Generator

    from heartshare.exports.json_blocks import Buffer
    from heartshare.exports.record_paths import Json

#: An array keeps so many members in the skeleton.
KEPT_MEMBERS = 100
#: Deeper objects are no place for many records; they are kept whole.
_DEPTH = 8

#: The keys that lead to an array; none lead to the outermost.
ArrayPath: TypeAlias = tuple[str, ...]
#: Where an array stands, how often one stood there before, and a block of it.
Found: TypeAlias = tuple[ArrayPath, int, RecordBlock]
_Steps: TypeAlias = "Generator[Found, None, Json]"


class Walk:
    """One way through a document, from its first to its last character."""

    def __init__(self, buffer: Buffer, parse: Callable[[bytes], Json]) -> None:
        self.root: Json = None
        self.duplicate_keys: set[str] = set()
        #: Members of each array, by path and occurrence.
        self.counts: dict[tuple[ArrayPath, int], int] = {}
        self._buffer = buffer
        self._parse = parse
        self._seen: Counter[ArrayPath] = Counter()

    def arrays(self) -> Generator[Found, None, None]:
        """Yield the blocks of all arrays in their order; then ``root`` is known.

        Raises:
            MalformedError: the document is no JSON.
        """
        self.root = yield from self._value(())
        if self._buffer.peek():
            raise MalformedError

    def winners(self) -> dict[ArrayPath, int]:
        """Return which occurrence counts at each path: the last one with members."""
        winners: dict[ArrayPath, int] = {}
        for (path, occurrence), count in self.counts.items():
            if count or path not in winners:
                winners[path] = occurrence
        return {path: at for path, at in winners.items() if self._is_array(path)}

    def _is_array(self, path: ArrayPath) -> bool:
        value = self.root
        for key in path:
            value = value.get(key) if isinstance(value, dict) else None
        return isinstance(value, list)

    def _value(self, path: ArrayPath) -> _Steps:
        mark = self._buffer.peek()
        if mark == b"[":
            return (yield from self._array(path))
        if mark == b"{" and len(path) < _DEPTH:
            return (yield from self._object(path))
        try:
            return self._parse(self._buffer.value())
        except (ValueError, RecursionError) as error:
            raise MalformedError from error

    def _object(self, path: ArrayPath) -> _Steps:
        pairs: list[tuple[str, Json]] = []
        self._buffer.take(b"{")
        while self._buffer.peek() != b"}":
            if pairs:
                self._buffer.take(b",")
            key = json.loads(self._buffer.value())
            if not isinstance(key, str):
                raise MalformedError
            self._buffer.take(b":")
            value = yield from self._value((*path, key))
            pairs.append((key, value))
        self._buffer.take(b"}")
        return merged_pairs(pairs, self.duplicate_keys)

    def _array(self, path: ArrayPath) -> _Steps:
        occurrence = self._seen[path]
        self._seen[path] += 1
        kept: list[Json] = []
        count = 0
        self._buffer.take(b"[")
        for block in members(self._buffer):
            yield path, occurrence, block
            count += len(block.texts)
            for text in block.texts[: KEPT_MEMBERS - len(kept)]:
                kept.append(self._parse(bytes(text)))
        self.counts[path, occurrence] = count
        return kept
