"""How a delimited text is read in stretches: whole columns where that is exact.

Nearly every export is regular text, which a columnar reader splits many times faster
than one that yields rows. Any stretch in which the two could differ goes to the rows.
"""

from __future__ import annotations

import codecs
import csv
import io
from dataclasses import dataclass
from typing import TYPE_CHECKING, BinaryIO, TextIO, TypeAlias, cast

import pyarrow as pa
import pyarrow.csv as columnar

from heartshare.exports.errors import UnreadableFileError
from heartshare.exports.record_cuts import cut_records, first_record_end
from heartshare.exports.text_rows import MAX_CELL_BYTES

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from heartshare.exports.parts import Row, TextPart

BLOCK_BYTES = 8 * 1024**2
#: No row that could be stored is longer: two cells of the greatest size.
MAX_RECORD_BYTES = 2 * MAX_CELL_BYTES
_ARROW_BYTES = 1024**2
_EXPORT_AGAIN = "Download the export again."


@dataclass(frozen=True)
class CellBlock:
    """A stretch of rows as columns of cells; ``number`` is that of the first row."""

    number: int
    cells: pa.Table

    def rows(self) -> Iterator[Row]:
        """Yield the rows one by one."""
        columns = [column.to_pylist() for column in self.cells.columns]
        for number, cells in enumerate(zip(*columns, strict=True), self.number):
            yield number, list(cells)


@dataclass(frozen=True)
class OversizedRow:
    """A row that is too long to be read; the rows behind it are not."""

    number: int


Piece: TypeAlias = "CellBlock | OversizedRow | Iterator[Row]"


def read_pieces(
    part: TextPart, delimiter: str, encoding: str, first_row: int, width: int
) -> Iterator[Piece]:
    """Yield a text from its ``first_row``-th filled row on, in pieces and in order.

    Together the pieces hold the rows that ``TextPart.rows`` yields, with their numbers.

    Raises:
        UnreadableFileError: as ``TextPart.rows`` does.
    """
    with part.open_bytes() as stream:
        text = Utf8(stream, encoding)
        yield from _Pieces(part, text, delimiter, width).pieces(first_row)


class Utf8:
    """The bytes of a valid text in UTF-8, whatever its own encoding is."""

    def __init__(self, stream: BinaryIO, encoding: str) -> None:
        self._stream = stream
        self._decoder = codecs.getincrementaldecoder(encoding)()
        self._is_utf8 = encoding in {"utf-8", "utf-8-sig"}
        self._is_start = True

    def read(self) -> bytes:
        """Return the next bytes; none at the end."""
        while True:
            data = self._stream.read(BLOCK_BYTES)
            start, self._is_start = self._is_start, False
            if self._is_utf8:
                return data.removeprefix(codecs.BOM_UTF8) if start else data
            text = self._decoder.decode(data, final=not data)
            if text or not data:
                return text.encode()


class _Pieces:
    def __init__(self, part: TextPart, text: Utf8, delimiter: str, width: int) -> None:
        self._part = part
        self._text = text
        self._delimiter = delimiter
        self._width = width
        self._buffer = b""
        self._is_last = False
        self._number = 0

    def pieces(self, first_row: int) -> Iterator[Piece]:
        self._fill()
        if not self._skip(first_row):
            yield self._rest(first_row)
            return
        while self._buffer or not self._is_last:
            cut = cut_records(self._buffer, self._delimiter, is_last=self._is_last)
            if not cut.is_sound:
                yield self._rest()
                return
            if cut.end:
                block, self._buffer = self._buffer[: cut.end], self._buffer[cut.end :]
                yield self._piece(block, cut.count, is_regular=cut.is_regular)
            elif len(self._buffer) > MAX_RECORD_BYTES:
                self._number += 1
                self._skip_record()
                yield OversizedRow(self._number)
            self._fill()

    def _fill(self) -> None:
        data = self._text.read()
        self._is_last = not data
        self._buffer += data

    def _skip(self, first_row: int) -> bool:
        """Leave out the rows above the table; False where that takes a reader."""
        used = 0
        lines = self._buffer.splitlines(keepends=True)

        def texts() -> Iterator[str]:
            nonlocal used
            # The last line may go on in what has not been read yet.
            for line in lines if self._is_last else lines[:-1]:
                used += len(line)
                yield line.decode()

        reader = csv.reader(texts(), delimiter=self._delimiter, strict=True)
        number = found = 0
        try:
            while found < first_row:
                number += 1
                found += bool(next(reader))
        except (StopIteration, csv.Error):
            return False
        self._number, self._buffer = number, self._buffer[used:]
        return True

    def _piece(self, block: bytes, count: int, *, is_regular: bool) -> Piece:
        first = self._number + 1
        if is_regular:
            cells = self._columns(block)
            if cells is not None and cells.num_rows == count:
                self._number += count
                return CellBlock(first, cells)
        return self._rows(io.BytesIO(block))

    def _columns(self, block: bytes) -> pa.Table | None:
        names = [str(position) for position in range(self._width)]
        try:
            return columnar.read_csv(
                pa.py_buffer(block),
                columnar.ReadOptions(column_names=names, block_size=_ARROW_BYTES),
                columnar.ParseOptions(
                    delimiter=self._delimiter,
                    newlines_in_values=b'"' in block,
                    ignore_empty_lines=False,
                ),
                columnar.ConvertOptions(
                    check_utf8=False,
                    column_types=dict.fromkeys(names, pa.string()),
                    strings_can_be_null=False,
                ),
            )
        except pa.ArrowInvalid:
            return None

    def _rest(self, first_row: int = 0) -> Iterator[Row]:
        """Yield all rows from here on, one by one."""
        rest = _Rest(self._buffer, self._text.read)
        for index, row in enumerate(
            self._rows(cast("BinaryIO", io.BufferedReader(rest, BLOCK_BYTES)))
        ):
            if index >= first_row:
                yield row

    def _rows(self, stream: BinaryIO) -> Iterator[Row]:
        text = io.TextIOWrapper(stream, "utf-8", newline="")
        reader = csv.reader(self._lines(text), delimiter=self._delimiter, strict=True)
        try:
            for cells in reader:
                self._number += 1
                if cells:
                    yield self._number, cells
        except csv.Error as error:
            raise self._part.broken(self._number + 1, error) from error

    def _lines(self, text: TextIO) -> Iterator[str]:
        while line := text.readline(MAX_RECORD_BYTES):
            if len(line) == MAX_RECORD_BYTES and line[-1] not in "\r\n":
                raise self._endless()
            yield line

    def _skip_record(self) -> None:
        """Read on to the end of the record with which the buffer begins."""
        text = self._buffer
        while True:
            end = first_record_end(text, self._delimiter)
            if end is None:
                raise self._endless()
            if end or self._is_last:
                self._buffer = text[end:] if end else b""
                break
            # Quotes at the end may belong to those that follow.
            known = text.rstrip(b'"')
            is_open = known.count(b'"') % 2
            state = b'"' if is_open else known[-1:]
            held = text[len(known) :]
            self._buffer = b""
            self._fill()
            text = state + held + self._buffer
        if self._is_last and not end and text.count(b'"') % 2:
            raise self._part.broken(self._number, csv.Error("unexpected end of data"))

    def _endless(self) -> UnreadableFileError:
        problem = (
            f"row {self._number + 1} or one behind it is longer than "
            f"{MAX_RECORD_BYTES:,} bytes, and its quotes do not show where it ends"
        )
        return UnreadableFileError(self._part.label, problem, _EXPORT_AGAIN)


class _Rest(io.RawIOBase):
    """What has been read ahead, then what follows."""

    def __init__(self, start: bytes, read: Callable[[], bytes]) -> None:
        self._start = start
        self._read = read

    def readable(self) -> bool:
        return True

    def readinto(self, target: memoryview) -> int:  # type: ignore[override]
        if not self._start:
            self._start = self._read()
        count = min(len(target), len(self._start))
        target[:count] = self._start[:count]
        self._start = self._start[count:]
        return count
