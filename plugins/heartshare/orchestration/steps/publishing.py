"""Step: publish the gated marts of a week as a new revision."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from heartshare.errors import GateError
from heartshare.orchestration.dbt_runner import published_tables
from heartshare.orchestration.published_notes import published_notes
from heartshare.orchestration.steps.building import (
    PATIENCE_SECONDS,
    loaded_files,
)
from heartshare.quality.gate import WeekHeldError
from heartshare.quality.run import latest_verdict
from heartshare.warehouse.builds import latest_build
from heartshare.warehouse.connections import open_writer
from heartshare.warehouse.publication import publish

if TYPE_CHECKING:
    from heartshare.quality.gate import GateVerdict
    from heartshare.settings import Settings
    from heartshare.warehouse.revisions import Revision
    from heartshare.weeks import ReportingWeek

LOGGER = logging.getLogger(__name__)


class NeverJudgedError(GateError):
    """A week is to be published on which the gate has never spoken."""

    def __init__(self, week: ReportingWeek) -> None:
        super().__init__(
            f"The gate has not judged {week.label}. "
            f"Run `heartshare gate --week {week.label}` first."
        )


def verdict_on(settings: Settings, week: ReportingWeek) -> GateVerdict:
    """Return the gate's last verdict on a week, fit or not.

    Raises:
        NeverJudgedError: there is none.
    """
    verdict = latest_verdict(settings, week)
    if verdict is None:
        raise NeverJudgedError(week)
    return verdict


def publish_marts(
    settings: Settings, week: ReportingWeek, *, accepts_breaking: bool = False
) -> Revision:
    """Publish the week on the strength of its last verdict; return the revision.

    Raises:
        WeekHeldError: the gate has blocked the week.
        NeverJudgedError: it has never judged it.
        OtherBuildJudgedError: the marts were built again since.
        OlderWeekError: readers already see a newer week.
        BreakingChangeError: readers would lose a table, a column or its type.
    """
    verdict = verdict_on(settings, week)
    if not verdict.is_publishable:
        raise WeekHeldError(verdict)
    with open_writer(settings, wait_seconds=PATIENCE_SECONDS) as connection:
        build = latest_build(connection)
        inputs = loaded_files(connection, build.as_of) if build else []
    revision = publish(
        settings,
        week=week,
        build_id=verdict.build_id,
        verdict=verdict.to_dict(),
        tables=published_tables(settings),
        inputs=inputs,
        notes=published_notes(settings),
        accepts_breaking=accepts_breaking,
    )
    LOGGER.info(
        "%s %s as %s (%s)",
        "Published" if revision.is_new else "Readers already see",
        week.label,
        revision.name,
        revision.path,
    )
    return revision
