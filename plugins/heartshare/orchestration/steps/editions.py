"""Step: make the edition of a month or half-year and file it in the archive."""

from __future__ import annotations

import json
import logging
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from heartshare.errors import GateError, InputError
from heartshare.language import speaking
from heartshare.orchestration.steps.reporting import issue_files
from heartshare.quality.gate import GateVerdict
from heartshare.quality.history import week_folders
from heartshare.quality.run import latest_verdict
from heartshare.reporting.archive.issues import (
    archived_issue,
    facts_digest,
    file_issue,
    headline,
    issue_of,
    latest_folder,
    next_issue,
    write_index,
)
from heartshare.reporting.editions.facts import changes, stamp
from heartshare.reporting.editions.half_year import half_year_facts, has_programme
from heartshare.reporting.editions.monthly import monthly_facts
from heartshare.reporting.editions.periods import HalfYear, Month, Period, closed_by
from heartshare.reporting.rendering.branding import brand_facts
from heartshare.reporting.rendering.render import render_issue
from heartshare.warehouse.connections import open_reader
from heartshare.warehouse.revisions import revisions
from heartshare.weeks import ReportingWeek

if TYPE_CHECKING:
    from datetime import datetime

    from heartshare.reporting.archive.issues import Issue
    from heartshare.settings import Settings
    from heartshare.warehouse.revisions import Revision

LOGGER = logging.getLogger(__name__)

Row = dict[str, Any]


class MonthNotWholeError(GateError):
    """A monthly edition was asked for while a week of the month is not published."""

    def __init__(
        self, month: Month, unjudged: list[ReportingWeek], held: list[ReportingWeek]
    ) -> None:
        parts, steps = [], []
        if unjudged:
            first = unjudged[0].label
            parts.append(f"never judged: {_labels(unjudged)}")
            steps.append(f"run `heartshare run --week {first}` once it is over")
        if held:
            first = held[0].label
            parts.append(f"held by the data gate: {_labels(held)}")
            steps.append(f"see `heartshare gate --week {first} --explain`")
        super().__init__(
            f"{month.label} has weeks that are not published, so it has no edition "
            f"({'; '.join(parts)}). Next: {', and '.join(steps)}."
        )
        self.missing = (*unjudged, *held)


class RevisionGoneError(InputError):
    """The marts from which an edition would be made are not on disk."""

    def __init__(self, period: Period, week: ReportingWeek) -> None:
        super().__init__(
            f"The edition of {period.label} is made from the marts of {week.label}, "
            "and no published revision of that week is on disk. Once the week is over "
            f"`heartshare run --week {week.label}` publishes it, unless readers see a "
            "newer one by then: docs/runbook.md#edition-missing says how one that was "
            "tidied away comes back."
        )


def _labels(weeks: list[ReportingWeek]) -> str:
    return ", ".join(week.label for week in weeks)


@dataclass(frozen=True)
class _Source:
    """One published revision, the week that it shows, and its verdict."""

    revision: Revision
    verdict: GateVerdict

    @property
    def week(self) -> ReportingWeek:
        return self.verdict.week


def render_edition(settings: Settings, period: Period, *, at: datetime) -> Issue:
    """File the edition of a period and return its place in the archive.

    It is made from the newest published revision of the period's closing week. Once
    filed, only another revision of the same week can correct it: later weeks know more,
    but the edition says what was known then. The same revision makes it once.

    Raises:
        MonthNotWholeError: a week of the month is not published.
        NoProgrammeError: no employee took part in the half-year.
        RankingNotFrozenError: the half-year's ranking can still change.
        RevisionGoneError: no revision of the closing week is on disk.
    """
    with speaking(settings.language):
        issue = _filed(settings, period, at)
        write_index(settings.archive, settings.organisation, settings.archive_url)
    return issue


def due_editions(settings: Settings, week: ReportingWeek) -> list[Period]:
    """Return the periods whose edition is due with a published week.

    Those that the week closes, and its month if that waited for this week alone. A
    month in which the first week was ever judged after the month's own first has none,
    nor has a half-year without an employee programme.
    """
    found = list(closed_by(week))
    month = Month.of_week(week)
    waited = (
        month not in found
        and latest_folder(settings.archive, month.label) is None
        and not any(_missing(settings, month))
    )
    judged = sorted(
        ReportingWeek.parse(one.name) for one in week_folders(settings.gate)
    )
    return [
        period
        for period in ([month, *found] if waited else found)
        if (
            _is_run(settings, period)
            if isinstance(period, HalfYear)
            else judged and judged[0] <= period.weeks[0]
        )
    ]


def _is_run(settings: Settings, half: HalfYear) -> bool:
    """Return whether a half-year has a programme, or may: its marts are not on disk."""
    try:
        source = _source(settings, half)
    except RevisionGoneError:
        return True
    with open_reader(source.revision.database) as connection:
        return has_programme(connection, half)


def _filed(settings: Settings, period: Period, at: datetime) -> Issue:
    if isinstance(period, Month):
        _require_whole(settings, period)
    source = _source(settings, period)
    reported = issue_of(
        settings.archive, source.week, source.revision.name, period.label
    )
    if reported:
        LOGGER.info("%s already reports on %s", reported.key, source.revision.name)
        return reported
    facts = _facts(settings, period, source)
    digest = facts_digest(facts)
    issue = next_issue(settings.archive, source.week, digest, period.label)
    if not issue.is_new:
        LOGGER.info("%s: %s says the same", period.label, issue.key)
        return issue
    told = []
    if before := latest_folder(settings.archive, period.label):
        old = json.loads((before / "facts.json").read_text(encoding="utf-8"))
        told = changes(old, facts)
    facts = stamp(facts, issue.revision, source.revision.name, told)
    with tempfile.TemporaryDirectory() as folder:
        rendered = render_issue(facts, source.verdict, Path(folder))
        file_issue(
            issue,
            issue_files(rendered, issue, sender=settings.mail_from, at=at),
            at=at,
            verdict=str(source.verdict.verdict),
            headline=headline(facts),
            digest=digest,
        )
    LOGGER.info("Filed %s: %s", issue.key, issue.path / "index.html")
    return issue


def _require_whole(settings: Settings, month: Month) -> None:
    """Refuse a month with a week that the gate has not let out.

    A week in which nothing happened, such as a holiday, counts once the gate let it
    pass: then it was published like any other.
    """
    unjudged, held = _missing(settings, month)
    if unjudged or held:
        raise MonthNotWholeError(month, unjudged, held)


def _missing(
    settings: Settings, month: Month
) -> tuple[list[ReportingWeek], list[ReportingWeek]]:
    """Return the weeks of a month that were never judged, and those that are held."""
    verdicts = {week: latest_verdict(settings, week) for week in month.weeks}
    unjudged = [week for week, one in verdicts.items() if one is None]
    held = [week for week, one in verdicts.items() if one and not one.is_publishable]
    return unjudged, held


def _source(settings: Settings, period: Period) -> _Source:
    """Return the newest revision of the week that an edition is made from."""
    filed = latest_folder(settings.archive, period.label)
    week = archived_issue(filed).week if filed else period.closing_week
    on_disk = _on_disk(settings)
    found = [one for one in on_disk if one.week == week]
    if not found and not filed and isinstance(period, HalfYear):
        later = [one.week for one in on_disk if one.week > week]
        found = [one for one in on_disk if later and one.week == min(later)]
    if not found:
        raise RevisionGoneError(period, week)
    return found[-1]


def _on_disk(settings: Settings) -> list[_Source]:
    """Return every published revision with its verdict, oldest first."""
    return [
        _Source(one, GateVerdict.from_dict(one.verdict()))
        for one in revisions(settings)
    ]


def _facts(settings: Settings, period: Period, source: _Source) -> Row:
    with open_reader(source.revision.database) as connection:
        if isinstance(period, Month):
            facts = monthly_facts(
                connection,
                source.verdict,
                period,
                organisation=settings.organisation,
                issues=_weekly_issues(settings, period),
            )
        else:
            facts = half_year_facts(
                connection, source.verdict, period, organisation=settings.organisation
            )
    if brand := brand_facts(settings):
        facts["issue"]["brand"] = brand
    return facts


def _weekly_issues(settings: Settings, month: Month) -> list[Row]:
    """Return what the month's weekly issues told readers in the end, oldest first.

    Without the last week: its issue is filed at the same time as the edition.
    """
    found = []
    for week in month.weeks[:-1]:
        if folder := latest_folder(settings.archive, week.label):
            facts = json.loads((folder / "facts.json").read_text(encoding="utf-8"))
            restated = facts.get("restatements") or {"rows": [], "further": 0}
            found.append(
                {
                    "key": f"{week.label}.{folder.name}",
                    "revision": int(folder.name.removeprefix("r")),
                    "restated": len(restated["rows"]) + restated["further"],
                    "headline": headline(facts),
                }
            )
    return found
