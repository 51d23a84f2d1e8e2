"""Step: tell the owners that a week is held."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from heartshare.language import speaking
from heartshare.orchestration.mailing import send_notice
from heartshare.orchestration.steps.publishing import verdict_on
from heartshare.quality.run import latest_run, notice_of
from heartshare.reporting.archive.issues import file_issue, held_issue, write_index
from heartshare.reporting.delivery.sending import MailContent, freeze_email

if TYPE_CHECKING:
    from datetime import datetime

    from heartshare.quality.gate import GateVerdict
    from heartshare.quality.notice import HeldNotice
    from heartshare.settings import Settings
    from heartshare.weeks import ReportingWeek

LOGGER = logging.getLogger(__name__)


def hold_week(settings: Settings, week: ReportingWeek, *, at: datetime) -> GateVerdict:
    """Archive and mail the HELD notice of a blocked week; return the verdict.

    It is mailed once for each build. A mail server that is away does not matter: the
    notice is in the archive, and in gate/ as held.txt.
    """
    verdict = verdict_on(settings, week)
    notice = notice_of(settings, verdict)
    _archive(settings, week, notice, at)
    report = send_notice(
        settings,
        MailContent(subject=notice.subject, text=notice.text),
        issue=f"held-{week.label.lower()}-{verdict.build_id[:8]}",
        at=at,
    )
    LOGGER.info(
        "%s is HELD by %s; owners: %s; notice in %s",
        week.label,
        ", ".join(outcome.ref for outcome in verdict.blocking)
        or "a gate without checks",
        report.summary if report else "not told by mail",
        latest_run(settings, week),
    )
    return verdict


def _archive(
    settings: Settings, week: ReportingWeek, notice: HeldNotice, at: datetime
) -> None:
    """Show readers of the archive that the week was held, once for each gate run."""
    run = latest_run(settings, week)
    issue = held_issue(settings.archive, week, run.name) if run else None
    if issue and issue.is_new:
        content = MailContent(subject=notice.subject, text=notice.text)
        mail = freeze_email(content, issue=issue.key, sender=settings.mail_from, at=at)
        file_issue(
            issue,
            {"notice.eml": mail, "notice.txt": notice.text.encode()},
            at=at,
            verdict="blocked",
            headline=notice.subject,
        )
    with speaking(settings.language):
        write_index(settings.archive, settings.organisation, settings.archive_url)
