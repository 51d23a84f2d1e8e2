"""Step: build the marts of one week in the warehouse, unless they are there already."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from heartshare.errors import InputError
from heartshare.exports.raw_tables import create_raw_tables
from heartshare.exports.unchanged_loading import unchanged_digest
from heartshare.listening.score_tables import create_score_tables
from heartshare.orchestration.dbt_runner import (
    build_project,
    digest_project,
    has_target,
    made_tables,
)
from heartshare.orchestration.steps.progress import silent
from heartshare.reporting.archive.issues import last_issue_before, read_manifest
from heartshare.warehouse.builds import (
    close_build,
    identify_build,
    latest_build,
    open_build,
)
from heartshare.warehouse.connections import open_writer
from heartshare.warehouse.locking import hold_warehouse
from heartshare.warehouse.orphans import drop_orphans
from heartshare.warehouse.printed import (
    FIGURES,
    INPUTS,
    forget_printed,
    note_printed,
)

if TYPE_CHECKING:
    from datetime import datetime

    from heartshare.orchestration.steps.progress import Progress
    from heartshare.settings import Settings
    from heartshare.warehouse.connections import Connection
    from heartshare.weeks import ReportingWeek

LOGGER = logging.getLogger(__name__)
#: A step of another run may hold the warehouse; pools do not reach the command line.
PATIENCE_SECONDS = 600.0


@dataclass(frozen=True)
class BuildSummary:
    """Which build the marts carry now; ``is_new`` when this call made it."""

    build_id: str
    is_new: bool
    nodes: int = 0
    warned: int = 0


class NothingLandedError(InputError):
    """A week is to be built, but no export has arrived in time for it."""

    def __init__(self, week: ReportingWeek, as_of: datetime) -> None:
        super().__init__(
            f"No export that was made before {as_of:%Y-%m-%d %H:%M} UTC has been "
            f"loaded, so {week.label} cannot be built. Put exports into the inbox and "
            "run `heartshare land`."
        )


def default_as_of(settings: Settings, week: ReportingWeek) -> datetime:
    """Return the instant until which exports count for a week: one week after its end.

    The week's own exports arrive on the following Monday, late and corrected ones in
    the days after.
    """
    return week.shift(1).ends_at(settings.timezone)


def build_marts(
    settings: Settings,
    week: ReportingWeek,
    *,
    as_of: datetime | None = None,
    progress: Progress = silent,
) -> BuildSummary:
    """Build and test all models for a week, and return which build the marts carry.

    Nothing runs when the marts already carry this very build.

    Raises:
        NothingLandedError: there is nothing to build from.
        BuildFailedError: a model or a test failed; the marts carry no whole build.
    """
    moment = as_of or default_as_of(settings, week)
    project = digest_project(settings)
    with open_writer(settings, wait_seconds=PATIENCE_SECONDS) as connection:
        create_raw_tables(connection)
        create_score_tables(connection)
        inputs = [item["file_sha256"] for item in loaded_files(connection, moment)]
        if not inputs:
            raise NothingLandedError(week, moment)
        build_id = identify_build(
            week,
            as_of=moment,
            timezone=settings.timezone.key,
            inputs=[
                *inputs,
                f"unchanged-{unchanged_digest(connection, moment, settings.timezone)}",
                _scores(connection),
                _printed(connection, settings, week),
            ],
            project_digest=project,
        )
        latest = latest_build(connection)
        if (
            latest
            and latest.is_finished
            and latest.build_id == build_id
            and has_target(settings)
        ):
            LOGGER.info("The marts of %s are up to date (%s)", week.label, build_id)
            return BuildSummary(build_id, is_new=False)
        open_build(connection, week, build_id, moment)
    with hold_warehouse(settings, wait_seconds=PATIENCE_SECONDS):
        summary = build_project(settings, _variables(settings, week, moment), progress)
    with open_writer(settings, wait_seconds=PATIENCE_SECONDS) as connection:
        _clear_orphans(connection, settings)
        close_build(connection, build_id)
        connection.execute("checkpoint")
    LOGGER.info(
        "Built %s from %d files: %d nodes, %d warnings (%s)",
        week.label,
        len(inputs),
        summary.nodes,
        summary.warned,
        build_id,
    )
    return BuildSummary(
        build_id, is_new=True, nodes=summary.nodes, warned=summary.warned
    )


def _clear_orphans(connection: Connection, settings: Settings) -> None:
    """Drop what models have left that are no more, after a build of all that are."""
    dropped = drop_orphans(connection, made_tables(settings))
    if dropped:
        LOGGER.info("Dropped, since no model makes it: %s", ", ".join(dropped))


def loaded_files(connection: Connection, as_of: datetime) -> list[dict[str, Any]]:
    """Return every loaded file that was exported before an instant, ordered by digest.

    One dictionary per file: file_sha256, contract, rows (landed).
    """
    rows = connection.execute(
        "select file_sha256, contract_code, rows_landed from raw.export_manifest "
        "where status_code = 'loaded' and exported_at < ? order by file_sha256",
        [as_of.replace(tzinfo=None)],
    ).fetchall()
    return [
        {"file_sha256": digest, "contract": contract, "rows": landed}
        for digest, contract, landed in rows
    ]


def _printed(connection: Connection, settings: Settings, week: ReportingWeek) -> str:
    """Bring in what the last issue before the week printed; return its digest.

    What readers were told is an input of the restatements: it cannot be derived from
    the exports once a definition has changed.
    """
    issue = last_issue_before(settings.archive, week, FIGURES)
    if issue is None:
        forget_printed(connection)
        return "printed-nothing"
    manifest = read_manifest(issue)
    note_printed(connection, manifest["issue"], manifest["week"], issue)
    files = manifest["files"]
    return f"printed-{manifest['issue']}-{files[FIGURES]}-{files[INPUTS]}"


def _scores(connection: Connection) -> str:
    """Return a digest of the scored texts: scoring later makes other marts."""
    rows = connection.execute(
        "select coalesce(bit_xor(md5_number_lower(concat_ws('|', text_hash, "
        "scorer_version, normaliser_version, detector_version))), 0)::varchar "
        "from raw.listening__text_scores"
    ).fetchall()
    return f"scores-{rows[0][0]}"


def _variables(
    settings: Settings, week: ReportingWeek, as_of: datetime
) -> dict[str, str]:
    return {
        "week": week.key,
        "as_of": as_of.strftime("%Y-%m-%d %H:%M:%S"),
        "timezone": settings.timezone.key,
    }
