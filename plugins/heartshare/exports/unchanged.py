"""Which sources delivered without bringing anything new, and when?

A file whose bytes have landed before lands no second time, and a platform may answer
that there is nothing new. Both are arrivals: a quiet week is no missing export. Each is
a line in a book beside the source's landed files, so that a warehouse that is loaded
anew knows of them too.
"""

from __future__ import annotations

import json
import os
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path
    from typing import BinaryIO

#: Lies in the landing folder of a source; one JSON object per line.
UNCHANGED_NAME = "unchanged.jsonl"
#: How a line about a platform's answer as a whole begins, and how far its hour goes.
_WHOLE = b'{"file": null, "seen_at": "'
_HOUR_BYTES = len("2026-01-01T00")
_TAIL_BYTES = 256


@dataclass
class _Read:
    """What has been read of a book, so that a note reads what came since and no more.

    ``marks`` are its lines and, of answers as a whole, their hours; ``rest`` is what
    stands behind the last end of a line, ``tail`` the last bytes before ``size``.
    """

    size: int = 0
    tail: bytes = b""
    rest: bytes = b""
    marks: set[bytes] = field(default_factory=set)


#: The book that this process wrote last, by device and inode: a pull writes one.
_READ: dict[tuple[int, int], _Read] = {}


def note_unchanged(folder: Path, landed_name: str | None, moment: datetime) -> None:
    """Write down that a source delivered nothing new at a moment, once per moment.

    ``folder`` is the source's landing folder, ``landed_name`` the name in it of the
    copy whose bytes came again; None where a platform answered as a whole. Only the
    first such answer of an hour is kept: of a day, one from before a week closed would
    hide the one after, for a week may close at any hour (UTC). The line is on the disk
    on return; one that a loss of power cut off is no line.
    """
    seen_at = moment.astimezone(UTC).isoformat().replace("+00:00", "Z")
    line = json.dumps({"file": landed_name, "seen_at": seen_at}).encode()
    folder.mkdir(parents=True, exist_ok=True)
    mark = line if landed_name is not None else _hour(line)
    with (folder / UNCHANGED_NAME).open("a+b") as book:
        known = _known(book)
        if mark in known.marks:
            return
        book.write((b"\n" if known.rest else b"") + line + b"\n")
        book.flush()
        os.fsync(book.fileno())


def _known(book: BinaryIO) -> _Read:
    """Return what a book says, of which only what is new is read."""
    status = os.fstat(book.fileno())
    key = status.st_dev, status.st_ino
    read = _READ.get(key)
    if read is None or not _goes_on(book, read):
        _READ.clear()
        read = _READ[key] = _Read()
    book.seek(read.size)
    data = book.read()
    *lines, read.rest = (read.rest + data).split(b"\n")
    read.size += len(data)
    read.tail = (read.tail + data)[-_TAIL_BYTES:]
    read.marks.update(lines)
    read.marks.update(_hour(line) for line in lines if line.startswith(_WHOLE))
    return read


def _goes_on(book: BinaryIO, read: _Read) -> bool:
    """Return whether a book is still the one that was read, with or without more."""
    book.seek(read.size - len(read.tail))
    return book.read(len(read.tail)) == read.tail


def _hour(line: bytes) -> bytes:
    return line[: len(_WHOLE) + _HOUR_BYTES]


def unchanged_arrivals(
    landing_dir: Path,
) -> Iterator[tuple[str, str | None, datetime]]:
    """Yield source, landed name (None for an answer as a whole) and instant in UTC.

    The instant is without a zone, as the warehouse keeps it. A line that was cut off
    is left out.
    """
    for book in sorted(landing_dir.glob(f"*/{UNCHANGED_NAME}")):
        for line in _whole(book.read_bytes().split(b"\n")):
            moment = datetime.fromisoformat(line["seen_at"]).astimezone(UTC)
            yield book.parent.name, line["file"], moment.replace(tzinfo=None)


def _whole(lines: Iterable[bytes]) -> Iterator[dict[str, str]]:
    """Yield what was written to its end."""
    for line in lines:
        try:
            yield json.loads(line)
        except ValueError:
            continue
