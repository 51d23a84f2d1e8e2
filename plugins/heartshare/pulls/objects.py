"""Which objects of a bucket, server or folder are new, and how do they land?

Works on any fsspec filesystem that is handed in. An object is read when its size,
moment or tag differ from what the cursor remembers; whether its content is new is
decided by the landing folder, by digest. No file is ever held in memory.
"""

from __future__ import annotations

import errno
import logging
from datetime import timedelta
from typing import TYPE_CHECKING

from heartshare.pulls.object_listing import Remote, look
from heartshare.pulls.source import (
    AccessRefusedError,
    SourceAwayError,
    SourceOptionError,
)

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime
    from typing import Any

    from heartshare.pulls.declarations import Declaration
    from heartshare.pulls.object_listing import FoundObject
    from heartshare.pulls.source import PullRun, PullSummary

LOGGER = logging.getLogger(__name__)

_CHUNK_BYTES = 8 << 20
#: The cursor is saved whenever so much has landed since; a kill repeats at most that.
_SAVE_BYTES = 64 << 20
_SAVE_OBJECTS = 100
#: So many unreadable objects in a row mean that the source is away.
_FAILURES_IN_A_ROW = 3


class _UnfinishedError(Exception):
    """An object changed or ended early while it was read; nothing of it landed."""


class _UnreadableError(Exception):
    """An object could not be read; the filesystem's error is the cause."""


class ObjectSource:
    """The objects below one place, as a source declares them."""

    kind = "objects"

    def __init__(self, remote: Remote, declaration: Declaration) -> None:
        self._remote = remote
        self._options = declaration.options
        self._settle = timedelta(seconds=declaration.options["settle_seconds"])
        self._overlap = timedelta(days=declaration.overlap_days)

    def pull(self, run: PullRun) -> PullSummary:
        """Land every object that is new, and save what was seen behind it.

        Where uploads are not atomic, an object that changed a moment ago is looked at
        once more in this pull; if it still changes, it waits for the next one.

        Raises:
            AccessRefusedError: the connection may not list or read there.
            SourceOptionError: the url leads nowhere.
            SourceAwayError: the storage is busy or away; what landed is kept.
        """
        walk = _Walk(run, self._remote, self._settle, self._overlap)
        try:
            walk.take(self._found(run), run.now)
            if walk.waiting and self._settle.total_seconds() <= run.patience:
                LOGGER.info(
                    "%s: %d files may still be written; looking again in %d seconds",
                    run.source_name,
                    len(walk.waiting),
                    self._settle.total_seconds(),
                )
                run.sleep(self._settle.total_seconds())
                walk.take(self._found(run), run.now + self._settle)
        finally:
            walk.save()
        walk.raise_failures()
        return run.summary

    def _found(self, run: PullRun) -> list[FoundObject]:
        """Return the objects there; say what is wrong when there is no looking."""
        name = run.source_name
        remote = self._remote
        try:
            listing = look(remote, self._options)
        except remote.refused as error:
            what = f"access to {remote.url} was refused ({_said(error)})"
            raise AccessRefusedError(name, remote.connection, what) from error
        except remote.missing as error:
            what = f"{remote.url} does not exist there"
            raise SourceOptionError(name, what) from error
        except remote.away as error:
            if getattr(error, "errno", None) in {errno.EINVAL, errno.EPERM}:
                what = f"{remote.url} cannot be listed ({_said(error)})"
                raise AccessRefusedError(name, remote.connection, what) from error
            what = f"{remote.url} cannot be reached ({_said(error)})"
            raise SourceAwayError(name, what) from error
        run.summary.doubts[:] = listing.doubts
        return listing.found


class _Walk:
    """One pull's way through the objects: what to read, what has been seen."""

    def __init__(
        self, run: PullRun, remote: Remote, settle: timedelta, overlap: timedelta
    ) -> None:
        self._run = run
        self._remote = remote
        self._settle = settle
        self._since = run.now - overlap if overlap else None
        self._seen: dict[str, list[Any]] = dict(run.cursor.get("objects", {}))
        self._looks: dict[str, dict[str, Any]] = dict(run.cursor.get("looks", {}))
        self._taken: set[str] = set()
        self._unsaved = (0, 0)
        self._failed: list[tuple[FoundObject, BaseException]] = []
        self.waiting: list[FoundObject] = []

    def take(self, found: list[FoundObject], moment: datetime) -> None:
        """Land what is new and finished among the objects, in order of their paths."""
        there = {each.path for each in found}
        self._seen = {path: seen for path, seen in self._seen.items() if path in there}
        self._looks = {p: look for p, look in self._looks.items() if p in there}
        todo = [each for each in found if self._is_new(each)]
        self.waiting, self._failed = [], []
        in_a_row = 0
        for done, each in enumerate(todo):
            self._run.progress("objects looked at", done, len(todo))
            if not self._is_finished(each, moment):
                self.waiting.append(each)
                continue
            try:
                self._land(each)
                in_a_row = 0
            except _UnfinishedError as error:
                LOGGER.info("%s is left for later: %s", each.path, error)
                self.waiting.append(each)
            except _UnreadableError as error:
                self._failed.append((each, error.__cause__ or error))
                in_a_row += 1
                if in_a_row == _FAILURES_IN_A_ROW:
                    break
        self._run.progress("objects looked at", len(todo), len(todo))
        self._run.summary.files_waiting = len(self.waiting)

    def save(self) -> None:
        """Store what has been seen, unless nothing of it changed."""
        cursor = {"objects": self._seen, "looks": self._looks}
        if cursor != self._run.cursor:
            self._run.save(cursor)
        self._unsaved = (0, 0)

    def raise_failures(self) -> None:
        """Say what could not be read, once everything else has landed."""
        if not self._failed:
            return
        each, error = self._failed[0]
        more = f" and {len(self._failed) - 1} more" if len(self._failed) > 1 else ""
        what = f"{each.path}{more} cannot be read ({_said(error)})"
        name = self._run.source_name
        if isinstance(error, self._remote.refused):
            raise AccessRefusedError(name, self._remote.connection, what) from error
        raise SourceAwayError(name, what) from error

    def _is_new(self, each: FoundObject) -> bool:
        if each.path in self._taken:
            return False
        is_overlapping = (
            self._since is not None
            and each.modified_at is not None
            and each.modified_at >= self._since
        )
        return is_overlapping or self._seen.get(each.path) != each.fingerprint

    def _is_finished(self, each: FoundObject, moment: datetime) -> bool:
        """Tell whether an object has not changed for as long as it takes to settle.

        Either its own moment says so, or an earlier look at it does.
        """
        if self._remote.is_atomic:
            return True
        if each.modified_at and moment - each.modified_at > self._settle:
            return True
        earlier = self._looks.get(each.path)
        waited = moment.timestamp() - earlier["at"] if earlier else -1.0
        # A look from the future was taken before the clock was put right.
        if earlier and earlier["fingerprint"] == each.fingerprint and waited >= 0:
            return waited >= self._settle.total_seconds()
        self._looks[each.path] = {
            "fingerprint": each.fingerprint,
            "at": moment.timestamp(),
        }
        return False

    def _land(self, each: FoundObject) -> None:
        self._run.land(
            each.name,
            self._chunks(each),
            exported_at=each.modified_at or self._run.now,
            source_name=each.source_name,
        )
        self._seen[each.path] = each.fingerprint
        self._looks.pop(each.path, None)
        self._taken.add(each.path)
        count, size = self._unsaved
        self._unsaved = (count + 1, size + each.size)
        if count + 1 >= _SAVE_OBJECTS or size + each.size >= _SAVE_BYTES:
            self.save()

    def _chunks(self, each: FoundObject) -> Iterator[bytes]:
        """Yield an object's bytes, and fail unless they are all of it."""
        done = 0
        try:
            with self._remote.open(each, _CHUNK_BYTES) as stream:
                while chunk := stream.read(_CHUNK_BYTES):
                    yield chunk
                    done += len(chunk)
                    if each.size > _CHUNK_BYTES:
                        self._run.progress(each.name, done, each.size)
            unchanged = self._remote.is_atomic or self._remote.is_unchanged(each)
        except self._remote.missing as error:
            raise _UnfinishedError("it is gone") from error
        except (*self._remote.refused, *self._remote.away) as error:
            raise _UnreadableError from error
        if done != each.size:
            message = f"{done} bytes came of {each.size}"
            raise _UnreadableError from EOFError(message)
        if not unchanged:
            raise _UnfinishedError("it changed while it was read")


def _said(error: BaseException) -> str:
    return " ".join(str(error).split()) or type(error).__name__
