"""Step: keep a copy of the warehouse, and check what was published."""

from __future__ import annotations

import logging
import shutil
from typing import TYPE_CHECKING

from heartshare.orchestration.steps.building import PATIENCE_SECONDS
from heartshare.warehouse.connections import open_writer
from heartshare.warehouse.locking import hold_warehouse
from heartshare.warehouse.revisions import check, revisions
from heartshare.warehouse.whole_files import move_whole

if TYPE_CHECKING:
    from pathlib import Path

    from heartshare.settings import Settings

LOGGER = logging.getLogger(__name__)
KEPT_BACKUPS = 2


def back_up_warehouse(settings: Settings, name: str) -> Path:
    """Copy the warehouse to backups/ under a name; return the copy.

    The newest two copies by name stay. Everything can be derived again from landing/,
    so a copy saves hours, not data.
    """
    folder = settings.home / "backups"
    folder.mkdir(parents=True, exist_ok=True)
    target = folder / f"warehouse-{name}.duckdb"
    partial = target.with_suffix(".part")
    with open_writer(settings, wait_seconds=PATIENCE_SECONDS) as connection:
        connection.execute("checkpoint")
    with hold_warehouse(settings, wait_seconds=PATIENCE_SECONDS):
        shutil.copyfile(settings.warehouse, partial)
    move_whole(partial, target)
    for old in sorted(folder.glob("warehouse-*.duckdb"))[:-KEPT_BACKUPS]:
        old.unlink()
    LOGGER.info(
        "Backed up the warehouse to %s (%d bytes)", target, target.stat().st_size
    )
    return target


def check_revisions(settings: Settings) -> int:
    """Hold every published file against its digest; return how many revisions stand.

    Raises:
        DamagedRevisionError: for the first file that is missing or differs.
    """
    kept = revisions(settings)
    for revision in kept:
        check(revision)
    LOGGER.info("All files of %d published revisions are as published", len(kept))
    return len(kept)
