"""What kind of file an export is: told by its first bytes, never by its name."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, BinaryIO, cast

from heartshare.exports.archives import (
    ARCHIVE_DAMAGE,
    open_archive,
    refuse_many_tables,
)
from heartshare.exports.blocks import is_commented, split_blocks
from heartshare.exports.errors import UnreadableFileError
from heartshare.exports.json_records import JsonDocument
from heartshare.exports.json_stream import STREAM_FROM_CHARACTERS, JsonStream
from heartshare.exports.parts import Part, TextPart
from heartshare.exports.spreadsheets import open_xls, open_xlsx
from heartshare.exports.titled import split_titled, stated_delimiter

if TYPE_CHECKING:
    import zipfile
    from collections.abc import Callable
    from pathlib import Path

#: Large files are read as streams: this bounds time and disk, not memory.
MAX_FILE_BYTES = 16 * 1024**3
_ZIP = b"PK\x03\x04"
_EMPTY_ZIP = b"PK\x05\x06"
_GZIP = b"\x1f\x8b"
_HEAD_BYTES = 256
_OLE = b"\xd0\xcf\x11\xe0"
_WEB_PAGE = ("<!doctype html", "<html")
#: No export begins so: tables under the name of a workbook, answers of a server.
_MARKUP = re.compile(r"<[a-z!?]", re.IGNORECASE)
#: What programs leave that reserve a file's place before they write it.
_NOTHING = "\0\ufeff \t\r\n"
_JSON_MEMBER = (".js", ".json", ".ndjson", ".jsonl")
_SCRIPT = re.compile(rb"\s*window\.[\w.$]+\s*=")
_WORKBOOK_MEMBER = "[Content_Types].xml"


@dataclass(frozen=True)
class JsonMember:
    """A member of an archive that holds JSON; nobody has opened it yet."""

    name: str
    label: str
    open_bytes: Callable[[], BinaryIO]

    def read(self) -> JsonDocument | JsonStream:
        """Parse the member, or prepare to read it in blocks if it is large.

        Raises:
            UnreadableFileError: it is no text or no JSON.
        """
        try:
            part = TextPart(self.label, self.open_bytes)
            document = _open_json(part)
        except ARCHIVE_DAMAGE as error:
            problem = f"this member of the archive is damaged ({error})"
            step = "Download the archive again."
            raise UnreadableFileError(self.label, problem, step) from error
        return document.stream or cast("JsonDocument", document.json)


@dataclass
class Document:
    """An opened export: its format and tabular parts, a JSON document, or members.

    Of a large JSON document ``json`` is the beginning and ``stream`` the whole.

    Members of an archive that hold JSON are opened only if a contract asks for them by
    name: an archive of an account also holds what nobody may read.
    """

    name: str
    format: str
    tables: list[Part] | Callable[[], list[Part]] = field(default_factory=list)
    json: JsonDocument | None = None
    members: list[JsonMember] = field(default_factory=list)
    names: list[str] = field(default_factory=list)
    archive: zipfile.ZipFile | None = None
    stream: JsonStream | None = None

    @property
    def records(self) -> JsonDocument | JsonStream | None:
        """The whole JSON document."""
        return self.stream or self.json

    @cached_property
    def parts(self) -> list[Part]:
        """The tabular parts; those of an archive are opened on first use."""
        return self.tables if isinstance(self.tables, list) else self.tables()

    @property
    def part_names(self) -> list[str]:
        """The names of the parts and members; unopened ones by their file."""
        if "parts" not in vars(self) and self.names:
            return self.names
        parts = [part.name for part in self.parts]
        return parts + [member.name for member in self.members]

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
        start = stream.read(_HEAD_BYTES)
    head = start[:4]
    if head in {_ZIP, _EMPTY_ZIP}:
        return _open_zip(path, name)
    if head == _OLE:
        return Document(name, "xls", open_xls(path, name))
    if head.startswith(_GZIP):
        step = "Unpack it, or pack its files as a zip, and hand that in."
        raise UnreadableFileError(name, "it is packed by gzip", step)
    if _SCRIPT.match(start):
        step = "Hand in the whole archive, zipped as it was downloaded."
        problem = "it is one file of an archive and says nothing without the others"
        raise UnreadableFileError(name, problem, step)
    return _open_text(name, lambda: path.open("rb"))


def _open_zip(path: Path, name: str) -> Document:
    archive, members = open_archive(path, name)
    if any(info.filename == _WORKBOOK_MEMBER for info in members):
        archive.close()
        return Document(name, "xlsx", open_xlsx(path, name))

    def opener(info: zipfile.ZipInfo) -> Callable[[], BinaryIO]:
        return lambda: cast("BinaryIO", archive.open(info))

    def tables() -> list[Part]:
        others = [info for info in members if not _holds_json(info)]
        refuse_many_tables(name, len(others))
        try:
            texts = [
                TextPart(info.filename, opener(info), f"{name}: {info.filename}")
                for info in others
            ]
            return [part for text in texts for part in _tables_of(text)]
        except ARCHIVE_DAMAGE as error:
            problem = f"a member of the archive is damaged ({error})"
            step = "Download the export again."
            raise UnreadableFileError(name, problem, step) from error

    json_members = [
        JsonMember(info.filename, f"{name}: {info.filename}", opener(info))
        for info in members
        if _holds_json(info)
    ]
    names = [info.filename for info in members]
    return Document(name, "zip", tables, None, json_members, names, archive)


def _holds_json(info: zipfile.ZipInfo) -> bool:
    return info.filename.lower().endswith(_JSON_MEMBER)


def _open_text(name: str, open_bytes: Callable[[], BinaryIO]) -> Document:
    part = TextPart(name, open_bytes)
    with part.lines() as text:
        start = text.read(4096).lstrip()
    if start.lower().startswith(_WEB_PAGE):
        problem = "it is a web page, probably of a login or an error"
        step = "Sign in to the platform and download the export again."
        raise UnreadableFileError(name, problem, step)
    if _MARKUP.match(start):
        problem = "it is a page or table in HTML or XML, whatever its name says"
        step = "Export it as CSV or XLSX, or save it as such in a spreadsheet program."
        raise UnreadableFileError(name, problem, step)
    if not start.strip(_NOTHING):
        problem = "it begins with nothing but blanks or NULs"
        step = "It was not written to its end: download the export again."
        raise UnreadableFileError(name, problem, step)
    if start[:1] in {"{", "["}:
        return _open_json(part)
    if is_commented(part):
        _refuse_undecodable(part)
        return Document(name, "csv", split_blocks(part))
    return Document(name, "csv", _tables_of(part))


def _tables_of(part: TextPart) -> list[Part]:
    """Return a text as one part, or as its tables where it states its delimiter."""
    delimiter = stated_delimiter(part)
    if delimiter is None:
        return [part]
    _refuse_undecodable(part)
    return split_titled(part, delimiter)


def _open_json(part: TextPart) -> Document:
    _refuse_undecodable(part)
    with part.lines(part.encoding) as text:
        start = text.read(STREAM_FROM_CHARACTERS)
    if len(start) < STREAM_FROM_CHARACTERS:
        return Document(part.name, "json", json=JsonDocument(start, part.name))
    stream = JsonStream(part)
    return Document(part.name, "json", json=stream.sample, stream=stream)


def _refuse_undecodable(part: TextPart) -> None:
    if part.decode_problem is not None:
        problem = (
            f"line {part.decode_problem.line} is not {part.decode_problem.encoding}"
        )
        step = "Save it as UTF-8, or download the export again."
        raise UnreadableFileError(part.name, problem, step)
