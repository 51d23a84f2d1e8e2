"""Which files of the inbox have not landed, and what do they wait for?"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from heartshare.exports.landed_files import META_SUFFIX
from heartshare.pulls.folder import (
    READY_NAME,
    UNFINISHED_SUFFIXES,
    FolderSource,
    is_litter,
    paths_below,
)

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from heartshare.settings import Settings


@dataclass(frozen=True)
class WaitingFile:
    """A file of the inbox that has not landed, and what it waits for."""

    name: str
    state: str
    next_step: str


def waiting_files(settings: Settings) -> list[WaitingFile]:
    """Return the files of the inbox that have not landed, with what they wait for."""
    inbox = settings.inbox
    if not inbox.is_dir():
        return []
    watched = FolderSource(inbox)
    found = [
        WaitingFile(
            path.name,
            "held: beside the folders",
            "Move it into the folder of its source; here it is never read.",
        )
        for path in watched.misplaced()
    ]
    for folder in sorted(path for path in inbox.iterdir() if path.is_dir()):
        if folder.name.startswith("."):
            continue
        for path in paths_below(folder):
            if state := _held(path):
                found.append(WaitingFile(str(path.relative_to(inbox)), *state))
        found += _fresh(settings, folder)
    return found


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
