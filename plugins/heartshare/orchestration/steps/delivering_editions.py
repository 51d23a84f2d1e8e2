"""Step: hand a filed edition to everybody whose line asks for it, each at most once."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from heartshare.errors import InputError
from heartshare.orchestration.steps.delivering import hand_out, listed_today
from heartshare.orchestration.steps.posting import post_issue
from heartshare.reporting.archive.issues import latest_folder
from heartshare.reporting.delivery.outbox import Outbox
from heartshare.reporting.delivery.recipients import wants_edition
from heartshare.reporting.delivery.smtp_account import SmtpAccount
from heartshare.reporting.editions.periods import Month

if TYPE_CHECKING:
    from datetime import datetime

    from heartshare.reporting.editions.periods import Period
    from heartshare.settings import Settings


class NoEditionError(InputError):
    """An edition is to be delivered that was never made."""

    def __init__(self, period: Period) -> None:
        how = f"--edition half-year --half {period.label}"
        if isinstance(period, Month):
            how = f"--edition monthly --month {period.label}"
        super().__init__(
            f"The archive holds no edition of {period.label}. Run `heartshare report "
            f"{how}`."
        )


def deliver_edition(
    settings: Settings, period: Period, *, at: datetime
) -> dict[str, int]:
    """Send a period's last edition to everybody who has not had it; return the states.

    Chat channels are told after it, through the same outbox.

    Raises:
        NoEditionError: none was made.
        MailAccountError: no mail server is set, or it refuses us.
        DeliveryDeferredError: some recipients must be tried again later.
        DeliveryUnsettledError: some recipients need a person's decision.
        ChatAddressError: a chat address cannot be used; the mail has gone by then.
    """
    folder = latest_folder(settings.archive, period.label)
    if folder is None:
        raise NoEditionError(period)
    account = SmtpAccount.from_url(settings.smtp_url)
    outbox = Outbox(settings.outbox)
    wishing = [
        one
        for one in listed_today(settings, outbox, at)
        if wants_edition(one, period.edition)
    ]
    report = hand_out(settings, outbox, account, folder, wishing, at=at)
    posted = post_issue(settings, folder, at=at)
    reports = [report, posted] if posted else [report]
    for one in reports:
        one.require_complete()
    return dict(Counter(row.state.value for one in reports for row in one.rows))
