"""Step: bring exports in, from the inbox to the raw tables."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from heartshare.exports.landing import (
    LandedFile,
    LoadSummary,
    land_file,
    load_landing,
)
from heartshare.exports.raw_tables import create_raw_tables
from heartshare.orchestration.partitions import last_closed_week
from heartshare.orchestration.steps.building import PATIENCE_SECONDS
from heartshare.orchestration.steps.progress import silent
from heartshare.pulls.folder import FolderSource
from heartshare.warehouse.connections import open_writer

if TYPE_CHECKING:
    from heartshare.orchestration.steps.progress import Progress
    from heartshare.settings import Settings
    from heartshare.weeks import ReportingWeek

LOGGER = logging.getLogger(__name__)


def list_sources(settings: Settings) -> list[str]:
    """Return the names of all sources in the inbox: its folders, in order.

    An inbox that does not exist yet is made, so that people find where to drop files;
    files beside the folders belong to no source, which is said and not an error.
    """
    settings.inbox.mkdir(parents=True, exist_ok=True)
    for path in FolderSource(settings.inbox).misplaced():
        LOGGER.warning(
            "%s is not read: move it into the sub-folder of its source", path
        )
    return sorted(
        path.name
        for path in settings.inbox.iterdir()
        if path.is_dir() and not path.name.startswith(".")
    )


def pull_source(settings: Settings, source_name: str) -> list[LandedFile]:
    """Copy what is new in one source's folder to landing/; return the new files."""
    source = FolderSource(settings.inbox, only=source_name)
    files = source.pull(settings.landing, land_file)
    new = [file for file in files if file.is_new]
    LOGGER.info("%s: %d new files landed", source_name, len(new))
    return new


def load_exports(settings: Settings, *, progress: Progress = silent) -> LoadSummary:
    """Load every landed file that no earlier run has loaded into the raw tables.

    A file that cannot be read does not stop the others: it is in the summary's
    rejections and in raw.export_manifest, with its reason.
    """

    def tell(done: int, total: int) -> None:
        progress("files loaded", done, total)

    with open_writer(settings, wait_seconds=PATIENCE_SECONDS) as connection:
        summary = load_landing(connection, settings.landing, progress=tell)
        connection.execute("checkpoint")
    for reason in summary.rejections:
        LOGGER.warning("A file was not loaded: %s", reason)
    for doubt in summary.doubts:
        LOGGER.warning("%s", doubt)
    LOGGER.info(
        "Loaded %d new files: %d rows in, %d landed, %d rejected; %d files were known",
        summary.files_new - summary.files_rejected - summary.files_duplicate,
        summary.rows_in,
        summary.rows_landed,
        summary.rows_rejected,
        summary.files_known,
    )
    return summary


def newest_exported_week(settings: Settings) -> ReportingWeek | None:
    """Return the last week that had ended when the newest loaded export was made.

    Late files change what the newest week shows, so that is the one to build again.
    None before the first file.
    """
    with open_writer(settings, wait_seconds=PATIENCE_SECONDS) as connection:
        create_raw_tables(connection)
        newest = connection.execute(
            "select max(exported_at)::timestamptz from raw.export_manifest "
            "where status_code = 'loaded'"
        ).fetchall()[0][0]
    return last_closed_week(newest, settings.timezone) if newest else None
