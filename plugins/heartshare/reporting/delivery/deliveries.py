"""What is known of one message to one recipient."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from heartshare.errors import InputError

MAX_ATTEMPTS = 6
FIRST_PAUSE = timedelta(minutes=1)
LONGEST_PAUSE = timedelta(hours=1)
#: A sender that has not ended a claim after this time is taken for dead.
LEASE = timedelta(minutes=15)


class DeliveryState(StrEnum):
    """Where one message to one recipient stands."""

    PENDING = "pending"
    CLAIMED = "claimed"
    SENT = "sent"
    REFUSED = "refused"
    DEFERRED = "deferred"
    UNKNOWN = "unknown"
    BOUNCED = "bounced"


class OtherBytesError(InputError):
    """An issue that was enqueued before comes again with different content."""

    def __init__(self, issue: str) -> None:
        super().__init__(
            f"Issue {issue} was already enqueued with other content. Readers may hold "
            "the first version: raise the revision and send the correction under it."
        )


class UnknownDeliveryError(InputError):
    """A row that should be settled is not in the outbox, or has an answer already."""

    def __init__(self, issue: str, recipient: str) -> None:
        super().__init__(
            f"The outbox holds no open row for {recipient} in {issue}. Only rows "
            "without an answer from the server can be settled."
        )


@dataclass(frozen=True)
class Delivery:
    """One issue for one recipient; ``smtp_code`` is null where no server answered."""

    issue: str
    recipient: str
    address: str
    state: DeliveryState
    attempts: int
    smtp_code: int | None
    smtp_text: str
    owner: str
    changed_at: datetime
    retry_at: datetime | None
    lease_until: datetime | None
    handed_over_at: datetime | None
    settled_by: str | None

    def is_due(self, at: datetime) -> bool:
        """Return whether a sender may take this row now."""
        if self.state is DeliveryState.PENDING:
            return True
        if self.attempts >= MAX_ATTEMPTS:
            return False
        if self.state is DeliveryState.DEFERRED:
            return self.retry_at is None or self.retry_at <= at
        return self._lease_is_over(at) and self.handed_over_at is None

    def needs_person(self, at: datetime) -> bool:
        """Return whether this row will stay as it is until somebody looks."""
        if self.state in (DeliveryState.UNKNOWN, DeliveryState.REFUSED):
            return self.settled_by is None
        if self.state is DeliveryState.DEFERRED:
            return self.attempts >= MAX_ATTEMPTS
        return self._lease_is_over(at) and not self.is_due(at)

    def _lease_is_over(self, at: datetime) -> bool:
        return (
            self.state is DeliveryState.CLAIMED
            and self.lease_until is not None
            and self.lease_until <= at
        )


def pause_after(attempts: int) -> timedelta:
    """Return how long a deferred row rests after so many attempts."""
    doublings = min(attempts - 1, MAX_ATTEMPTS)
    return min(FIRST_PAUSE * 2**doublings, LONGEST_PAUSE)
