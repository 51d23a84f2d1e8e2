"""What lies in a bucket, on a server or in a folder, and what of it is an export?"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, Any

from heartshare.pulls.folder import UNFINISHED_SUFFIXES, is_litter
from heartshare.pulls.source import safe_name

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from typing import BinaryIO

    from fsspec import AbstractFileSystem

_MOMENT_KEYS = ("LastModified", "mtime", "last_modified", "updated", "modified")
_TAG_KEYS = ("ETag", "etag", "md5Hash", "content_md5")


@dataclass(frozen=True)
class FoundObject:
    """A finished-looking object; ``path`` is the filesystem's, ``size`` in bytes.

    ``modified_at`` is UTC, None where the storage does not say.
    """

    path: str
    name: str
    size: int
    modified_at: datetime | None
    tag: str | None
    source_name: str | None = None

    @property
    def fingerprint(self) -> list[Any]:
        """What the cursor remembers of it: another value means another content."""
        moment = self.modified_at.isoformat() if self.modified_at else None
        return [self.size, moment, self.tag]


@dataclass(frozen=True)
class Remote:
    """A filesystem that we were let into, and the place in it that is pulled.

    ``is_atomic`` tells that an object appears whole or not at all. The error classes
    say what a failure means: we may not (``refused``), it is not there (``missing``),
    or it may work later (``away``); they are tried in this order.
    """

    fs: AbstractFileSystem
    root: str
    url: str
    connection: str
    is_atomic: bool
    refused: tuple[type[Exception], ...] = (PermissionError,)
    missing: tuple[type[Exception], ...] = (FileNotFoundError, NotADirectoryError)
    away: tuple[type[Exception], ...] = (OSError, EOFError)

    def open(self, each: FoundObject, block_bytes: int) -> BinaryIO:
        """Open an object for reading from its beginning to its end, once."""
        return self.fs.open(each.path, "rb", block_size=block_bytes, cache_type="none")

    def is_unchanged(self, each: FoundObject) -> bool:
        """Tell whether an object still is what the listing said."""
        self.fs.invalidate_cache()
        info = self.fs.info(each.path)
        return (info.get("size"), moment_of(info)) == (each.size, each.modified_at)


@dataclass
class Listing:
    """The objects to consider, by path, and sentences about what is odd there."""

    found: list[FoundObject] = field(default_factory=list)
    doubts: list[str] = field(default_factory=list)


def look(remote: Remote, options: Mapping[str, Any]) -> Listing:
    """Return the objects below a remote's root that the options let in.

    Left out are links, empty markers of folders, hidden and unfinished names, and the
    ``_READY`` flag. A prefix of a bucket without objects is no error, only a doubt.
    """
    remote.fs.invalidate_cache()
    listing = Listing()
    per_folder = options["folders_are_sources"]
    depth = None if options["recursive"] else (2 if per_folder else 1)
    for info, inner in _walk(remote, depth):
        if not _is_wanted(inner, options) or not _is_export(info, inner):
            continue
        if per_folder and len(inner) == 1:
            listing.doubts.append(
                f"{info['name']} is not read: move it into the folder of its source"
            )
            continue
        listing.found.append(
            FoundObject(
                path=info["name"],
                name=inner[-1],
                size=info["size"],
                modified_at=moment_of(info),
                tag=_tag_of(info),
                source_name=safe_name(inner[0]) if per_folder else None,
            )
        )
    listing.found.sort(key=lambda each: each.path)
    if not listing.found:
        listing.doubts.append(f"{remote.url} holds no exports")
    return listing


def moment_of(info: Mapping[str, Any]) -> datetime | None:
    """Return when an object was last changed, in UTC; None if it does not say."""
    value = next((info[key] for key in _MOMENT_KEYS if info.get(key)), None)
    if isinstance(value, str):
        value = datetime.fromisoformat(value)
    if isinstance(value, int | float):
        value = datetime.fromtimestamp(value, UTC)
    if not isinstance(value, datetime):
        return None
    return (value if value.tzinfo else value.replace(tzinfo=UTC)).astimezone(UTC)


def _tag_of(info: Mapping[str, Any]) -> str | None:
    return next((str(info[key]) for key in _TAG_KEYS if info.get(key)), None)


def _walk(
    remote: Remote, depth: int | None
) -> Iterator[tuple[dict[str, Any], tuple[str, ...]]]:
    """Yield each file below the root with its path from there, folder by folder.

    fsspec's own walk hides folders that cannot be listed; here that is an error.
    """
    folders: list[tuple[str, tuple[str, ...]]] = [(remote.root, ())]
    while folders:
        folder, inner = folders.pop()
        for info in _entries(remote, folder):
            path = str(info["name"]).rstrip("/")
            if path == folder.rstrip("/"):
                continue
            below = (*inner, path.rsplit("/", 1)[-1])
            if info["type"] == "directory":
                is_hidden = below[-1].startswith(".") or info.get("islink")
                if not is_hidden and (depth is None or len(below) < depth):
                    folders.append((path, below))
            else:
                yield info, below


def _entries(remote: Remote, folder: str) -> list[dict[str, Any]]:
    try:
        return remote.fs.ls(folder, detail=True)
    except FileNotFoundError:
        bucket = folder.strip("/").split("/")[0]
        has_prefixes = remote.is_atomic and bucket != folder.strip("/")
        if has_prefixes and remote.fs.exists(bucket):
            return []
        raise


def _is_export(info: Mapping[str, Any], inner: tuple[str, ...]) -> bool:
    name = inner[-1]
    return (
        info["type"] == "file"
        and not info.get("islink")
        and not str(info["name"]).endswith("/")
        and not any(part.startswith(".") for part in inner)
        and not is_litter(name)
        and not name.lower().endswith(UNFINISHED_SUFFIXES)
    )


def _is_wanted(inner: tuple[str, ...], options: Mapping[str, Any]) -> bool:
    return _matches(inner, options["include"]) and not _matches(
        inner, options["exclude"]
    )


def _matches(inner: tuple[str, ...], patterns: tuple[str, ...]) -> bool:
    """Match patterns with a slash against the path, others against the name."""
    return any(
        fnmatchcase("/".join(inner) if "/" in pattern else inner[-1], pattern)
        for pattern in patterns
    )
