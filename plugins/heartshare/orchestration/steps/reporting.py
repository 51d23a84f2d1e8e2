"""Step: render the published week and file it in the archive."""

from __future__ import annotations

import json
import logging
import tempfile
from datetime import UTC
from pathlib import Path
from typing import TYPE_CHECKING, Any

from heartshare.errors import GateError
from heartshare.language import say, speaking
from heartshare.quality.gate import GateVerdict
from heartshare.quality.run import verdict_of_build
from heartshare.reporting.archive.issues import (
    Issue,
    facts_digest,
    file_issue,
    issue_of,
    next_issue,
    write_index,
)
from heartshare.reporting.delivery.sending import MailContent, freeze_email
from heartshare.reporting.rendering.branding import brand_facts
from heartshare.reporting.rendering.render import render_issue
from heartshare.reporting.weekly.facts import build_facts
from heartshare.warehouse.connections import open_reader
from heartshare.warehouse.printed import printed_files
from heartshare.warehouse.revisions import current

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from heartshare.reporting.rendering.render import RenderedIssue
    from heartshare.settings import Settings
    from heartshare.warehouse.revisions import Revision
    from heartshare.weeks import ReportingWeek

LOGGER = logging.getLogger(__name__)


class WeekNotPublishedError(GateError):
    """A report was asked for on a week that readers do not see."""

    def __init__(self, week: ReportingWeek, seen: str) -> None:
        super().__init__(
            f"{week.label} is not what is published ({seen}), so there is no report of "
            f"it. Run `heartshare publish --week {week.label}` first."
        )


class VerdictLostError(GateError):
    """An archived issue cannot be rendered: nobody knows what the gate said."""

    def __init__(self, issue: Issue) -> None:
        super().__init__(
            f"{issue.key} cannot be rendered again: gate/{issue.week.label}/ holds no "
            "verdict of its build. Restore that folder from a backup."
        )


def render_report(settings: Settings, week: ReportingWeek, *, at: datetime) -> Issue:
    """File the report of a published week and return its place in the archive.

    One published revision has one issue: readers never get a second report on the same
    marts, also when heartshare itself has changed meanwhile. Other marts that say the
    same as the last issue need none either; anything else is the next revision, with a
    line on what has changed.

    Raises:
        WeekNotPublishedError: no revision is current, or one of another week.
        UnknownLanguageError: no catalogue speaks the language that is set.
    """
    with speaking(settings.language):
        return _filed(settings, week, at)


def _filed(settings: Settings, week: ReportingWeek, at: datetime) -> Issue:
    revision = _published(settings, week)
    reported = issue_of(settings.archive, week, revision.name)
    if reported:
        LOGGER.info("%s already reports on %s", reported.key, revision.name)
        write_index(settings.archive, settings.organisation, settings.archive_url)
        return reported
    verdict = GateVerdict.from_dict(revision.verdict())
    facts = _facts(settings, revision, verdict)
    issue = next_issue(settings.archive, week, facts_digest(facts))
    if not issue.is_new:
        LOGGER.info("%s says what %s says: nothing new to file", week.label, issue.key)
        write_index(settings.archive, settings.organisation, settings.archive_url)
        return issue
    if issue.revision > 1:
        before = json.loads(
            (issue.path.parent / f"r{issue.revision - 1}" / "facts.json").read_text()
        )
        facts = _facts(
            settings, revision, verdict, issue.revision, what_changed(before, facts)
        )
    with tempfile.TemporaryDirectory() as folder:
        rendered = render_issue(facts, verdict, Path(folder))
        file_issue(
            issue,
            {
                **issue_files(rendered, issue, sender=settings.mail_from, at=at),
                **printed_files(
                    revision.path / "parquet" / "fct_metric_weeks.parquet",
                    revision.manifest()["inputs"],
                ),
            },
            at=at,
            verdict=str(verdict.verdict),
            headline=facts["growing"]["headline"],
            digest=facts_digest(facts),
        )
    write_index(settings.archive, settings.organisation, settings.archive_url)
    LOGGER.info("Filed %s: %s", issue.key, issue.path / "index.html")
    return issue


def rendered_again(
    settings: Settings,
    issue: Issue,
    facts: dict[str, Any],
    at: datetime,
    folder: Path,
) -> dict[str, bytes]:
    """Return the files of an archived issue, rendered from facts into a folder.

    Raises:
        VerdictLostError: the verdict with which it was published is gone.
    """
    build_id = facts["issue"]["build_id"]
    verdict = verdict_of_build(settings, issue.week, build_id)
    if verdict is None:
        raise VerdictLostError(issue)
    rendered = render_issue(facts, verdict, folder)
    return issue_files(rendered, issue, sender=settings.mail_from, at=at)


def issue_files(
    rendered: RenderedIssue, issue: Issue, *, sender: str, at: datetime
) -> dict[str, bytes]:
    """Return an issue's files; the mail is frozen once and sent as it is filed.

    ``at`` becomes the mail's date in UTC, to the second, as the manifest keeps it.
    """
    pdf = rendered.pdf.read_bytes()
    mail = MailContent(
        subject=rendered.subject,
        text=rendered.email_text,
        html=rendered.email_html,
        pictures=rendered.pictures,
        pdf=pdf,
        pdf_name=f"heartshare-{issue.key.lower()}.pdf",
    )
    return {
        "index.html": rendered.page.read_bytes(),
        "report.pdf": pdf,
        "report.eml": freeze_email(
            mail, issue=issue.key, sender=sender, at=at.astimezone(UTC)
        ),
        "facts.json": rendered.facts.read_bytes(),
    }


def what_changed(before: dict[str, Any], after: dict[str, Any]) -> list[str]:
    """Return one sentence for each headline or gate line that a correction changed."""
    pairs = [
        (before[part]["headline"], after[part]["headline"])
        for part in ("growing", "stuck")
    ]
    pairs.append((before["gate"]["text"], after["gate"]["text"]))
    changed = [
        say("Was: {old} Now: {new}", old=old, new=new)
        for old, new in pairs
        if old != new
    ]
    return changed or [
        say("Figures on the evidence pages changed; the headlines did not.")
    ]


def _published(settings: Settings, week: ReportingWeek) -> Revision:
    revision = current(settings)
    if revision is None:
        raise WeekNotPublishedError(week, "nothing was ever published")
    manifest = revision.manifest()
    if manifest["week"] != week.key:
        raise WeekNotPublishedError(
            week, f"{revision.name} is {manifest['week_label']}"
        )
    return revision


def _facts(
    settings: Settings,
    revision: Revision,
    verdict: GateVerdict,
    issue_revision: int = 1,
    changes: Sequence[str] = (),
) -> dict[str, Any]:
    with open_reader(revision.database) as connection:
        facts = build_facts(
            connection,
            verdict,
            verdict.week,
            organisation=settings.organisation,
            issue_revision=issue_revision,
            published_revision=revision.name,
            changes=changes,
        )
    brand = brand_facts(settings)
    if brand:
        facts["issue"]["brand"] = brand
    return facts
