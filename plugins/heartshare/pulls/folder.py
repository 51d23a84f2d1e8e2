"""Which files of a watched folder are new, and how they reach the landing folder."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, TypeVar

from heartshare.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

#: The flag that wakes the watcher of late exports; it is no export.
READY_NAME = "_READY"
#: Names that programs give to files they have not finished.
UNFINISHED_SUFFIXES = (".part", ".tmp", ".crdownload", ".partial", ".filepart")
_SHA_DIGITS = 16

Landed = TypeVar("Landed")


class WatchedFolderMissingError(InputError):
    """The folder that exports should be dropped into is not there."""

    def __init__(self, root: Path) -> None:
        super().__init__(
            f"The watched folder {root} does not exist. Create it with one sub-folder "
            "per source, or set HEARTSHARE_INBOX."
        )


@dataclass(frozen=True)
class FoundFile:
    """A file in the watched folder; ``exported_at`` is its modification time, UTC."""

    path: Path
    source_name: str
    exported_at: datetime
    size: int


class FolderSource:
    """A watched folder, a sub-folder per source; ``only`` looks at one of them."""

    def __init__(self, root: Path, *, only: str | None = None) -> None:
        self.root = root
        self.only = only

    def list_new(
        self,
        landing_dir: Path,
        *,
        now: datetime | None = None,
        settle: timedelta = timedelta(seconds=5),
    ) -> list[FoundFile]:
        """Return the files whose content has not landed yet, by source and name.

        Left out are dotfiles, links, unfinished downloads (``*.part`` and such), the
        ``_READY`` flag, and, when ``now`` is given, files that changed within
        ``settle`` of it: somebody may still be writing them.

        Raises:
            WatchedFolderMissingError: there is no such folder.
        """
        if not self.root.is_dir():
            raise WatchedFolderMissingError(self.root)
        landed = _landed_prefixes(landing_dir)
        return [
            found
            for found in self._files()
            if (now is None or abs(now - found.exported_at) > settle)
            and _prefix(found.path) not in landed[found.source_name]
        ]

    def pull(
        self,
        landing_dir: Path,
        land: Callable[[Path, str, Path, datetime], Landed],
        *,
        now: datetime | None = None,
    ) -> list[Landed]:
        """Hand each new file to ``land`` and return what that returned, in order."""
        return [
            land(found.path, found.source_name, landing_dir, found.exported_at)
            for found in self.list_new(landing_dir, now=now)
        ]

    def misplaced(self) -> list[Path]:
        """Return files that lie beside the sources' sub-folders and are never read."""
        if not self.root.is_dir():
            raise WatchedFolderMissingError(self.root)
        return [path for path in sorted(self.root.iterdir()) if _is_export(path)]

    def _files(self) -> Iterator[FoundFile]:
        for folder in sorted(self.root.iterdir()):
            if not folder.is_dir() or folder.name.startswith("."):
                continue
            if self.only not in {None, folder.name}:
                continue
            for path in sorted(folder.rglob("*")):
                inner = path.relative_to(folder).parts[:-1]
                if _is_export(path) and not any(p.startswith(".") for p in inner):
                    stat = path.stat()
                    moment = datetime.fromtimestamp(stat.st_mtime, UTC)
                    yield FoundFile(path, folder.name, moment, stat.st_size)


def _is_export(path: Path) -> bool:
    return (
        path.is_file()
        and not path.is_symlink()
        and not path.name.startswith(".")
        and path.name != READY_NAME
        and not path.name.lower().endswith(UNFINISHED_SUFFIXES)
    )


def _landed_prefixes(landing_dir: Path) -> dict[str, set[str]]:
    """Return the digests with which landed files begin, by source."""
    landed: dict[str, set[str]] = defaultdict(set)
    for meta in landing_dir.glob("*/*.meta.json"):
        landed[meta.parent.name].add(meta.name[:_SHA_DIGITS])
    return landed


def _prefix(path: Path) -> str:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()[:_SHA_DIGITS]
