"""Keep bounces in the outbox, and suspend an address that bounced for good twice."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from heartshare.reporting.delivery.bounces import Bounce, BounceKind
from heartshare.reporting.delivery.deliveries import DeliveryState

if TYPE_CHECKING:
    import sqlite3

    from heartshare.reporting.delivery.deliveries import Delivery
    from heartshare.reporting.delivery.outbox import Outbox

#: Hard bounces of so many issues end the mail to an address until a person lifts it.
HARD_BOUNCES = 2
_SUSPENDED = "suspended: its messages came back"


@dataclass(frozen=True)
class Suspension:
    """An address that gets no report any more, since when and why."""

    recipient: str
    since: datetime
    reason: str


class BounceBook:
    """The bounces and suspensions of an outbox."""

    def __init__(self, outbox: Outbox) -> None:
        self._outbox = outbox

    def note(self, digest: str, row: Delivery, bounce: Bounce, at: datetime) -> bool:
        """Keep a bounce of a row's message; false if this report is known.

        A hard one ends the row as bounced, also where nobody knew whether it had
        arrived; the second in another issue suspends the address.
        """
        with self._outbox.transaction() as connection:
            added = connection.execute(
                "insert into bounces values (?, ?, ?, ?, ?, ?) on conflict do nothing",
                (
                    *(digest, row.issue, row.recipient),
                    *(bounce.kind.value, bounce.status, _text(at)),
                ),
            ).rowcount
            if added and bounce.kind is BounceKind.HARD:
                connection.execute(
                    "update deliveries set state = ?, smtp_text = ?, changed_at = ?, "
                    "lease_until = null where issue = ? and recipient = ? "
                    "and state in ('sent', 'unknown', 'claimed')",
                    (
                        *(DeliveryState.BOUNCED.value, bounce.text, _text(at)),
                        *(row.issue, row.recipient),
                    ),
                )
                self._suspend_if_due(connection, row.recipient, at)
        return bool(added)

    def suspensions(self) -> tuple[Suspension, ...]:
        """Return who is suspended, by address."""
        with self._outbox.transaction() as connection:
            rows = connection.execute(
                "select recipient, since, reason from suspensions order by recipient"
            ).fetchall()
        return tuple(
            Suspension(recipient, datetime.fromisoformat(since), reason)
            for recipient, since, reason in rows
        )

    def lift(self, recipient: str, *, person: str, reason: str, at: datetime) -> bool:
        """Let an address have mail again; false if it was not suspended.

        Its bounces so far count no more. What it missed is not sent after.
        """
        name = recipient.casefold()
        with self._outbox.transaction() as connection:
            lifted = connection.execute(
                "delete from suspensions where recipient = ?", (name,)
            ).rowcount
            if lifted:
                connection.execute(
                    "update bounces set kind = 'forgiven' where recipient = ?", (name,)
                )
                connection.execute(
                    "insert into settlements values ('', ?, ?, ?, ?, ?, ?)",
                    (name, _text(at), person, "suspended", "lifted", reason),
                )
        return bool(lifted)

    def _suspend_if_due(
        self, connection: sqlite3.Connection, recipient: str, at: datetime
    ) -> None:
        issues, last = connection.execute(
            "select count(distinct issue), max(status) from bounces "
            "where recipient = ? and kind = 'hard'",
            (recipient,),
        ).fetchone()
        if issues < HARD_BOUNCES:
            return
        connection.execute(
            "insert into suspensions values (?, ?, ?) on conflict do nothing",
            (recipient, _text(at), f"{issues} issues came back ({last})"),
        )
        connection.execute(
            "update deliveries set state = 'refused', smtp_text = ?, changed_at = ?, "
            "settled_by = 'heartshare', retry_at = null where recipient = ? "
            "and state in ('pending', 'deferred')",
            (_SUSPENDED, _text(at), recipient),
        )


def _text(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="seconds")
