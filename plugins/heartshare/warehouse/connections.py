"""Who may open the warehouse: one writer at a time, any number of readers elsewhere."""

from __future__ import annotations

import logging
from contextlib import contextmanager
from typing import TYPE_CHECKING, TypeAlias

import duckdb
from filelock import FileLock, Timeout

from heartshare.errors import InputError, TransientError
from heartshare.warehouse.disk_space import DiskFullError, is_full

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from heartshare.settings import Settings

LOGGER = logging.getLogger(__name__)

#: What every module below orchestration receives instead of importing duckdb.
Connection: TypeAlias = duckdb.DuckDBPyConnection


#: What DuckDB says of a file that is no database, cut short, or changed.
_DAMAGE = ("not a valid DuckDB database", "enough bytes", "Corrupt database")
#: So long somebody waits for a lock without being told why.
_SILENT_SECONDS = 5.0


class WarehouseBusyError(TransientError):
    """Another process writes to the warehouse."""

    def __init__(self, path: Path) -> None:
        super().__init__(
            f"{path} is open in another process. Only one step may write at a time: "
            "wait until it has ended, then run this step again."
        )


class WarehouseMissingError(InputError):
    """A database file that should be read is not there."""

    def __init__(self, path: Path) -> None:
        super().__init__(
            f"{path} does not exist. Run 'heartshare land' and 'heartshare build', or "
            "check HEARTSHARE_HOME."
        )


class WarehouseDamagedError(InputError):
    """A file stands where the database should be, but is none."""

    def __init__(self, path: Path) -> None:
        super().__init__(
            f"{path} is not a DuckDB database. Move it away; what it held is derived "
            "again from landing/ by 'heartshare run'."
        )


def wait_for_lock(lock: FileLock, path: Path, wait_seconds: float) -> None:
    """Take the warehouse's lock, and say so once it takes longer than a moment.

    Raises:
        WarehouseBusyError: another process holds it for longer than ``wait_seconds``.
    """
    try:
        lock.acquire(timeout=min(wait_seconds, _SILENT_SECONDS))
    except Timeout as error:
        rest = wait_seconds - _SILENT_SECONDS
        if rest <= 0:
            raise WarehouseBusyError(path) from error
        LOGGER.info(
            "Another step holds %s: waiting for its end, up to %.0f seconds", path, rest
        )
    else:
        return
    try:
        lock.acquire(timeout=rest)
    except Timeout as error:
        raise WarehouseBusyError(path) from error


@contextmanager
def open_writer(
    settings: Settings, *, wait_seconds: float = 0.0
) -> Iterator[Connection]:
    """Open the warehouse as its single writer, with the session in UTC.

    The lock file beside the warehouse makes the refusal clear and immediate, also
    between steps that hold no database connection while they work.

    Raises:
        WarehouseBusyError: another process holds the lock or the database file.
        DiskFullError: the disk takes no more, now or while the block writes.
    """
    settings.home.mkdir(parents=True, exist_ok=True)
    lock = FileLock(settings.warehouse.with_suffix(".lock"))
    wait_for_lock(lock, settings.warehouse, wait_seconds)
    try:
        with _connect(settings.warehouse) as connection:
            yield connection
    finally:
        lock.release()


@contextmanager
def open_reader(path: Path) -> Iterator[Connection]:
    """Open a database file read-only, with the session in UTC.

    Raises:
        WarehouseMissingError: there is no such file.
        WarehouseBusyError: a writer holds it.
    """
    if not path.exists():
        raise WarehouseMissingError(path)
    with _connect(path, read_only=True) as connection:
        yield connection


@contextmanager
def open_file(path: Path) -> Iterator[Connection]:
    """Open a database file of one's own for writing, such as a copy, in UTC.

    The warehouse itself is written through ``open_writer``, which takes its lock.

    Raises:
        WarehouseBusyError: another process holds the file.
    """
    with _connect(path) as connection:
        yield connection


@contextmanager
def open_memory() -> Iterator[Connection]:
    """Open an empty database that lives as long as the block, in UTC."""
    connection = duckdb.connect(":memory:")
    try:
        connection.execute("set TimeZone = 'UTC'")
        yield connection
    finally:
        connection.close()


@contextmanager
def _connect(path: Path, *, read_only: bool = False) -> Iterator[Connection]:
    try:
        connection = duckdb.connect(str(path), read_only=read_only)
    except duckdb.Error as error:
        if "Could not set lock" in str(error):  # a damaged "block" is no lock
            raise WarehouseBusyError(path) from error
        if any(sign in str(error) for sign in _DAMAGE):
            raise WarehouseDamagedError(path) from error
        if is_full(error):
            raise DiskFullError(path) from error
        raise
    try:
        connection.execute("set TimeZone = 'UTC'")
        yield connection
    except duckdb.Error as error:
        if is_full(error):
            raise DiskFullError(path) from error
        raise
    finally:
        connection.close()
