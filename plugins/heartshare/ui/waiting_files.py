"""Which files of the inbox have not landed, and what do they wait for?"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from heartshare.exports.landed_files import META_SUFFIX
from heartshare.pulls.folder import (
    READY_NAME,
    UNFINISHED_SUFFIXES,
    FolderSource,
    WatchedFolderClosedError,
    WatchedFolderMissingError,
    is_litter,
    paths_below,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from heartshare.settings import Settings


@dataclass(frozen=True)
class WaitingFile:
    """A file of the inbox that has not landed, and what it waits for."""

    name: str
    state: str
    next_step: str


def waiting_files(settings: Settings) -> list[WaitingFile]:
    """Return the files of the inbox that have not landed, with what they wait for.

    The inbox, or a folder in it, that cannot be opened is one of them.
    """
    watched = FolderSource(settings.inbox)
    try:
        beside, folders = watched.misplaced(), watched.folders()
    except WatchedFolderMissingError:
        return []
    except WatchedFolderClosedError:
        return [_closed(str(settings.inbox))]
    found = [
        WaitingFile(
            path.name,
            "held: beside the folders",
            "Move it into the folder of its source; here it is never read.",
        )
        for path in beside
    ]
    for folder in folders:
        try:
            found += [*_in_folder(settings.inbox, folder), *_fresh(settings, folder)]
        except PermissionError:  # its names may be read, no more
            found.append(_closed(folder.name))
    return found


def _in_folder(inbox: Path, folder: Path) -> list[WaitingFile]:
    """Return the files of a source that are held, and its folders that are closed."""
    refused: list[OSError] = []
    states = {path: _held(path) for path in paths_below(folder, refused.append)}
    held = [
        WaitingFile(str(path.relative_to(inbox)), *state)
        for path, state in states.items()
        if state
    ]
    inner = [
        Path(error.filename).relative_to(inbox)
        for error in refused
        if not isinstance(error, FileNotFoundError)
    ]
    shown = [path for path in inner if not any(p.startswith(".") for p in path.parts)]
    return held + [_closed(str(path)) for path in shown]


def _closed(name: str) -> WaitingFile:
    return WaitingFile(
        name,
        "held: cannot be opened",
        "Give heartshare the right to read it and what is in it.",
    )


def _fresh(settings: Settings, folder: Path) -> list[WaitingFile]:
    """Return the files of a source that the next pull will take.

    Name, size and moment tell most known files without reading them; only a source
    where they do not is read as the pull reads it.
    """
    known = {
        (meta["original_name"], meta["size"], meta["exported_at"][:19])
        for meta in _descriptions(settings.landing / folder.name)
    }
    if known.issuperset(_marks(folder)):
        return []
    step = (
        f"It lands with the next pull. To have it at once, create {READY_NAME} in the "
        "inbox."
    )
    return [
        WaitingFile(str(each.path.relative_to(settings.inbox)), "waiting", step)
        for each in FolderSource(settings.inbox, only=folder.name).list_new(
            settings.landing
        )
    ]


def _marks(folder: Path) -> Iterator[tuple[str, int, str]]:
    """Yield name, size and moment of each file that is still there."""
    for path in filter(_is_plain, paths_below(folder)):
        try:
            stat = path.stat()
        except FileNotFoundError:
            continue
        moment = datetime.fromtimestamp(stat.st_mtime, UTC)
        yield path.name, stat.st_size, moment.isoformat()[:19]


def _is_plain(path: Path) -> bool:
    return path.is_file() and not path.is_symlink() and not is_litter(path.name)


def _held(path: Path) -> tuple[str, str] | None:
    if path.is_symlink():
        return "held: a link", "Put a copy of the file itself here; links are not read."
    if path.is_file() and path.name.lower().endswith(UNFINISHED_SUFFIXES):
        return (
            "held: unfinished",
            "Wait until it has arrived, or rename it if it is complete.",
        )
    return None


def _descriptions(folder: Path) -> Iterator[dict[str, Any]]:
    for meta in folder.glob(f"*{META_SUFFIX}"):
        if not meta.name.startswith("."):
            try:
                text = meta.read_text(encoding="utf-8")
            except FileNotFoundError:
                continue
            yield json.loads(text)
