"""How a JSON text is cut into stretches of whole records, without parsing it twice.

A cut is guessed from the way in which the first two records meet, then proven: only at
the end of a record can a stretch be the valid members of an array.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, TypeAlias, cast

import msgspec
import numpy as np

from heartshare.exports.cell_blocks import BLOCK_BYTES

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from heartshare.exports.cell_blocks import Utf8

MAX_RECORD_BYTES = 64 * 1024**2
_WINDOW_BYTES = 64 * 1024
_GUESSES = 4
#: After guesses that failed so many records are read one by one, then more.
_FEW, _MANY = 500, 100_000
#: Python gives up on longer numbers, which other readers take.
_LONG_DIGITS = 4000
_LONG_NUMBER = re.compile(rb"[0-9]{%d}" % _LONG_DIGITS)
_SPACES = re.compile(rb"[ \t\r\n]*")
_FIRST_KEY = re.compile(rb'\{\s*"(?:[^"\\]|\\.)*"\s*:', re.DOTALL)
_MEMBERS = msgspec.json.Decoder(list[msgspec.Raw])
_LINES = msgspec.json.Decoder(msgspec.Raw)
_SCAN = cast("Any", json.JSONDecoder()).scan_once

Sizes: TypeAlias = "np.ndarray[tuple[int], np.dtype[np.int64]]"
Texts: TypeAlias = "Sequence[bytes | msgspec.Raw]"


class MalformedError(Exception):
    """A text is no JSON, or a value in it longer than any record."""


@dataclass
class RecordBlock:
    """The records of one stretch, with their numbers.

    ``is_plain`` says that every reader takes each of them for the same valid JSON and
    that their numbers follow one another.
    """

    numbers: Sequence[int]
    texts: Texts
    is_plain: bool

    def __len__(self) -> int:
        """Return the number of records."""
        return len(self.texts)

    @cached_property
    def sizes(self) -> Sizes:
        """The number of bytes of each record."""
        return np.fromiter(map(len, self.texts), np.int64, len(self.texts))

    @cached_property
    def joined(self) -> bytes:
        """All records, one behind the other."""
        return b"".join(self.texts)

    @property
    def has_long_number(self) -> bool:
        """Whether a record may hold a number that Python gives up on."""
        long = np.flatnonzero(self.sizes >= _LONG_DIGITS)
        return any(_LONG_NUMBER.search(self.texts[int(at)]) for at in long)


class Buffer:
    """What has been read of a text and not been used yet."""

    def __init__(self, text: Utf8) -> None:
        self.data = b""
        self.at = 0
        self.is_last = False
        self._text = text

    def fill(self) -> bool:
        """Read on; False at the end.

        Raises:
            MalformedError: what is unused is longer than any record.
        """
        if self.is_last:
            return False
        if len(self.data) - self.at > MAX_RECORD_BYTES:
            raise MalformedError
        more = self._text.read()
        self.data = self.data[self.at :] + more
        self.at = 0
        self.is_last = not more
        return not self.is_last

    def fill_block(self) -> None:
        """Read on until there is a whole block, or the end."""
        while len(self.data) - self.at < BLOCK_BYTES and self.fill():
            pass

    def peek(self) -> bytes:
        """Go to the next character that is no space and return it; none at the end."""
        while True:
            found = _SPACES.match(self.data, self.at)
            self.at = found.end() if found else self.at
            if self.at < len(self.data):
                return self.data[self.at : self.at + 1]
            if not self.fill():
                return b""

    def take(self, mark: bytes) -> None:
        """Go behind the next character.

        Raises:
            MalformedError: it is not the one that is expected.
        """
        if self.peek() != mark:
            raise MalformedError
        self.at += 1

    def value(self) -> bytes:
        """Go behind the next value and return its text.

        Raises:
            MalformedError: there is none.
        """
        self.peek()
        window = _WINDOW_BYTES
        while True:
            # The window may end within a character.
            text = self.data[self.at : self.at + window].decode("utf-8", "ignore")
            is_all = self.is_last and window >= len(self.data) - self.at
            try:
                _, end = _SCAN(text, 0)
            except (StopIteration, ValueError, RecursionError) as error:
                end = 0
                if is_all:
                    raise MalformedError from error
            # A number at the end of the window may go on.
            if end and (end < len(text) or is_all):
                value = text[:end].encode()
                self.at += len(value)
                return value
            window *= 4
            if window > len(self.data) - self.at:
                self.fill()


def lines(buffer: Buffer) -> Iterator[RecordBlock]:
    """Yield what a text of one record a line holds; the number of each is its line.

    Raises:
        MalformedError: a line is longer than any record.
    """
    number = 1
    while True:
        buffer.fill_block()
        end = len(buffer.data)
        if not buffer.is_last:
            end = buffer.data.rfind(b"\n", buffer.at) + 1
        chunk = buffer.data[buffer.at : end]
        buffer.at = max(end, buffer.at)
        if chunk:
            count = chunk.count(b"\n") + (not chunk.endswith(b"\n"))
            block = _line_block(chunk, number, count)
            if len(block):
                yield block
            number += count
        elif buffer.is_last:
            return
        else:
            buffer.fill()


def _line_block(chunk: bytes, number: int, count: int) -> RecordBlock:
    try:
        values = _LINES.decode_lines(chunk)
    except (msgspec.DecodeError, RecursionError):
        values = []
    block = RecordBlock(range(number, number + len(values)), values, is_plain=True)
    # As many values as lines, and none on two lines: one on each.
    if len(values) == count and b"\n" not in block.joined and not block.has_long_number:
        return block
    numbered = [
        (at, line)
        for at, line in enumerate(chunk.split(b"\n"), start=number)
        if line.decode().strip()
    ]
    numbers = [at for at, _ in numbered]
    return RecordBlock(numbers, [line for _, line in numbered], is_plain=False)


def members(buffer: Buffer) -> Iterator[RecordBlock]:
    """Yield the members of an array whose opening bracket was just taken.

    Raises:
        MalformedError: the text is no JSON, or a member longer than any record.
    """
    number = 1
    joint = b""
    few = _FEW
    while buffer.peek() not in {b"]", b""}:
        buffer.fill_block()
        texts = _proven(buffer, joint) if joint else None
        is_plain = texts is not None
        if texts is None:
            texts = [buffer.value()]
            joint = joint or _joint(buffer, texts[0])
            few = min(2 * few, _MANY) if number > 1 else few
            size = len(texts[0])
            while len(texts) < few and size < BLOCK_BYTES and number > 1:
                if not _next_member(buffer):
                    break
                texts.append(buffer.value())
                size += len(texts[-1])
        block = RecordBlock(
            range(number, number + len(texts)), texts, is_plain=is_plain
        )
        block.is_plain = is_plain and not block.has_long_number
        yield block
        number += len(texts)
        if not _next_member(buffer):
            break
    buffer.take(b"]")


def _next_member(buffer: Buffer) -> bool:
    """Go to the next member of an array; False where it ends."""
    if buffer.peek() == b"]":
        return False
    buffer.take(b",")
    if buffer.peek() == b"]":
        raise MalformedError
    return True


def _joint(buffer: Buffer, first: bytes) -> bytes:
    """Return how a record ends and the next one begins, as the first two show it."""
    found = re.compile(rb"[ \t\r\n]*,[ \t\r\n]*").match(buffer.data, buffer.at)
    key = _FIRST_KEY.match(buffer.data, found.end()) if found else None
    return first[-1:] + found[0] + key[0] if found and key else b""


def _proven(buffer: Buffer, joint: bytes) -> Texts | None:
    """Return the members up to a proven cut, and go there."""
    end = len(buffer.data)
    if buffer.is_last:
        rest = buffer.data[buffer.at :].rstrip()
        if rest.endswith(b"]") and (texts := _members_of(rest[:-1])):
            buffer.at += len(rest) - 1
            return texts
    for _ in range(_GUESSES):
        end = buffer.data.rfind(joint, buffer.at, end)
        if end < 0:
            return None
        texts = _members_of(buffer.data[buffer.at : end + 1])
        if texts:
            buffer.at = end + 1
            return texts
    return None


def _members_of(text: bytes) -> Texts | None:
    try:
        texts = _MEMBERS.decode(b"[" + text + b"]")
    except (msgspec.DecodeError, RecursionError):
        return None
    return texts
