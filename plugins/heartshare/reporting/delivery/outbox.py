"""Who was sent what, and with what result; no message is sent twice by itself.

One row per issue and recipient. The life of a row:

    pending → claimed → sent | refused | deferred | unknown
    deferred → claimed, after a growing pause and at most six times
    unknown, refused, exhausted and abandoned rows wait for a person

SMTP cannot say whether a message that was handed over just before the line broke has
arrived. So a sender notes that it hands over before it does; from then on only the
server's answer or a person ends the row.
"""

from __future__ import annotations

import sqlite3
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from filelock import FileLock

from heartshare.reporting.delivery.deliveries import (
    LEASE,
    Delivery,
    DeliveryState,
    OtherBytesError,
    UnknownDeliveryError,
    pause_after,
)
from heartshare.reporting.delivery.outbox_schema import PERSONAL_TABLES, prepare

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

_BUSY_SECONDS = 30.0


class Outbox:
    """The outbox file; every method is one durable transaction of its own."""

    def __init__(self, path: Path) -> None:
        self._path = path
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch(mode=0o600)  # it holds addresses
        # SQLite does not wait when two processes turn a new file to WAL at once.
        with FileLock(path.with_suffix(".lock"), timeout=_BUSY_SECONDS):
            connection = sqlite3.connect(path, timeout=_BUSY_SECONDS)
            prepare(connection)
            connection.close()

    def enqueue(
        self, issue: str, addresses: Sequence[str], digest: str, at: datetime
    ) -> int:
        """Add an issue's recipients; return how many were not there yet.

        Addresses that differ in letter case only are one recipient.

        Raises:
            OtherBytesError: the issue is known with another digest.
        """
        with self.transaction() as connection:
            connection.execute(
                "insert into issues values (?, ?, ?) on conflict do nothing",
                (issue, digest, _text(at)),
            )
            known = connection.execute(
                "select digest from issues where issue = ?", (issue,)
            ).fetchone()[0]
            if known != digest:
                raise OtherBytesError(issue)
            before = connection.total_changes
            connection.executemany(
                "insert into deliveries values "
                "(?, ?, ?, 'pending', 0, null, '', '', ?, null, null, null, null) "
                "on conflict do nothing",
                [(issue, a.casefold(), a, _text(at)) for a in addresses],
            )
            return connection.total_changes - before

    def claim_next(
        self, issue: str, owner: str, at: datetime, passed: frozenset[str] = frozenset()
    ) -> Delivery | None:
        """Reserve the issue's next due row for a sender; null when none is left.

        ``passed`` names recipients that the sender has already had in this pass.
        """
        with self.transaction() as connection:
            for row in _read(connection, issue):
                if row.recipient in passed or not row.is_due(at):
                    continue
                connection.execute(
                    "update deliveries set state = 'claimed', attempts = attempts + 1, "
                    "owner = ?, changed_at = ?, lease_until = ?, retry_at = null "
                    "where issue = ? and recipient = ?",
                    (owner, _text(at), _text(at + LEASE), issue, row.recipient),
                )
                return _read(connection, issue, row.recipient)[0]
        return None

    def hand_over(self, claim: Delivery, at: datetime) -> bool:
        """Note that the message is about to leave; false if the claim was lost."""
        return self._update(claim, at, "handed_over_at = ?", [_text(at)])

    def record(
        self,
        claim: Delivery,
        state: DeliveryState,
        at: datetime,
        *,
        code: int | None = None,
        text: str = "",
    ) -> bool:
        """Store how a claim ended; false if it was no longer this sender's."""
        is_deferred = state is DeliveryState.DEFERRED
        retry_at = _text(at + pause_after(claim.attempts)) if is_deferred else None
        handed_over = ", handed_over_at = null" if is_deferred else ""
        return self._update(
            claim,
            at,
            "state = ?, smtp_code = ?, smtp_text = ?, retry_at = ?, "
            f"lease_until = null{handed_over}",
            [state.value, code, text, retry_at],
        )

    def settle(  # noqa: PLR0913 - which row, what, who, when and why
        self,
        issue: str,
        recipient: str,
        state: DeliveryState,
        *,
        person: str,
        at: datetime,
        reason: str = "",
    ) -> None:
        """Record a person's answer: sent, refused, or pending to send it once more.

        Person, time and reason stay in the outbox.

        Raises:
            UnknownDeliveryError: there is no such row, or it needs nobody.
        """
        with self.transaction() as connection:
            found = _read(connection, issue, recipient.casefold())
            if not found or not found[0].needs_person(at):
                raise UnknownDeliveryError(issue, recipient)
            connection.execute(
                "insert into settlements values (?, ?, ?, ?, ?, ?, ?)",
                (
                    issue,
                    found[0].recipient,
                    _text(at),
                    person,
                    found[0].state.value,
                    state.value,
                    reason,
                ),
            )
            connection.execute(
                "update deliveries set state = ?, attempts = 0, owner = ?, "
                "changed_at = ?, lease_until = null, retry_at = null, "
                "handed_over_at = null, settled_by = ? "
                "where issue = ? and recipient = ?",
                (
                    state.value,
                    person,
                    _text(at),
                    None if state is DeliveryState.PENDING else person,
                    issue,
                    found[0].recipient,
                ),
            )

    def rows(self, issue: str | None = None) -> tuple[Delivery, ...]:
        """Return an issue's rows by recipient, or all; empty if none was enqueued."""
        with self.transaction() as connection:
            return tuple(_read(connection, issue))

    def forget(self, addresses: Sequence[str]) -> int:
        """Delete every row that bears one of the addresses; return how many did.

        What was enqueued for them and not yet sent is never sent.
        """
        wanted = [(address.casefold(),) for address in addresses]
        with self.transaction() as connection:
            before = connection.total_changes
            for table in PERSONAL_TABLES:
                connection.executemany(
                    f"delete from {table} where lower(recipient) = ?", wanted
                )
            return connection.total_changes - before

    def open_rows(self, at: datetime) -> tuple[Delivery, ...]:
        """Return the rows of all issues that a person must settle."""
        with self.transaction() as connection:
            return tuple(row for row in _read(connection) if row.needs_person(at))

    def digest(self, issue: str) -> str | None:
        """Return the digest under which an issue was enqueued; null if it was not."""
        with self.transaction() as connection:
            found = connection.execute(
                "select digest from issues where issue = ?", (issue,)
            ).fetchone()
        return found[0] if found else None

    def _update(
        self, claim: Delivery, at: datetime, change: str, values: list[object]
    ) -> bool:
        """Change a claimed row, unless another sender has taken it since."""
        with self.transaction() as connection:
            return (
                connection.execute(
                    f"update deliveries set {change}, changed_at = ? "
                    "where issue = ? and recipient = ? and state = 'claimed' "
                    "and owner = ? and attempts = ?",
                    [
                        *values,
                        _text(at),
                        claim.issue,
                        claim.recipient,
                        claim.owner,
                        claim.attempts,
                    ],
                ).rowcount
                == 1
            )

    @contextmanager
    def transaction(self) -> Iterator[sqlite3.Connection]:
        """Yield one durable transaction; an error rolls everything back."""
        connection = sqlite3.connect(
            self._path, timeout=_BUSY_SECONDS, isolation_level=None
        )
        try:
            connection.execute("pragma synchronous = full")
            connection.execute("pragma foreign_keys = on")
            connection.execute("begin immediate")
            try:
                yield connection
            except BaseException:
                connection.execute("rollback")
                raise
            connection.execute("commit")
        finally:
            connection.close()


def _read(
    connection: sqlite3.Connection,
    issue: str | None = None,
    recipient: str | None = None,
) -> list[Delivery]:
    connection.row_factory = sqlite3.Row
    rows = connection.execute(
        "select * from deliveries where issue = coalesce(?, issue) "
        "and recipient = coalesce(?, recipient) order by issue, recipient",
        (issue, recipient),
    ).fetchall()
    return [_delivery(dict(row)) for row in rows]


def _delivery(row: dict[str, Any]) -> Delivery:
    moments = {
        name: datetime.fromisoformat(value) if value else None
        for name, value in row.items()
        if name.endswith(("_at", "_until"))
    }
    return Delivery(**{**row, **moments, "state": DeliveryState(row["state"])})


def _text(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="seconds")
