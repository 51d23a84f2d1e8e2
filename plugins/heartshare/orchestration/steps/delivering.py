"""Step: hand the filed issue to every recipient, each at most once."""

from __future__ import annotations

import logging
from collections import Counter
from typing import TYPE_CHECKING

from heartshare.errors import InputError
from heartshare.orchestration.steps.building import PATIENCE_SECONDS
from heartshare.reporting.delivery import deliver
from heartshare.reporting.outbox import Outbox
from heartshare.reporting.recipients import choose_addresses, read_recipients
from heartshare.reporting.smtp_account import SmtpAccount
from heartshare.warehouse.connections import open_writer

if TYPE_CHECKING:
    from datetime import datetime
    from pathlib import Path

    from heartshare.settings import Settings
    from heartshare.weeks import ReportingWeek

LOGGER = logging.getLogger(__name__)


class NoIssueError(InputError):
    """A report is to be delivered that was never rendered."""

    def __init__(self, week: ReportingWeek) -> None:
        super().__init__(
            f"The archive holds no report of {week.label}. "
            f"Run `heartshare report --week {week.label}`."
        )


def latest_issue(settings: Settings, week: ReportingWeek) -> Path:
    """Return the folder of a week's last issue.

    Raises:
        NoIssueError: there is none.
    """
    issues = sorted(
        (settings.archive / week.label).glob("r*/manifest.json"),
        key=lambda path: int(path.parent.name[1:]),
    )
    if not issues:
        raise NoIssueError(week)
    return issues[-1].parent


def deliver_report(
    settings: Settings, week: ReportingWeek, *, at: datetime
) -> dict[str, int]:
    """Send a week's last issue to everybody who has not had it; return counts by state.

    Raises:
        NoIssueError: nothing was rendered.
        MailAccountError: no mail server is set, or it refuses us.
        DeliveryDeferredError: some recipients must be tried again later.
        DeliveryUnsettledError: some recipients need a person's decision.
    """
    folder = latest_issue(settings, week)
    account = SmtpAccount.from_url(settings.smtp_url)
    with open_writer(settings, wait_seconds=PATIENCE_SECONDS) as connection:
        recipients = read_recipients(connection)
    day = at.astimezone(settings.timezone).date()
    report = deliver(
        Outbox(settings.outbox),
        account,
        (folder / "report.eml").read_bytes(),
        recipients=choose_addresses(recipients, day),
        owner=f"report-{at.isoformat()}",
        at=at,
    )
    LOGGER.info("%s: %s", report.issue, report.summary or "nobody is on the list")
    report.require_complete()
    return dict(Counter(row.state.value for row in report.rows))
