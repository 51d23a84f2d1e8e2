"""How does a step keep the warehouse, or what readers see, to itself?"""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from filelock import FileLock, Timeout

from heartshare.errors import TransientError
from heartshare.warehouse.connections import wait_for_lock

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from heartshare.settings import Settings

#: A publication holds its folder while it copies and swaps.
_PATIENCE_SECONDS = 120.0


class PublicationBusyError(TransientError):
    """Another process publishes, rolls back or erases."""

    def __init__(self, path: Path) -> None:
        super().__init__(
            f"Another process changes {path}. Wait until it has ended, then run this "
            "step again."
        )


@contextmanager
def hold_published(
    settings: Settings, *, wait_seconds: float = _PATIENCE_SECONDS
) -> Iterator[None]:
    """Be the only one who changes what readers see; a build may go on meanwhile.

    Where both locks are needed, the warehouse's is taken first.

    Raises:
        PublicationBusyError: another step holds it for longer than ``wait_seconds``.
    """
    settings.home.mkdir(parents=True, exist_ok=True)
    lock = FileLock(settings.home / "published.lock")
    try:
        lock.acquire(timeout=wait_seconds)
    except Timeout as error:
        raise PublicationBusyError(settings.published) from error
    try:
        yield
    finally:
        lock.release()


@contextmanager
def hold_warehouse(settings: Settings, *, wait_seconds: float = 0.0) -> Iterator[None]:
    """Hold the writer's lock without a connection; dbt and the gate bring their own.

    It is the same lock that ``open_writer`` takes, so never call that inside.

    Raises:
        WarehouseBusyError: another step holds it for longer than ``wait_seconds``.
    """
    settings.home.mkdir(parents=True, exist_ok=True)
    lock = FileLock(settings.warehouse.with_suffix(".lock"))
    wait_for_lock(lock, settings.warehouse, wait_seconds)
    try:
        yield
    finally:
        lock.release()
