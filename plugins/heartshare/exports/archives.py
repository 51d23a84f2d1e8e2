"""Which members of a zip may be read: bounded in size, none that could do harm."""

from __future__ import annotations

import lzma
import stat
import zipfile
import zlib
from typing import TYPE_CHECKING

from heartshare.exports.errors import UnreadableFileError

if TYPE_CHECKING:
    from pathlib import Path

#: A workspace's export has a file per channel and day.
MAX_MEMBERS = 50_000
#: Each table is held against every contract, so there may be fewer of them.
MAX_TABLES = 200
#: Members are read as streams: this bounds time and disk, not memory.
MAX_TOTAL_BYTES = 16 * 1024**3
#: Exports of numbers compress up to about 1:30; a bomb lies far above.
MAX_RATIO = 200
#: Below this size a high ratio is harmless: a column of zeros.
RATIO_FLOOR_BYTES = 10 * 1024**2

#: What reading a damaged archive raises, in whichever way its members are packed.
ARCHIVE_DAMAGE = (
    zipfile.BadZipFile,
    zlib.error,
    lzma.LZMAError,
    EOFError,
    OSError,
    NotImplementedError,
    UnicodeDecodeError,
)

_NESTED = (".zip", ".7z", ".rar", ".tar", ".gz", ".tgz", ".bz2", ".xz", ".zst")
_CLUTTER = ("__MACOSX/", ".DS_Store")
_EXPORT_AGAIN = "Download the export again."


def open_archive(
    path: Path, name: str
) -> tuple[zipfile.ZipFile, list[zipfile.ZipInfo]]:
    """Open a zip and return its readable members, sorted by name.

    Raises:
        UnreadableFileError: the archive is damaged or encrypted, holds another
            archive, names a path outside itself, or would unpack to too much.
    """
    try:
        archive = zipfile.ZipFile(path)
    except ARCHIVE_DAMAGE as error:
        problem = "the archive is damaged or cut off"
        raise UnreadableFileError(name, problem, _EXPORT_AGAIN) from error
    members = [info for info in archive.infolist() if not info.is_dir()]
    members = [info for info in members if not _is_clutter(info.filename)]
    try:
        _check(name, members)
    except UnreadableFileError:
        archive.close()
        raise
    return archive, sorted(members, key=lambda info: info.filename)


def refuse_many_tables(name: str, count: int) -> None:
    """Refuse an archive of more tables than can be held against every contract.

    Raises:
        UnreadableFileError: there are more than MAX_TABLES.
    """
    if count > MAX_TABLES:
        problem = f"it holds {count} tables, more than {MAX_TABLES}"
        raise UnreadableFileError(name, problem, "Unpack it and hand in what you need.")


def _is_clutter(member: str) -> bool:
    return member.startswith(_CLUTTER[0]) or member.endswith(_CLUTTER[1])


def _check(name: str, members: list[zipfile.ZipInfo]) -> None:
    if len(members) > MAX_MEMBERS:
        problem = f"it holds {len(members)} files, more than {MAX_MEMBERS}"
        raise UnreadableFileError(name, problem, "Unpack it and hand in what you need.")
    names = [info.filename for info in members]
    if len(set(names)) != len(names):
        raise UnreadableFileError(name, "two members share a name", _EXPORT_AGAIN)
    for info in members:
        if harm := _harm(info):
            step = "Take that member out, or download the export again."
            raise UnreadableFileError(name, f"member {info.filename!r} {harm}", step)
    total = sum(info.file_size for info in members)
    packed = max(1, sum(info.compress_size for info in members))
    if total > MAX_TOTAL_BYTES or (
        total > RATIO_FLOOR_BYTES and total / packed > MAX_RATIO
    ):
        problem = f"it would unpack from {packed:,} to {total:,} bytes"
        raise UnreadableFileError(name, problem, "Export a shorter period.")


def _harm(info: zipfile.ZipInfo) -> str | None:
    member = info.filename
    parts = member.replace("\\", "/").split("/")
    if member.startswith("/") or "\\" in member or ".." in parts or ":" in parts[0]:
        return "names a path outside the archive"
    if info.flag_bits & 0x1:
        return "is encrypted"
    if stat.S_ISLNK(info.external_attr >> 16):
        return "is a link"
    if member.lower().endswith(_NESTED):
        return "is an archive inside the archive"
    return None
