"""Step: show what the outbox holds, and keep a person's answer on a row of it."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from heartshare.errors import InputError
from heartshare.reporting.delivery.deliveries import DeliveryState
from heartshare.reporting.delivery.outbox import Outbox
from heartshare.reporting.delivery.outbox_listing import find_row, masked, reference

if TYPE_CHECKING:
    from datetime import datetime

    from heartshare.reporting.delivery.deliveries import Delivery
    from heartshare.settings import Settings

LOGGER = logging.getLogger(__name__)
#: What a person may answer: it arrived; it did not, send it once more; leave it.
ANSWERS = {
    "sent": DeliveryState.SENT,
    "not-sent": DeliveryState.PENDING,
    "close": DeliveryState.REFUSED,
}


class NoSuchRowError(InputError):
    """A person names an issue or a recipient that the outbox does not hold."""

    def __init__(self, issue: str, named: str, issues: list[str]) -> None:
        known = ", ".join(issues[-5:]) or "none yet"
        super().__init__(
            f"The outbox holds no row {masked(named)} of issue {issue}. Issues it "
            f"knows, the last ones: {known}. `heartshare outbox` lists the rows."
        )


class RowHasAnEndError(InputError):
    """A person settles a row that waits for nobody."""

    def __init__(self, row: Delivery) -> None:
        super().__init__(
            f"Row {reference(row)} of {row.issue} is {row.state.value} and waits for "
            "nobody: only rows marked with `a person` can be settled."
        )


class UnsignedAnswerError(InputError):
    """An answer does not say who gives it, or why."""

    def __init__(self) -> None:
        super().__init__(
            "Say who answers and how they know (--by, --because): the outbox keeps it."
        )


def outbox_rows(
    settings: Settings, *, at: datetime, issue: str | None = None, is_open: bool = False
) -> tuple[Delivery, ...]:
    """Return the rows of an issue or of all; ``is_open`` those that wait for a person.

    A home from which nothing was ever sent has none, and gets no outbox by the look.

    Raises:
        NoSuchRowError: an issue is named that was never enqueued.
    """
    if not settings.outbox.exists():
        return ()
    outbox = Outbox(settings.outbox)
    rows = outbox.rows(issue)
    if issue and not rows:
        raise NoSuchRowError(issue, "at all", _issues(outbox))
    return tuple(row for row in rows if row.needs_person(at) or not is_open)


def settle_row(  # noqa: PLR0913 - which row, what, who, why and when
    settings: Settings,
    issue: str,
    named: str,
    answer: str,
    *,
    person: str,
    reason: str,
    at: datetime,
) -> Delivery:
    """Keep a person's answer on one row, named by address or reference; return it.

    Nothing is sent here: a row that did not arrive goes with the next delivery.

    Raises:
        UnsignedAnswerError: nobody stands behind the answer.
        NoSuchRowError: the outbox holds no such row.
        RowHasAnEndError: the row waits for nobody.
    """
    if not person.strip() or not reason.strip():
        raise UnsignedAnswerError
    if not settings.outbox.exists():
        raise NoSuchRowError(issue, named, [])
    outbox = Outbox(settings.outbox)
    row = find_row(outbox.rows(issue), named)
    if row is None:
        raise NoSuchRowError(issue, named, _issues(outbox))
    if not row.needs_person(at):
        raise RowHasAnEndError(row)
    outbox.settle(
        issue, row.recipient, ANSWERS[answer], person=person, reason=reason, at=at
    )
    LOGGER.info("%s %s: %s, says %s", issue, reference(row), answer, person)
    return find_row(outbox.rows(issue), row.recipient) or row


def _issues(outbox: Outbox) -> list[str]:
    return sorted({row.issue for row in outbox.rows()})
