"""What a tabular export is made of: parts that yield numbered rows of text cells."""

from __future__ import annotations

import codecs
import csv
import io
from dataclasses import dataclass
from typing import TYPE_CHECKING, BinaryIO

from heartshare.exports.errors import UnreadableFileError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

#: A record as a spreadsheet program counts it, from 1, and its cells.
Row = tuple[int, list[str]]

DELIMITERS = (",", ";", "\t")
_CHUNK_BYTES = 1 << 20
#: Enough for a byte order mark, or to see that every other byte is a NUL.
HEAD_BYTES = 4
# The default of 128 KiB would refuse long posts; a file is bounded elsewhere.
csv.field_size_limit(64 * 1024 * 1024)


@dataclass(frozen=True)
class DecodeProblem:
    """Where text stops being valid in its apparent encoding."""

    line: int
    encoding: str


class Part:
    """One table of a file: a csv, a member of a zip, a sheet, or a block."""

    #: Delimiters that may separate the cells; one blank entry for sheets.
    delimiters: tuple[str, ...] = ("",)
    encoding: str | None = None
    decode_problem: DecodeProblem | None = None

    def __init__(self, name: str, preamble: dict[str, str] | None = None) -> None:
        self.name = name
        #: What messages call the part.
        self.label = name
        self.preamble = preamble or {}

    def rows(self, delimiter: str, encoding: str | None = None) -> Iterator[Row]:
        """Yield the rows in file order; blank lines count but are not yielded."""
        raise NotImplementedError

    @property
    def is_block(self) -> bool:
        """Whether the part was cut from a file of several commented tables."""
        return bool(self.preamble)


class RowsPart(Part):
    """A part whose rows are already cells: a sheet or a block."""

    def __init__(
        self,
        name: str,
        make_rows: Callable[[], Iterator[Row]],
        preamble: dict[str, str] | None = None,
    ) -> None:
        super().__init__(name, preamble)
        self._make_rows = make_rows

    def rows(self, delimiter: str, encoding: str | None = None) -> Iterator[Row]:
        """Yield the rows; delimiter and encoding mean nothing here."""
        del delimiter, encoding
        yield from self._make_rows()


class TextPart(Part):
    """Delimited text, decoded strictly and read as a stream."""

    delimiters = DELIMITERS

    def __init__(
        self, name: str, open_bytes: Callable[[], BinaryIO], label: str | None = None
    ) -> None:
        super().__init__(name)
        self.label = label or name
        self.open_bytes = open_bytes
        with open_bytes() as stream:
            self.encoding = apparent_encoding(stream.read(HEAD_BYTES))
        self.decode_problem = self._first_problem(self.encoding)

    def rows(self, delimiter: str, encoding: str | None = None) -> Iterator[Row]:
        """Yield the records of the text.

        Raises:
            UnreadableFileError: the text ends inside a quoted cell.
        """
        with self.lines(encoding) as text:
            reader = csv.reader(text, delimiter=delimiter, strict=True)
            number = 0
            try:
                for cells in reader:
                    number += 1
                    if cells:
                        yield number, cells
            except csv.Error as error:
                raise self.broken(number + 1, error) from error

    def lines(self, encoding: str | None = None) -> io.TextIOWrapper:
        """Open the text; without an encoding, undecodable bytes become U+FFFD."""
        return io.TextIOWrapper(
            self.open_bytes(),
            encoding=encoding or self.encoding,
            errors="strict" if encoding else "replace",
            newline="",
        )

    def decodes_as(self, encoding: str) -> bool:
        """Return whether the whole text is valid in an encoding."""
        return self._first_problem(encoding) is None

    def _first_problem(self, encoding: str) -> DecodeProblem | None:
        if self._is_valid(encoding):
            return None
        # Lines are counted only where one is to be named: large files come often.
        decoder = codecs.getincrementaldecoder(encoding)()
        line = 1
        with self.open_bytes() as stream:
            while True:
                chunk = stream.read(_CHUNK_BYTES)
                try:
                    line += decoder.decode(chunk, final=not chunk).count("\n")
                except UnicodeDecodeError as error:
                    line += error.object[: error.start].count(b"\n")
                    return DecodeProblem(line, encoding)
                if not chunk:
                    return None

    def _is_valid(self, encoding: str) -> bool:
        decoder = codecs.getincrementaldecoder(encoding)()
        with self.open_bytes() as stream:
            try:
                while chunk := stream.read(_CHUNK_BYTES):
                    decoder.decode(chunk)
                decoder.decode(b"", final=True)
            except UnicodeDecodeError:
                return False
        return True

    def broken(self, number: int, error: csv.Error) -> UnreadableFileError:
        """Return the error that says which row of the text is no row."""
        problem = f"row {number} is broken ({error})"
        if "unexpected end" in str(error):
            problem = (
                f"it ends inside a quoted cell that begins in row {number}: it was cut "
                "off while it was written"
            )
        return UnreadableFileError(self.label, problem, "Download the export again.")


def apparent_encoding(head: bytes) -> str:
    """Return the encoding that the first bytes of a text tell: UTF-8 unless wide."""
    if head.startswith(codecs.BOM_UTF8):
        return "utf-8-sig"
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    if len(head) == HEAD_BYTES and not any(head[1::2]) and all(head[::2]):
        return "utf-16-le"
    if len(head) == HEAD_BYTES and not any(head[::2]) and all(head[1::2]):
        return "utf-16-be"
    return "utf-8"
