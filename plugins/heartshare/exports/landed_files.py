"""Which files have landed: immutable copies, each with a description beside it."""

from __future__ import annotations

import hashlib
import json
import os
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from typing import TYPE_CHECKING, Any

from heartshare.exports.errors import UnreadableFileError
from heartshare.exports.unchanged import note_unchanged
from heartshare.warehouse.whole_files import move_whole, write_whole

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from pathlib import Path

META_SUFFIX = ".meta.json"
PARTIAL_SUFFIX = ".part"
_SHA_DIGITS = 16
#: A file name has 255 bytes at most, of which digest, suffixes and marks take some.
_LONGEST_NAME = 200
_LONGEST_SUFFIX = 16
_CHUNK_BYTES = 1 << 20


@dataclass(frozen=True)
class LandedFile:
    """One file in the landing folder; ``exported_at`` is an instant in UTC.

    ``sha256`` names the file. It is the digest of its content, or, where a name came
    back to content it had before, of that digest and the moment of its return.
    """

    sha256: str
    path: Path
    source_name: str
    original_name: str
    exported_at: datetime
    is_new: bool = False
    content_sha256: str = ""


def land_file(
    path: Path, source_name: str, landing_dir: Path, exported_at: datetime
) -> LandedFile:
    """Copy a file into the landing folder, once per content and source.

    The copy appears whole or not at all; its description is written last, so that a
    copy without one is taken again.
    """
    with path.open("rb") as stream:
        chunks = iter(partial(stream.read, _CHUNK_BYTES), b"")
        return land_chunks(chunks, path.name, source_name, landing_dir, exported_at)


def land_chunks(
    chunks: Iterable[bytes],
    name: str,
    source_name: str,
    landing_dir: Path,
    exported_at: datetime,
) -> LandedFile:
    """Write a file that comes in pieces, as ``land_file`` does; ``name`` is its own.

    Content that is known lands again only where its name held something else in
    between: then it is what the source says once more, and newer than that. Otherwise
    it is written down that it came again, should it be newer than the copy.

    An error that the pieces raise leaves nothing behind. Copy, description and their
    names are on the disk when this returns, so a caller may forget the original.
    """
    folder = landing_dir / source_name
    folder.mkdir(parents=True, exist_ok=True)
    name, kept = _sayable(name), _short(_sayable(name))
    unfinished = folder / f".{kept}.{os.getpid()}{PARTIAL_SUFFIX}"
    try:
        content = _write_and_hash(chunks, unfinished)
        moment = exported_at.astimezone(UTC)
        known = _find(folder, content, source_name)
        if known is not None and not _came_back(folder, kept, content, moment):
            if moment > known.exported_at:
                note_unchanged(folder, known.path.name, moment)
            return known
        meta = {
            "sha256": content,
            "source_name": source_name,
            "original_name": name,
            "exported_at": moment.isoformat().replace("+00:00", "Z"),
            "size": unfinished.stat().st_size,
        }
        if known is not None:
            meta["came_back"] = True
        sha256 = identity(meta, content)
        target = folder / f"{sha256[:_SHA_DIGITS]}__{kept}"
        move_whole(unfinished, target)
        described = target.with_name(target.name + META_SUFFIX)
        write_whole(described, json.dumps(meta, ensure_ascii=False))
    finally:
        unfinished.unlink(missing_ok=True)
    return LandedFile(
        sha256, target, source_name, name, moment, is_new=True, content_sha256=content
    )


def identity(meta: Mapping[str, Any], content: str) -> str:
    """Return the digest that names a described file, now or with former content."""
    if not meta.get("came_back"):
        return content
    return hashlib.sha256(f"{content}@{meta['exported_at']}".encode()).hexdigest()


def remove_leftovers(folder: Path, *, before: datetime) -> list[Path]:
    """Remove what killed pulls left half-written in a source's landing folder.

    Only what was last written before that moment goes: a pull that runs now may be
    writing the rest. Return the removed paths.
    """
    stale = [
        path
        for path in sorted(folder.glob(f".*{PARTIAL_SUFFIX}"))
        if path.stat().st_mtime < before.timestamp()
    ]
    for path in stale:
        path.unlink(missing_ok=True)
    return stale


def landed_files(landing_dir: Path) -> list[LandedFile]:
    """Return every landed file, in order of export, content, arrival and source.

    The arrival makes a warehouse that is loaded anew give the same content in two
    sources to the same one of them.
    """
    found = [
        (_described(meta), meta.stat().st_mtime_ns)
        for meta in landing_dir.glob(f"*/*{META_SUFFIX}")
        if not meta.name.startswith(".")
    ]
    found.sort(key=lambda f: (f[0].exported_at, f[0].sha256, f[1], f[0].source_name))
    return [file for file, _ in found]


def verify(file: LandedFile) -> None:
    """Refuse a landed file whose copy is gone or no longer what it was.

    Raises:
        UnreadableFileError: the digest of the copy differs from its description.
    """
    if not file.path.exists() or _sha256(file.path) != file.content_sha256:
        problem = "the copy in the landing folder is gone or was changed"
        step = "Put the original back into the watched folder."
        raise UnreadableFileError(file.original_name, problem, step)


def _sayable(name: str) -> str:
    """Return a name with U+FFFD for the bytes of it that are no text."""
    return os.fsencode(name).decode("utf-8", "replace")


def _short(name: str) -> str:
    """Return a name that leaves room for what the landing folder adds to it.

    It is never that of a description, whatever the export is called.
    """
    if name.endswith(META_SUFFIX):
        name = f"{name.removesuffix(META_SUFFIX)}_meta.json"
    if len(name.encode()) <= _LONGEST_NAME:
        return name
    stem, dot, suffix = name.rpartition(".")
    end = f"{dot}{suffix}" if stem and len(suffix) < _LONGEST_SUFFIX else ""
    room = _LONGEST_NAME - len(end.encode())
    return name.encode()[:room].decode("utf-8", "ignore") + end


def _write_and_hash(chunks: Iterable[bytes], target: Path) -> str:
    digest = hashlib.sha256()
    with target.open("wb") as copy:
        for chunk in chunks:
            digest.update(chunk)
            copy.write(chunk)
    return digest.hexdigest()


def _sha256(path: Path) -> str:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _find(folder: Path, sha256: str, source_name: str) -> LandedFile | None:
    for meta in _descriptions(folder, sha256):
        values = json.loads(meta.read_text(encoding="utf-8"))
        is_same = sha256 in {values["sha256"], *values.get("former", ())}
        if is_same and values["source_name"] == source_name:
            return _described(meta)
    return None


def _came_back(folder: Path, kept: str, content: str, moment: datetime) -> bool:
    """Return whether a name that last held other content is older than this moment."""
    end = f"__{kept}{META_SUFFIX}"
    metas = [
        json.loads((folder / name).read_text(encoding="utf-8"))
        for name in os.listdir(folder)  # noqa: PTH208 - half the time of iterdir
        if name[_SHA_DIGITS:] == end
    ]
    if not metas:
        return False
    last = max(metas, key=lambda meta: datetime.fromisoformat(meta["exported_at"]))
    held = {last["sha256"], *last.get("former", ())}
    return content not in held and moment > datetime.fromisoformat(last["exported_at"])


def _descriptions(folder: Path, sha256: str) -> Iterator[Path]:
    prefix = f"{sha256[:_SHA_DIGITS]}__"
    return (
        folder / name
        for name in os.listdir(folder)  # noqa: PTH208 - half the time of iterdir
        if name.startswith(prefix) and name.endswith(META_SUFFIX)
    )


def _described(meta: Path) -> LandedFile:
    values = json.loads(meta.read_text(encoding="utf-8"))
    return LandedFile(
        sha256=identity(values, values["sha256"]),
        content_sha256=values["sha256"],
        path=meta.with_name(meta.name.removesuffix(META_SUFFIX)),
        source_name=values["source_name"],
        original_name=values["original_name"],
        exported_at=datetime.fromisoformat(values["exported_at"]),
    )
