from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from heartshare.reporting.delivery.deliveries import (
    FIRST_PAUSE,
    LEASE,
    LONGEST_PAUSE,
    MAX_ATTEMPTS,
    Delivery,
    DeliveryState,
    OtherBytesError,
    UnknownDeliveryError,
    pause_after,
)
from heartshare.reporting.delivery.outbox import Outbox

if TYPE_CHECKING:
    from pathlib import Path

ISSUE = "2026-W46.r1"
AT = datetime(2026, 11, 18, 9, 30, tzinfo=UTC)
SECOND = timedelta(seconds=1)


@pytest.fixture
def outbox(tmp_path: Path) -> Outbox:
    box = Outbox(tmp_path / "new folder" / "outbox.sqlite3")
    box.enqueue(ISSUE, ["ann@example.org"], "digest", AT)
    return box


def claim(outbox: Outbox, at: datetime = AT, owner: str = "first") -> Delivery:
    claimed = outbox.claim_next(ISSUE, owner, at)
    assert claimed is not None
    return claimed


def only_row(outbox: Outbox) -> Delivery:
    (row,) = outbox.rows(ISSUE)
    return row


def test_enqueue_adds_each_recipient_once(outbox: Outbox) -> None:
    added = outbox.enqueue(
        ISSUE, ["Ann@Example.org", "bob@example.org"], "digest", AT + SECOND
    )

    assert added == 1
    assert [row.recipient for row in outbox.rows(ISSUE)] == [
        "ann@example.org",
        "bob@example.org",
    ]
    assert outbox.digest(ISSUE) == "digest"
    assert outbox.digest("2026-W47.r1") is None


def test_enqueue_refuses_other_bytes_and_changes_nothing(outbox: Outbox) -> None:
    with pytest.raises(OtherBytesError, match="raise the revision"):
        outbox.enqueue(ISSUE, ["bob@example.org"], "other digest", AT)

    assert [row.recipient for row in outbox.rows(ISSUE)] == ["ann@example.org"]


def test_claimed_row_is_not_given_to_a_second_sender(outbox: Outbox) -> None:
    claim(outbox)

    assert outbox.claim_next(ISSUE, "second", AT + LEASE - SECOND) is None
    assert not outbox.open_rows(AT + LEASE - SECOND)


def test_row_that_was_sent_stays_sent(outbox: Outbox) -> None:
    assert outbox.record(claim(outbox), DeliveryState.SENT, AT, code=250, text="ok")

    assert outbox.claim_next(ISSUE, "second", AT + timedelta(days=99)) is None
    assert (only_row(outbox).smtp_code, only_row(outbox).smtp_text) == (250, "ok")


def test_deferred_row_rests_longer_each_time_and_then_waits_for_a_person(
    outbox: Outbox,
) -> None:
    at = AT
    for attempt in range(1, MAX_ATTEMPTS + 1):
        claimed = claim(outbox, at)
        assert claimed.attempts == attempt
        outbox.record(claimed, DeliveryState.DEFERRED, at, code=451)
        pause = pause_after(attempt)
        assert outbox.claim_next(ISSUE, "first", at + pause - SECOND) is None
        at += pause

    assert outbox.claim_next(ISSUE, "first", at + timedelta(days=9)) is None
    assert [row.recipient for row in outbox.open_rows(at)] == ["ann@example.org"]


def test_pause_doubles_up_to_a_limit() -> None:
    assert pause_after(1) == FIRST_PAUSE
    assert pause_after(3) == 4 * FIRST_PAUSE
    assert pause_after(60) == LONGEST_PAUSE


def test_sender_that_died_before_handing_over_is_replaced(outbox: Outbox) -> None:
    dead = claim(outbox)

    second = claim(outbox, AT + LEASE, owner="second")

    assert second.attempts == 2
    assert not outbox.hand_over(dead, AT + LEASE)
    assert not outbox.record(dead, DeliveryState.SENT, AT + LEASE)
    assert outbox.hand_over(second, AT + LEASE)


def test_sender_that_died_while_handing_over_leaves_the_row_to_a_person(
    outbox: Outbox,
) -> None:
    outbox.hand_over(claim(outbox), AT)
    later = AT + LEASE

    assert outbox.claim_next(ISSUE, "second", later) is None
    assert [row.state for row in outbox.open_rows(later)] == [DeliveryState.CLAIMED]


@pytest.mark.parametrize("state", [DeliveryState.UNKNOWN, DeliveryState.REFUSED])
def test_person_can_close_an_open_row(outbox: Outbox, state: DeliveryState) -> None:
    outbox.record(claim(outbox), state, AT)
    assert outbox.open_rows(AT)

    outbox.settle(
        ISSUE, "ann@example.org", DeliveryState.REFUSED, person="Bo Lind", at=AT
    )

    assert not outbox.open_rows(AT)
    assert only_row(outbox).settled_by == "Bo Lind"
    with pytest.raises(UnknownDeliveryError):
        outbox.settle(ISSUE, "ann@example.org", DeliveryState.SENT, person="x", at=AT)


def test_person_can_have_a_row_sent_once_more(outbox: Outbox) -> None:
    first = claim(outbox)
    outbox.hand_over(first, AT)
    outbox.record(first, DeliveryState.UNKNOWN, AT)

    outbox.settle(
        ISSUE, "ANN@example.org", DeliveryState.PENDING, person="Bo Lind", at=AT
    )
    again = claim(outbox, AT + SECOND, owner="second")
    outbox.record(again, DeliveryState.UNKNOWN, AT + SECOND)

    assert again.attempts == 1
    assert outbox.open_rows(AT + SECOND), "a second doubt needs a second answer"


def test_row_that_needs_nobody_cannot_be_settled(outbox: Outbox) -> None:
    with pytest.raises(UnknownDeliveryError, match="no open row for ann"):
        outbox.settle(ISSUE, "ann@example.org", DeliveryState.SENT, person="x", at=AT)


def test_outbox_survives_its_process(outbox: Outbox, tmp_path: Path) -> None:
    outbox.record(claim(outbox), DeliveryState.SENT, AT)

    reopened = Outbox(tmp_path / "new folder" / "outbox.sqlite3")

    assert only_row(reopened) == only_row(outbox)


def test_outbox_file_is_for_its_owner_only(outbox: Outbox, tmp_path: Path) -> None:
    assert outbox.rows(ISSUE)
    mode = (tmp_path / "new folder" / "outbox.sqlite3").stat().st_mode
    assert mode & 0o077 == 0
