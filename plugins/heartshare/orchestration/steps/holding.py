"""Step: tell the owners that a week is held."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from heartshare.orchestration.mailing import send_notice
from heartshare.orchestration.steps.publishing import verdict_on
from heartshare.quality.notice import held_notice
from heartshare.quality.run import last_good_revision, latest_run
from heartshare.reporting.delivery import MailContent

if TYPE_CHECKING:
    from datetime import datetime

    from heartshare.quality.gate import GateVerdict
    from heartshare.settings import Settings
    from heartshare.weeks import ReportingWeek

LOGGER = logging.getLogger(__name__)


def hold_week(settings: Settings, week: ReportingWeek, *, at: datetime) -> GateVerdict:
    """Mail the HELD notice of a blocked week, once for each build; return the verdict.

    A mail server that is away does not matter: the notice stays in gate/ as held.txt.
    """
    verdict = verdict_on(settings, week)
    notice = held_notice(verdict, last_good=last_good_revision(settings))
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
