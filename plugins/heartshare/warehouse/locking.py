"""How does a step keep the warehouse to itself while another library opens it?"""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from filelock import FileLock, Timeout

from heartshare.warehouse.connections import WarehouseBusyError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from heartshare.settings import Settings


@contextmanager
def hold_warehouse(settings: Settings, *, wait_seconds: float = 0.0) -> Iterator[None]:
    """Hold the writer's lock without a connection; dbt and the gate bring their own.

    It is the same lock that ``open_writer`` takes, so never call that inside.

    Raises:
        WarehouseBusyError: another step holds it for longer than ``wait_seconds``.
    """
    settings.home.mkdir(parents=True, exist_ok=True)
    lock = FileLock(settings.warehouse.with_suffix(".lock"))
    try:
        lock.acquire(timeout=wait_seconds)
    except Timeout as error:
        raise WarehouseBusyError(settings.warehouse) from error
    try:
        yield
    finally:
        lock.release()
