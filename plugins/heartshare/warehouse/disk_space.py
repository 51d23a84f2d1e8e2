"""What is said where a disk takes no more: which one, how much is free, what to do?"""

from __future__ import annotations

import errno
import shutil
from typing import TYPE_CHECKING

from heartshare.errors import TransientError

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

_FULL = {errno.ENOSPC, errno.EDQUOT}
#: What DuckDB, SQLite and the operating system say; DuckDB names the setting where it
#: finds no room for what does not fit into memory.
_SIGNS = (
    "No space left on device",
    "Disk quota exceeded",
    "database or disk is full",
    "max_temp_directory_size",
)
_MEGABYTE = 1_000_000


class DiskFullError(TransientError):
    """The disk that holds a file takes no more."""

    def __init__(self, path: Path) -> None:
        place = _mount(path)
        room = shutil.disk_usage(place)
        super().__init__(
            f"The disk that holds {path} is full: {place} has "
            f"{room.free // _MEGABYTE:,} of {room.total // _MEGABYTE:,} MB free now. "
            "Make room, then run the same command again: what was not written to its "
            "end does not count. docs/runbook.md#disk-full says what may go."
        )


def is_full(error: BaseException | str | None) -> bool:
    """Return whether a full disk is behind an error or its text.

    A transaction that the disk broke off cannot be rolled back, which is an error too:
    the one before it is asked as well.
    """
    if isinstance(error, OSError) and error.errno in _FULL:
        return True
    if any(sign in str(error) for sign in _SIGNS):
        return True
    return isinstance(error, BaseException) and is_full(error.__context__)


def room_at(path: Path) -> int:
    """Return how many bytes are free on the disk that holds a path."""
    return shutil.disk_usage(_mount(path)).free


def fullest(paths: Iterable[Path]) -> Path:
    """Return the path on whose disk least is free: a write that failed names none."""
    return min(paths, key=room_at)


def _mount(path: Path) -> Path:
    """Return where the disk is mounted that holds a path, which need not exist."""
    place = path.absolute()
    while not place.is_mount() and place != place.parent:
        place = place.parent
    return place
