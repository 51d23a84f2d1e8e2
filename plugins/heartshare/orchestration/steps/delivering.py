"""Step: hand the filed issue to every recipient, each at most once."""

from __future__ import annotations

import logging
from collections import Counter
from typing import TYPE_CHECKING

from heartshare.errors import InputError
from heartshare.orchestration.steps.bouncing import bounce_address, read_bounces
from heartshare.orchestration.steps.building import PATIENCE_SECONDS
from heartshare.orchestration.steps.posting import post_issue
from heartshare.orchestration.steps.telling_employees import tell_employees
from heartshare.reporting.delivery.bounce_book import BounceBook
from heartshare.reporting.delivery.mailing_list import end_for_others, keep_snapshot
from heartshare.reporting.delivery.outbox import Outbox
from heartshare.reporting.delivery.recipients import (
    choose_addresses,
    is_for_report,
    page_one_only,
    read_recipients,
)
from heartshare.reporting.delivery.sending import deliver
from heartshare.reporting.delivery.smtp_account import SmtpAccount
from heartshare.warehouse.connections import open_writer

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime
    from pathlib import Path

    from heartshare.reporting.delivery.recipients import Recipient
    from heartshare.reporting.delivery.sending import DeliveryReport
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


class OtherIssueError(InputError):
    """What a person approved is not what would be sent."""

    def __init__(self, week: ReportingWeek, approved: str, latest: str) -> None:
        super().__init__(
            f"{approved} of {week.label} was approved, but the archive's last issue is "
            f"{latest}: nothing was sent. The run that filed {latest} asks about it; "
            f"without one, run `heartshare report --week {week.label} --send`."
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
    settings: Settings,
    week: ReportingWeek,
    *,
    at: datetime,
    approved: str | None = None,
) -> dict[str, int]:
    """Send a week's last issue to everybody who has not had it; return counts by state.

    Chat channels and employees who asked are told after it, through the same outbox.

    ``approved`` is the only issue (r1) that may go out, where a person was asked.

    Raises:
        NoIssueError: nothing was rendered.
        OtherIssueError: another issue than the approved one is the last.
        MailAccountError: no mail server is set, or it refuses us.
        DeliveryDeferredError: some recipients must be tried again later.
        DeliveryUnsettledError: some recipients need a person's decision.
        ChatAddressError: a chat address cannot be used; the mail has gone by then.
    """
    folder = latest_issue(settings, week)
    if approved and folder.name != approved:
        raise OtherIssueError(week, approved, folder.name)
    account = SmtpAccount.from_url(settings.smtp_url)
    outbox = Outbox(settings.outbox)
    listed = listed_today(settings, outbox, at)
    recipients = [one for one in listed if is_for_report(one)]
    report = hand_out(settings, outbox, account, folder, recipients, at=at)
    posted = post_issue(settings, folder, at=at)
    reports = [report, posted] if posted else [report]
    reports += tell_employees(
        settings,
        outbox,
        account,
        folder,
        listed,
        bounces=bounce_address(settings),
        at=at,
    )
    for one in reports:
        one.require_complete()
    return dict(Counter(row.state.value for one in reports for row in one.rows))


def hand_out(  # noqa: PLR0913 - what is sent, by whom, to whom and when
    settings: Settings,
    outbox: Outbox,
    account: SmtpAccount,
    folder: Path,
    recipients: Sequence[Recipient],
    *,
    at: datetime,
) -> DeliveryReport:
    """Mail an archived issue, weekly or an edition, to each recipient at most once.

    Its key in the outbox is that of the archive, so that no issue goes out twice.
    """
    issue = f"{folder.parent.name}.{folder.name}"
    addresses = choose_addresses(recipients, at.astimezone(settings.timezone).date())
    keep_snapshot(outbox, issue, recipients, at)
    if ended := end_for_others(outbox, issue, addresses, at):
        LOGGER.info("%s: %d who have left the list get nothing", issue, ended)
    report = deliver(
        outbox,
        account,
        (folder / "report.eml").read_bytes(),
        recipients=addresses,
        owner=f"report-{at.isoformat()}",
        at=at,
        bounces=bounce_address(settings),
        without_pdf=page_one_only(recipients),
    )
    LOGGER.info("%s: %s", report.issue, report.summary or "nobody is on the list")
    return report


def listed_today(
    settings: Settings, outbox: Outbox, at: datetime
) -> tuple[Recipient, ...]:
    """Return the lines valid today, without addresses that keep bouncing."""
    if settings.bounce_address:
        read_bounces(settings, at=at)
    suspended = {one.recipient for one in BounceBook(outbox).suspensions()}
    with open_writer(settings, wait_seconds=PATIENCE_SECONDS) as connection:
        recipients = read_recipients(connection)
    day = at.astimezone(settings.timezone).date()
    valid = [one for one in recipients if one.is_valid_on(day)]
    kept = tuple(one for one in valid if one.address.casefold() not in suspended)
    if len(kept) < len(valid):
        LOGGER.warning(
            "%d lines of the recipients file are suspended after bounces",
            len(valid) - len(kept),
        )
    return kept
