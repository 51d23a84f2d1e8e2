"""Show the outbox to a person: who stands where, without spelling addresses out."""

from __future__ import annotations

import hashlib
import re
from typing import TYPE_CHECKING, Any

from heartshare.reporting.delivery.deliveries import DeliveryState

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from heartshare.reporting.delivery.deliveries import Delivery

_ADDRESS = re.compile(r"([^\s<>@,;:\"]+)@([^\s<>@,;:\"]+)")
_SHOWN_LETTERS = 2
_REFERENCE_LENGTH = 8
_ANSWER = "sent|not-sent|close --by WHO --because WHY"
_HEADINGS = ("issue", "reference", "recipient", "state", "attempts", "next", "answer")


def masked(text: str) -> str:
    """Return a text whose mail addresses show two letters and the domain only."""
    return _ADDRESS.sub(
        lambda found: f"{found[1][:_SHOWN_LETTERS]}...@{found[2]}", text
    )


def reference(row: Delivery) -> str:
    """Return eight characters that name a row where its address is not shown."""
    text = f"{row.issue}|{row.recipient}"
    return hashlib.sha256(text.encode()).hexdigest()[:_REFERENCE_LENGTH]


def find_row(rows: Sequence[Delivery], named: str) -> Delivery | None:
    """Return the row that an address or a reference names; None when none does."""
    wanted = named.casefold()
    found = [row for row in rows if wanted in (row.recipient, reference(row))]
    return found[0] if len(found) == 1 else None


def row_facts(row: Delivery, at: datetime) -> dict[str, Any]:
    """Return what a listing tells of one row, as JSON can hold it."""
    return {
        "issue": row.issue,
        "reference": reference(row),
        "recipient": masked(row.address),
        "state": row.state.value,
        "attempts": row.attempts,
        "smtp_code": row.smtp_code,
        "smtp_text": masked(row.smtp_text),
        "next_attempt_at": _moment(next_attempt(row, at)),
        "changed_at": _moment(row.changed_at),
        "needs_person": row.needs_person(at),
        "settled_by": row.settled_by,
    }


def next_attempt(row: Delivery, at: datetime) -> datetime | None:
    """Return when a row is tried by itself, ``at`` if it is due; None if never."""
    if row.needs_person(at) or row.state not in (
        DeliveryState.PENDING,
        DeliveryState.DEFERRED,
        DeliveryState.CLAIMED,
    ):
        return None
    return row.retry_at or row.lease_until or at


def listing(rows: Sequence[Delivery], at: datetime) -> list[str]:
    """Return a table of rows, and below it what a person is asked to do."""
    if not rows:
        return ["No rows."]
    table = [_HEADINGS, *(_cells(row, at) for row in rows)]
    widths = [max(map(len, column)) for column in zip(*table, strict=True)]
    lines = [
        "  ".join(
            cell.ljust(width) for cell, width in zip(line, widths, strict=True)
        ).rstrip()
        for line in table
    ]
    waiting = sum(row.needs_person(at) for row in rows)
    if waiting:
        lines += [
            "",
            f"{waiting} of them wait for a person: find out whether it arrived, then",
            f"heartshare outbox --settle ISSUE REFERENCE {_ANSWER}",
            "See docs/runbook.md#report-not-sent.",
        ]
    return lines


def _cells(row: Delivery, at: datetime) -> tuple[str, ...]:
    facts = row_facts(row, at)
    answer = f"{row.smtp_code or ''} {facts['smtp_text']}".strip() or "none"
    if row.settled_by:
        answer += f" (settled by {row.settled_by})"
    due = "a person" if facts["needs_person"] else facts["next_attempt_at"] or "-"
    return (
        row.issue,
        facts["reference"],
        facts["recipient"],
        row.state.value,
        str(row.attempts),
        due,
        answer,
    )


def _moment(at: datetime | None) -> str | None:
    return at.strftime("%Y-%m-%dT%H:%M:%SZ") if at else None
