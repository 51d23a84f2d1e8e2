"""What kind of file an export is: told by its first bytes, never by its name."""

from __future__ import annotations

import zipfile
import zlib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, BinaryIO, cast

from heartshare.exports.archives import open_archive
from heartshare.exports.blocks import is_commented, split_blocks
from heartshare.exports.errors import UnreadableFileError
from heartshare.exports.json_records import JsonDocument
from heartshare.exports.parts import Part, TextPart
from heartshare.exports.spreadsheets import open_xls, open_xlsx

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

MAX_FILE_BYTES = 1024**3
_ZIP = b"PK\x03\x04"
_EMPTY_ZIP = b"PK\x05\x06"
_OLE = b"\xd0\xcf\x11\xe0"
_DAMAGE = (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError)
_WEB_PAGE = ("<!doctype html", "<html")
_WORKBOOK_MEMBER = "[Content_Types].xml"


@dataclass
class Document:
    """An opened export: its format and either tabular parts or a JSON document."""

    name: str
    format: str
    parts: list[Part] = field(default_factory=list)
    json: JsonDocument | None = None
    archive: zipfile.ZipFile | None = None

    def close(self) -> None:
        """Release the archive, if there is one."""
        if self.archive is not None:
            self.archive.close()


def open_document(path: Path, name: str) -> Document:
    """Open a file as what its content says it is.

    Raises:
        UnreadableFileError: it is empty, too large, damaged, encrypted or no text.
    """
    size = path.stat().st_size
    if size == 0:
        raise UnreadableFileError(name, "it is empty", "Download the export again.")
    if size > MAX_FILE_BYTES:
        problem = f"it has {size:,} bytes, more than {MAX_FILE_BYTES:,}"
        raise UnreadableFileError(name, problem, "Export a shorter period.")
    with path.open("rb") as stream:
        head = stream.read(4)
    if head in {_ZIP, _EMPTY_ZIP}:
        return _open_zip(path, name)
    if head == _OLE:
        return Document(name, "xls", open_xls(path, name))
    return _open_text(name, lambda: path.open("rb"))


def _open_zip(path: Path, name: str) -> Document:
    archive, members = open_archive(path, name)
    if any(info.filename == _WORKBOOK_MEMBER for info in members):
        archive.close()
        return Document(name, "xlsx", open_xlsx(path, name))

    def opener(info: zipfile.ZipInfo) -> Callable[[], BinaryIO]:
        return lambda: cast("BinaryIO", archive.open(info))

    try:
        parts: list[Part] = [
            TextPart(info.filename, opener(info), f"{name}: {info.filename}")
            for info in members
        ]
    except _DAMAGE as error:
        archive.close()
        problem = f"a member of the archive is damaged ({error})"
        raise UnreadableFileError(
            name, problem, "Download the export again."
        ) from error
    return Document(name, "zip", parts, archive=archive)


def _open_text(name: str, open_bytes: Callable[[], BinaryIO]) -> Document:
    part = TextPart(name, open_bytes)
    with part.lines() as text:
        start = text.read(4096).lstrip()
    if start.lower().startswith(_WEB_PAGE):
        problem = "it is a web page, probably of a login or an error"
        step = "Sign in to the platform and download the export again."
        raise UnreadableFileError(name, problem, step)
    if start[:1] in {"{", "["}:
        return _open_json(part)
    if is_commented(part):
        _refuse_undecodable(part)
        return Document(name, "csv", split_blocks(part))
    return Document(name, "csv", [part])


def _open_json(part: TextPart) -> Document:
    _refuse_undecodable(part)
    with part.lines(part.encoding) as text:
        return Document(part.name, "json", json=JsonDocument(text.read(), part.name))


def _refuse_undecodable(part: TextPart) -> None:
    if part.decode_problem is not None:
        problem = (
            f"line {part.decode_problem.line} is not {part.decode_problem.encoding}"
        )
        step = "Save it as UTF-8, or download the export again."
        raise UnreadableFileError(part.name, problem, step)
