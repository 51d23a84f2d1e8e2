"""Who was on the recipients list when an issue was sent, and who has left it since."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from heartshare.reporting.delivery.recipients import wants_pdf

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from heartshare.reporting.delivery.outbox import Outbox
    from heartshare.reporting.delivery.recipients import Recipient

_LEFT = "no longer on the recipients list; nothing was sent"


def keep_snapshot(
    outbox: Outbox, issue: str, recipients: Sequence[Recipient], at: datetime
) -> None:
    """Keep with an issue whom it went to and why: role, sections, dates and PDF.

    The first line of each address counts; a later pass adds who is new and changes
    nothing. It lies in the outbox, not in the archive, which readers may see.
    """
    with outbox.transaction() as connection:
        connection.executemany(
            "insert into snapshots values (?, ?, ?, ?, ?, ?, ?, ?) "
            "on conflict do nothing",
            [
                (
                    *(issue, one.address.casefold(), one.role_code),
                    *("|".join(one.sections), _day(one.valid_from)),
                    *(_day(one.valid_until), wants_pdf(one), _text(at)),
                )
                for one in recipients
            ],
        )


def read_snapshot(outbox: Outbox, issue: str) -> list[dict[str, Any]]:
    """Return an issue's recipients as they were when it was sent, by address."""
    with outbox.transaction() as connection:
        found = connection.execute(
            "select * from snapshots where issue = ? order by recipient", (issue,)
        )
        names = [column[0] for column in found.description]
        return [dict(zip(names, row, strict=True)) for row in found.fetchall()]


def end_for_others(
    outbox: Outbox, issue: str, addresses: Collection[str], at: datetime
) -> int:
    """End what an issue still owes to people not named; return to how many.

    Rows that were handed over already stay as they are.
    """
    wanted = {address.casefold() for address in addresses}
    others = [
        row.recipient for row in outbox.rows(issue) if row.recipient not in wanted
    ]
    with outbox.transaction() as connection:
        before = connection.total_changes
        connection.executemany(
            "update deliveries set state = 'refused', smtp_text = ?, changed_at = ?, "
            "settled_by = 'heartshare', retry_at = null where issue = ? "
            "and recipient = ? and state in ('pending', 'deferred')",
            [(_LEFT, _text(at), issue, recipient) for recipient in others],
        )
        return connection.total_changes - before


def _day(day: Any) -> str | None:  # noqa: ANN401 a date or null
    return day.isoformat() if day else None


def _text(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="seconds")
