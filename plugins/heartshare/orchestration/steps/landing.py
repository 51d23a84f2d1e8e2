"""Step: load what has landed into the raw tables."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from heartshare.exports.contract import load_contracts
from heartshare.exports.erasing import forget_former_files, redact_landing
from heartshare.exports.landing import LoadSummary, load_landing
from heartshare.exports.raw_tables import create_raw_tables
from heartshare.orchestration.partitions import last_closed_week
from heartshare.orchestration.steps.building import PATIENCE_SECONDS
from heartshare.orchestration.steps.progress import silent
from heartshare.orchestration.steps.sources import escaped_sources, source_zones
from heartshare.warehouse.connections import open_writer
from heartshare.warehouse.erasures import ErasureList

if TYPE_CHECKING:
    from heartshare.orchestration.steps.progress import Progress
    from heartshare.settings import Settings
    from heartshare.weeks import ReportingWeek

LOGGER = logging.getLogger(__name__)


def load_exports(settings: Settings, *, progress: Progress = silent) -> LoadSummary:
    """Load every landed file that no earlier run has loaded into the raw tables.

    A file that cannot be read does not stop the others: it is in the summary's
    rejections and in raw.export_manifest, with its reason. Before anything is loaded,
    the people on the erasure list are taken out of every file that is new.

    Raises:
        ErasureSecretError: the erasure list was written with another secret.
    """
    erasures = ErasureList(settings.erasures, settings.person_salt)

    def tell(done: int, total: int) -> None:
        progress("files loaded", done, total)

    def tell_checked(done: int, total: int) -> None:
        progress("files held against the erasure list", done, total)

    with open_writer(settings, wait_seconds=PATIENCE_SECONDS) as connection:
        create_raw_tables(connection)
        erased = redact_landing(
            settings.landing, load_contracts(), erasures, progress=tell_checked
        )
        forget_former_files(connection, settings.landing)
        summary = load_landing(
            connection,
            settings.landing,
            progress=tell,
            zones={name: zone.key for name, zone in source_zones(settings).items()},
            escaped=escaped_sources(settings),
        )
        summary.erased = erased
        connection.execute("checkpoint")
    for reason in summary.rejections:
        LOGGER.warning("A file was not loaded: %s", reason)
    for doubt in summary.doubts:
        LOGGER.warning("%s", doubt)
    LOGGER.info(
        "Loaded %d new files: %d rows in, %d landed, %d rejected; %d files were "
        "known, %d deliveries brought nothing new",
        summary.files_new - summary.files_rejected - summary.files_duplicate,
        summary.rows_in,
        summary.rows_landed,
        summary.rows_rejected,
        summary.files_known,
        summary.files_unchanged,
    )
    return summary


def newest_exported_week(settings: Settings) -> ReportingWeek | None:
    """Return the last week that had ended when the newest loaded export was made.

    Exports that came again unchanged count as well. Late files change what the newest
    week shows, so that is the one to build again. None before the first file.
    """
    with open_writer(settings, wait_seconds=PATIENCE_SECONDS) as connection:
        create_raw_tables(connection)
        newest = connection.execute(
            "select max(moment)::timestamptz from ("
            "select exported_at as moment from raw.export_manifest "
            "where status_code = 'loaded' "
            "union all select seen_at from raw.unchanged_exports where exists "
            "(from raw.export_manifest where status_code = 'loaded'))"
        ).fetchall()[0][0]
    return last_closed_week(newest, settings.timezone) if newest else None
