"""How a file appears whole or not at all, whatever dies while it is written.

The content goes into a hidden file beside the place, onto the disk, and is renamed: a
reader finds the old file or the new one, also after a loss of power.
"""

from __future__ import annotations

import fcntl
import os
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_ANYBODY = 0o666


def write_whole(path: Path, content: bytes | str, *, mode: int = _ANYBODY) -> None:
    """Write a file in one step; text becomes UTF-8. The folder must exist.

    ``mode`` are the permissions it has from its first byte on, less the umask; those of
    a file that is replaced do not last. Two writers at once take turns, and the later
    one's file stays. An error leaves the old file and nothing beside it; what a writer
    that was killed left is used up by the next one.
    """
    data = content.encode() if isinstance(content, str) else content
    partial = path.with_name(f".{path.name}.part")
    with _turn(partial, mode) as handle:
        try:
            os.ftruncate(handle, 0)
            with os.fdopen(handle, "wb", closefd=False) as stream:
                stream.write(data)
            move_whole(partial, path)
        except BaseException:
            partial.unlink(missing_ok=True)
            raise


@contextmanager
def _turn(partial: Path, mode: int) -> Iterator[int]:
    """Open a hidden file once nobody else writes it; closing it ends the turn."""
    while True:
        handle = os.open(partial, os.O_WRONLY | os.O_CREAT, mode)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX)
            # Whoever had a turn before us has moved away the file that we opened.
            if _is_at(handle, partial):
                yield handle
                return
        finally:
            os.close(handle)


def _is_at(handle: int, path: Path) -> bool:
    try:
        return os.path.samestat(os.fstat(handle), path.stat())
    except FileNotFoundError:
        return False


def move_whole(partial: Path, path: Path) -> None:
    """Let a file that was written beside its place take it; both are in one folder."""
    sync(partial)
    partial.replace(path)
    sync(path.parent)


def sync(path: Path) -> None:
    """Ask the disk to keep a file or the names in a directory."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
