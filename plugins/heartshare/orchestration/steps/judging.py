"""Step: let the gate judge the marts that a build has made."""

from __future__ import annotations

import logging
from datetime import UTC
from typing import TYPE_CHECKING

from heartshare.errors import GateError
from heartshare.orchestration.dbt_runner import published_tables
from heartshare.orchestration.steps.building import PATIENCE_SECONDS
from heartshare.quality.gate import GateVerdict
from heartshare.quality.history import read_runs, run_row
from heartshare.quality.run import latest_run, run_gate
from heartshare.warehouse.builds import latest_build
from heartshare.warehouse.connections import open_writer
from heartshare.warehouse.gate_history import note_runs
from heartshare.warehouse.locking import hold_warehouse
from heartshare.warehouse.revisions import current

if TYPE_CHECKING:
    from datetime import date, datetime

    from heartshare.settings import Settings
    from heartshare.warehouse.builds import Build
    from heartshare.weeks import ReportingWeek

LOGGER = logging.getLogger(__name__)


class OtherWeekBuiltError(GateError):
    """The marts carry another week than the one to be judged, or no whole build."""

    def __init__(self, week: ReportingWeek, found: str) -> None:
        super().__init__(
            f"The warehouse holds {found}, not the marts of {week.label}. "
            f"Run `heartshare build --week {week.label}` first."
        )


def judge_marts(
    settings: Settings,
    week: ReportingWeek,
    *,
    today: date,
    at: datetime,
    is_forced: bool = False,
) -> GateVerdict:
    """Run every check on the marts of a week; return and file the verdict.

    A blocked week is a verdict, not an error: what follows from it is decided above. A
    build that readers see already is not judged again, unless ``is_forced``. The run
    enters the history, and with it every run that the warehouse does not remember.

    Raises:
        OtherWeekBuiltError: the marts are not those of this week.
    """
    build = _built(settings, week)
    seen = current(settings)
    if not is_forced and seen and seen.manifest()["build_id"] == build.build_id:
        LOGGER.info("Readers see this build of %s as %s", week.label, seen.name)
        return GateVerdict.from_dict(seen.verdict())
    published = published_tables(settings)
    with hold_warehouse(settings, wait_seconds=PATIENCE_SECONDS):
        verdict = run_gate(
            settings,
            week,
            build.build_id,
            today=today,
            at=at,
            as_of=build.as_of.replace(tzinfo=UTC),
            published=published,
        )
    note_history(settings)
    LOGGER.info(
        "%s is %s: %d of %d checks passed, page in %s",
        week.label,
        verdict.verdict,
        verdict.checks_passed,
        verdict.checks_total,
        latest_run(settings, week),
    )
    return verdict


def note_history(settings: Settings) -> int:
    """Note every run of gate/ that the warehouse lacks; return how many those were.

    A run whose process died before it was noted comes in with the next one, and so does
    everything after a warehouse was lost.
    """
    runs = [run_row(run) for run in read_runs(settings.gate, skip_damaged=True)]
    with open_writer(settings, wait_seconds=PATIENCE_SECONDS) as connection:
        return note_runs(connection, runs)


def _built(settings: Settings, week: ReportingWeek) -> Build:
    with open_writer(settings, wait_seconds=PATIENCE_SECONDS) as connection:
        build = latest_build(connection)
    if build is None or not build.is_finished:
        raise OtherWeekBuiltError(week, "no finished build")
    if build.week_key != week.key:
        raise OtherWeekBuiltError(week, f"the marts of the week of {build.week_key}")
    return build
