"""What does a source remember between pulls, and who may pull it now?"""

from __future__ import annotations

import json
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from filelock import FileLock, Timeout

from heartshare.errors import InputError, TransientError
from heartshare.warehouse.whole_files import write_whole

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

_VERSION = 1


class SourceBusyError(TransientError):
    """Another process pulls the same source at this moment."""

    def __init__(self, source_name: str) -> None:
        super().__init__(
            f"Source {source_name} is being pulled by another process. Wait until it "
            "has ended; two pulls of one source never run at once."
        )


class UnreadableStateError(InputError):
    """The file with a source's cursor is not what heartshare wrote."""

    def __init__(self, path: Path, reason: str) -> None:
        super().__init__(
            f"{path} {reason}. Move it away: the next pull then looks at everything "
            "again, and what has landed already lands once."
        )


class PullState:
    """The cursor and the lock of one source, in a folder of its own."""

    def __init__(self, folder: Path, source_name: str) -> None:
        self.folder = folder
        self.source_name = source_name

    @property
    def path(self) -> Path:
        """The JSON file that holds the cursor."""
        return self.folder / "state.json"

    def read(self) -> dict[str, Any]:
        """Return the cursor of the last save; empty before the first.

        Raises:
            UnreadableStateError: the file is damaged or from a newer heartshare.
        """
        try:
            content = json.loads(self.path.read_text(encoding="utf-8"))
        except FileNotFoundError:
            return {}
        except (ValueError, OSError) as error:
            raise UnreadableStateError(self.path, "cannot be read") from error
        if not isinstance(content, dict) or not isinstance(content.get("cursor"), dict):
            raise UnreadableStateError(self.path, "holds no cursor")
        if content.get("version") != _VERSION:
            raise UnreadableStateError(self.path, "is of another version of heartshare")
        return content["cursor"]

    def save(self, cursor: Mapping[str, Any]) -> None:
        """Replace the cursor: after a crash it is the old one or this one, whole."""
        self.folder.mkdir(parents=True, exist_ok=True)
        state = {"version": _VERSION, "cursor": cursor}
        write_whole(self.path, json.dumps(state, sort_keys=True))

    @contextmanager
    def hold(self, *, wait_seconds: float = 0.0) -> Iterator[None]:
        """Keep every other process from pulling this source meanwhile.

        The lock belongs to the process and ends with it, however it ends.

        Raises:
            SourceBusyError: another process holds it for longer than that.
        """
        self.folder.mkdir(parents=True, exist_ok=True)
        lock = FileLock(self.folder / "lock")
        try:
            lock.acquire(timeout=wait_seconds)
        except Timeout as error:
            raise SourceBusyError(self.source_name) from error
        try:
            yield
        finally:
            lock.release()
