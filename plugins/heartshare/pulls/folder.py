"""Which files of a watched folder are new, and how they reach the landing folder."""

from __future__ import annotations

import hashlib
import json
import os
from collections import defaultdict
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from heartshare.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from heartshare.pulls.source import PullRun

#: The flag that wakes the watcher of late exports; it is no export.
READY_NAME = "_READY"
#: Names that programs give to files they have not finished.
UNFINISHED_SUFFIXES = (".part", ".tmp", ".crdownload", ".partial", ".filepart")
#: What desktops and spreadsheet programs put beside files, in lower case.
_DESKTOP_NAMES = frozenset({"thumbs.db", "ehthumbs.db", "desktop.ini", "icon\r"})
_OPEN_WORKBOOK = "~$"
#: How long a file must not have changed, or stay alike between two looks.
SETTLE = timedelta(seconds=5)
_SHA_DIGITS = 16
_META_SUFFIX = ".meta.json"
_UNCHANGED_NAME = "unchanged.jsonl"
_CHUNK_BYTES = 1 << 20


class WatchedFolderMissingError(InputError):
    """The folder that exports should be dropped into is not there."""

    def __init__(self, root: Path) -> None:
        super().__init__(
            f"The watched folder {root} does not exist. Create it with one sub-folder "
            "per source, or set HEARTSHARE_INBOX."
        )


class WatchedFolderClosedError(InputError):
    """The folder that exports should be dropped into is there, and not for us."""

    def __init__(self, root: Path, error: OSError) -> None:
        super().__init__(
            f"The watched folder {root} cannot be opened ({error.strerror or error}). "
            "Give heartshare the right to read it, or set HEARTSHARE_INBOX."
        )


class _ChangedError(Exception):
    """A file changed or went away while it was read; nothing of it landed."""


class _RefusedError(Exception):
    """A file cannot be read; the operating system's error is the cause."""


@dataclass(frozen=True)
class FoundFile:
    """A file in the watched folder; ``exported_at`` is its modification time, UTC."""

    path: Path
    source_name: str
    exported_at: datetime
    size: int


class FolderSource:
    """A watched folder, a sub-folder per source; ``only`` looks at one of them.

    ``refused`` are the folders that the last look could not open, and why.
    """

    def __init__(self, root: Path, *, only: str | None = None) -> None:
        self.root = root
        self.only = only
        self.refused: dict[str, str] = {}

    def list_new(
        self,
        landing_dir: Path,
        *,
        now: datetime | None = None,
        settle: timedelta = SETTLE,
        with_unchanged: bool = False,
    ) -> list[FoundFile]:
        """Return the files whose content has not landed yet, by source and name.

        ``with_unchanged`` adds those whose content is known but that were made again
        since, which nobody has written down yet.

        Left out are dotfiles, links, unfinished downloads (``*.part`` and such), what
        desktops leave (``Thumbs.db`` and such), the ``_READY`` flag, and, when ``now``
        is given, files that changed within ``settle`` of it: somebody may still be
        writing them.

        Raises:
            WatchedFolderMissingError: there is no such folder.
            WatchedFolderClosedError: it cannot be opened.
        """
        entries = self._entries()
        landed = _Landed(landing_dir)
        return [
            found
            for found in self._files(entries)
            if (now is None or abs(now - found.exported_at) > settle)
            and not landed.holds(found, with_unchanged=with_unchanged)
        ]

    def take(self, run: PullRun, landing_dir: Path) -> None:
        """Land what is new or came again, and finished; count what is not.

        A file that changed a moment ago is looked at once more after a short wait. If
        it still changes, also while it is read, it is left for the next look. A file or
        folder that cannot be read is a doubt and stops no other.
        """
        found = self.list_new(landing_dir, with_unchanged=True)
        run.summary.doubts += [
            f"{folder} cannot be opened ({why}). Give heartshare the right to read it, "
            "then pull again"
            for folder, why in self.refused.items()
        ]
        since = run.now - SETTLE
        young = {each.path: each for each in found if each.exported_at > since}
        for each in found:
            if each.path not in young:
                _land(run, each)
        if not young:
            return
        if SETTLE.total_seconds() > run.patience:
            run.summary.files_waiting += len(young)
            return
        run.sleep(SETTLE.total_seconds())
        for each in self.list_new(landing_dir, with_unchanged=True):
            if each == young.get(each.path):
                _land(run, each)
            elif each.path in young:
                run.summary.files_waiting += 1

    def misplaced(self) -> list[Path]:
        """Return files that lie beside the sources' sub-folders and are never read.

        Raises:
            WatchedFolderMissingError: there is no such folder.
            WatchedFolderClosedError: it cannot be opened.
        """
        return [path for path in self._entries() if _is_export(path)]

    def folders(self) -> list[Path]:
        """Return the sources' sub-folders, the hidden ones left out.

        Raises:
            WatchedFolderMissingError: there is no such folder.
            WatchedFolderClosedError: it cannot be opened.
        """
        return _folders(self._entries())

    def _entries(self) -> list[Path]:
        try:
            if not self.root.is_dir():
                raise WatchedFolderMissingError(self.root)
            entries = sorted(self.root.iterdir())
            _folders(entries)  # names alone, of which nothing may be asked, are no use
        except OSError as error:
            raise WatchedFolderClosedError(self.root, error) from error
        return entries

    def _refuse(self, error: OSError) -> None:
        """Keep a folder that could not be opened; one that went away is none.

        Nor is a hidden one, such as a desktop's waste bin, from which nothing is taken.
        """
        inner = Path(error.filename).relative_to(self.root).parts
        is_hidden = any(part.startswith(".") for part in inner)
        if not isinstance(error, FileNotFoundError) and not is_hidden:
            self.refused[str(error.filename)] = error.strerror or str(error)

    def _files(self, entries: list[Path]) -> Iterator[FoundFile]:
        self.refused.clear()
        for folder in _folders(entries):
            if self.only not in {None, folder.name}:
                continue
            for path in paths_below(folder, self._refuse):
                inner = path.relative_to(folder).parts[:-1]
                if any(part.startswith(".") for part in inner):
                    continue
                try:
                    if _is_export(path):
                        yield _found(path, folder.name)
                except FileNotFoundError:
                    continue  # its writer has renamed it meanwhile
                except PermissionError as error:  # its names may be read, no more
                    self.refused[str(path.parent)] = error.strerror or str(error)


def _folders(entries: list[Path]) -> list[Path]:
    return [path for path in entries if path.is_dir() and not path.name.startswith(".")]


def paths_below(
    folder: Path, refuse: Callable[[OSError], None] | None = None
) -> list[Path]:
    """Return files, links and folders below a folder, sorted.

    Others work in it meanwhile: a sub-folder that goes away while it is looked at is
    left out, as is one that cannot be opened; ``refuse`` is told of both.
    """
    return sorted(
        Path(place, name)
        for place, folders, files in os.walk(folder, onerror=refuse)
        for name in (*folders, *files)
    )


def is_litter(name: str) -> bool:
    """Return whether a file of that name is hidden, our flag or left by a program."""
    return (
        name.startswith((".", _OPEN_WORKBOOK))
        or name == READY_NAME
        or name.lower() in _DESKTOP_NAMES
    )


def _is_export(path: Path) -> bool:
    return (
        path.is_file()
        and not path.is_symlink()
        and not is_litter(path.name)
        and not path.name.lower().endswith(UNFINISHED_SUFFIXES)
    )


class _Landed:
    """What the landing folder holds already, by source."""

    def __init__(self, landing_dir: Path) -> None:
        self._begun: dict[tuple[str, str], list[Path]] = defaultdict(list)
        self._named: dict[tuple[str, str], list[Path]] = defaultdict(list)
        self._books: dict[str, set[tuple[str, datetime]]] = {}
        self._landing_dir = landing_dir
        for meta in landing_dir.glob(f"*/*{_META_SUFFIX}"):
            source, name = meta.parent.name, meta.name.removesuffix(_META_SUFFIX)
            self._begun[source, name[:_SHA_DIGITS]].append(meta)
            self._named[source, name[_SHA_DIGITS + len("__") :]].append(meta)

    def holds(self, found: FoundFile, *, with_unchanged: bool = False) -> bool:
        """Return whether a file brings nothing new.

        Known content does where its name held other content in between, and, if that
        is asked for, where it came again and this is not written down.
        """
        prefix = _prefix(found.path)
        begun = self._begun.get((found.source_name, prefix or ""))
        if prefix is None or not begun:
            return False
        named = self._named[found.source_name, found.path.name]
        copies = {meta: _content(meta) for meta in {*begun, *named}}
        if any(meta not in begun for meta in named):
            held, last = max((copies[meta] for meta in named), key=lambda pair: pair[1])
            if prefix not in held and found.exported_at > last:
                return False
        same = {meta: last for meta, (held, last) in copies.items() if prefix in held}
        if not with_unchanged or found.exported_at <= max(same.values()):
            return True
        book = self._book(found.source_name)
        return any((_landed_name(meta), found.exported_at) in book for meta in same)

    def _book(self, source_name: str) -> set[tuple[str, datetime]]:
        """Return which copies came again when, as far as that is written down."""
        if source_name not in self._books:
            self._books[source_name] = set(
                _book_lines(self._landing_dir / source_name / _UNCHANGED_NAME)
            )
        return self._books[source_name]


def _content(meta: Path) -> tuple[set[str], datetime]:
    """Return with what the digests of a landed file begin, and its moment."""
    values = json.loads(meta.read_text(encoding="utf-8"))
    digests = [values["sha256"], *values.get("former", ())]
    moment = datetime.fromisoformat(values["exported_at"])
    return {digest[:_SHA_DIGITS] for digest in digests}, moment


def _landed_name(meta: Path) -> str:
    return meta.name.removesuffix(_META_SUFFIX)


def _book_lines(book: Path) -> Iterator[tuple[str, datetime]]:
    """Yield copy and moment of each whole line; a cut one was never written."""
    if not book.exists():
        return
    for line in book.read_bytes().split(b"\n"):
        try:
            values = json.loads(line)
        except ValueError:
            continue
        yield values["file"], datetime.fromisoformat(values["seen_at"])


def _found(path: Path, source_name: str) -> FoundFile:
    stat = path.stat()
    moment = datetime.fromtimestamp(stat.st_mtime, UTC)
    return FoundFile(path, source_name, moment, stat.st_size)


def _land(run: PullRun, each: FoundFile) -> None:
    name = os.fsencode(each.path.name).decode("utf-8", "replace")
    try:
        run.land(name, _chunks(each), exported_at=each.exported_at)
    except _ChangedError:
        run.summary.files_waiting += 1
    except _RefusedError as error:
        run.summary.doubts.append(
            f"{name} cannot be read ({error}). Give heartshare the right to read it, "
            "then pull again"
        )


def _chunks(each: FoundFile) -> Iterator[bytes]:
    """Yield a file's bytes, and fail unless it stayed as it was found."""
    try:
        with each.path.open("rb") as stream:
            while chunk := stream.read(_CHUNK_BYTES):
                yield chunk
        after = _found(each.path, each.source_name)
    except FileNotFoundError as error:
        raise _ChangedError from error
    except OSError as error:
        raise _RefusedError(error.strerror or str(error)) from error
    if after != each:
        raise _ChangedError


def _prefix(path: Path) -> str | None:
    """Return with what a file's digest begins; None if it cannot be read."""
    try:
        with path.open("rb") as stream:
            return hashlib.file_digest(stream, "sha256").hexdigest()[:_SHA_DIGITS]
    except OSError:
        return None
