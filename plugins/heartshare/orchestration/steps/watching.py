"""Step: find out what should have happened by now and has not, and what soon cannot."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from heartshare.errors import HeartshareError
from heartshare.orchestration.steps.bouncing import read_bounces
from heartshare.orchestration.steps.editions import due_editions
from heartshare.reporting.archive.issues import latest_folder
from heartshare.reporting.delivery.outbox import Outbox
from heartshare.reporting.editions.periods import Month
from heartshare.warehouse.disk_space import room_at
from heartshare.warehouse.revisions import current

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from heartshare.settings import Settings
    from heartshare.weeks import ReportingWeek

LOGGER = logging.getLogger(__name__)
#: A week needs a backup of the warehouse, a revision, and room for what DuckDB spills.
_WAREHOUSES_A_WEEK = 3
_MEGABYTE = 1_000_000


class OverdueError(HeartshareError):
    """Something of the weekly run is missing."""

    def __init__(self, findings: Sequence[str]) -> None:
        super().__init__(" ".join(findings))
        self.findings = tuple(findings)


def watch_week(settings: Settings, week: ReportingWeek, *, at: datetime) -> None:
    """Check that a week is published, reported and delivered; read what came back.

    A disk on which the next week may not fit is named before it is full.

    Raises:
        OverdueError: names everything that is missing.
    """
    if settings.bounce_address:
        read_bounces(settings, at=at)
    findings = [
        *_publication(settings, week),
        *_report(settings, week, at),
        *_editions(settings, week),
        *_room(settings),
    ]
    if findings:
        raise OverdueError(findings)
    LOGGER.info("%s is published, reported and delivered", week.label)


def _publication(settings: Settings, week: ReportingWeek) -> list[str]:
    revision = current(settings)
    if revision is None:
        return [f"Nothing was ever published; {week.label} is due."]
    manifest = revision.manifest()
    if manifest["week"] < week.key:
        seen = f"{manifest['week_label']} ({revision.name})"
        return [f"{week.label} is due, but readers still see {seen}."]
    return []


def _room(settings: Settings) -> list[str]:
    if not settings.warehouse.exists():
        return []
    needed = _WAREHOUSES_A_WEEK * settings.warehouse.stat().st_size
    free = room_at(settings.warehouse)
    if free >= needed:
        return []
    finding = (
        f"The disk of {settings.home} has {free // _MEGABYTE:,} MB free, and another "
        f"week may need {needed // _MEGABYTE:,} MB (docs/runbook.md#disk-full)."
    )
    return [finding]


def _editions(settings: Settings, week: ReportingWeek) -> list[str]:
    periods = [
        period
        for one in _weeks_with_reports(settings, week)
        for period in due_editions(settings, one)
    ]
    return [
        f"{period.closing_week.label} closes {period.label}, and no edition of it is "
        "in the archive (docs/runbook.md#edition-missing)."
        for period in dict.fromkeys(periods)
        if latest_folder(settings.archive, period.label) is None
    ]


def _weeks_with_reports(settings: Settings, week: ReportingWeek) -> list[ReportingWeek]:
    """Return the weeks of this month and the one before, up to the watched one.

    What is still missing of them is not forgotten once the next week is watched. Those
    before the first that was reported are left out: a backfill sends no edition.
    """
    month = Month.of_week(week)
    weeks = [one for one in (*month.shift(-1).weeks, *month.weeks) if one <= week]
    reported = [one for one in weeks if latest_folder(settings.archive, one.label)]
    return [one for one in weeks if one == week or (reported and one >= reported[0])]


def _report(settings: Settings, week: ReportingWeek, at: datetime) -> list[str]:
    findings = []
    if not any((settings.archive / week.label).glob("r*/report.eml")):
        findings.append(f"No report of {week.label} is in the archive.")
    if settings.outbox.exists():
        findings += [
            f"{row.issue} is {row.state.value} for one recipient: a person must look."
            for row in Outbox(settings.outbox).open_rows(at)
        ]
    return findings
