"""What a person sees of the outbox, and what becomes of the answer."""

import json
import sqlite3
from datetime import UTC, datetime, timedelta

import pytest
from click.testing import CliRunner

from heartshare.cli.program import commands
from heartshare.orchestration.steps.settling import (
    NoSuchRowError,
    RowHasAnEndError,
    UnsignedAnswerError,
    outbox_rows,
    settle_row,
)
from heartshare.reporting.delivery.deliveries import LEASE, DeliveryState
from heartshare.reporting.delivery.outbox import Outbox
from heartshare.reporting.delivery.outbox_listing import listing, masked, reference
from heartshare.settings import Settings

AT = datetime(2026, 11, 18, 9, 30, tzinfo=UTC)
ISSUE = "2026-W46.r1"
ANN, BOB, CAT, DEE = (f"{name}@example.org" for name in ("ann", "bob", "cat", "dee"))


@pytest.fixture
def settings(tmp_path):
    return Settings.from_env({"HEARTSHARE_HOME": str(tmp_path)})


@pytest.fixture
def outbox(settings):
    """Ann has it, nobody knows of Bob, Cat has to wait, Dee's sender has died."""
    box = Outbox(settings.outbox)
    box.enqueue(ISSUE, [ANN, BOB, CAT, DEE], "digest", AT)
    ends = {
        ANN: (DeliveryState.SENT, 250, "Queued"),
        BOB: (DeliveryState.UNKNOWN, None, "lost after bob@example.org"),
        CAT: (DeliveryState.DEFERRED, 451, "Later"),
    }
    for state, code, text in ends.values():
        claim = box.claim_next(ISSUE, "first", AT)
        box.hand_over(claim, AT)
        box.record(claim, state, AT, code=code, text=text)
    box.hand_over(box.claim_next(ISSUE, "first", AT), AT)
    return box


def row_of(outbox, address):
    return next(row for row in outbox.rows(ISSUE) if row.recipient == address)


def settle(settings, named, answer="sent", at=AT + LEASE):
    return settle_row(
        settings, ISSUE, named, answer, person="Bo Lind", reason="asked", at=at
    )


def test_list_shows_state_answer_and_next_attempt_but_no_address(settings, outbox):
    shown = "\n".join(listing(outbox_rows(settings, at=AT + LEASE), AT + LEASE))

    lines = {line.split()[2]: line for line in shown.splitlines()[1:5]}
    assert "sent" in lines["an...@example.org"]
    assert "250 Queued" in lines["an...@example.org"]
    assert "unknown" in lines["bo...@example.org"]
    assert "a person" in lines["bo...@example.org"]
    assert "2026-11-18T09:31:00Z" in lines["ca...@example.org"]
    assert "claimed" in lines["de...@example.org"]
    assert "a person" in lines["de...@example.org"]
    assert "2 of them wait for a person" in shown
    for address in (ANN, BOB, CAT, DEE):
        assert address not in shown


def test_open_rows_are_those_that_nobody_ends_by_waiting(settings, outbox):
    now = outbox_rows(settings, at=AT, is_open=True)
    later = outbox_rows(settings, at=AT + LEASE, is_open=True)

    assert [row.recipient for row in now] == [BOB]
    assert [row.recipient for row in later] == [BOB, DEE]


@pytest.mark.parametrize("by_reference", [True, False])
def test_row_is_settled_by_address_or_reference(settings, outbox, by_reference):
    row = row_of(outbox, BOB)
    done = settle(settings, reference(row) if by_reference else "Bob@Example.org")

    assert (done.recipient, done.state, done.settled_by) == (BOB, "sent", "Bo Lind")
    with sqlite3.connect(settings.outbox) as connection:
        kept = connection.execute(
            "select recipient, person, state_before, state_after, reason, settled_at "
            "from settlements"
        ).fetchall()
    assert kept == [
        (BOB, "Bo Lind", "unknown", "sent", "asked", "2026-11-18T09:45:00+00:00")
    ]


@pytest.mark.parametrize("address", [BOB, DEE])
def test_row_that_did_not_arrive_is_sent_once_more(settings, outbox, address):
    assert settle(settings, address, "not-sent").state is DeliveryState.PENDING

    again = outbox.claim_next(ISSUE, "second", AT + LEASE, frozenset({CAT}))
    assert again.recipient == address
    assert again.attempts == 1


def test_closed_row_is_left_alone(settings, outbox):
    settle(settings, BOB, "close")

    open_rows = outbox_rows(settings, at=AT + timedelta(days=9), is_open=True)
    assert [row.recipient for row in open_rows] == [DEE]


@pytest.mark.parametrize("address", [ANN, CAT])
def test_row_that_waits_for_nobody_is_not_settled(settings, outbox, address):
    with pytest.raises(RowHasAnEndError, match="waits for nobody"):
        settle(settings, address)


def test_claim_of_a_living_sender_is_not_settled(settings, outbox):
    with pytest.raises(RowHasAnEndError, match="is claimed"):
        settle(settings, DEE, at=AT)


def test_unknown_names_say_what_there_is(settings, outbox):
    with pytest.raises(NoSuchRowError, match=r"ev\.\.\.@example\.org .* 2026-W46\.r1"):
        settle(settings, "eve@example.org")
    with pytest.raises(NoSuchRowError, match=r"2026-W47\.r1"):
        outbox_rows(settings, at=AT, issue="2026-W47.r1")


def test_answer_needs_a_person_and_a_reason(settings, outbox):
    for person, reason in [("", "asked"), ("Bo", " ")]:
        with pytest.raises(UnsignedAnswerError):
            settle_row(
                settings, ISSUE, BOB, "sent", person=person, reason=reason, at=AT
            )
    assert row_of(outbox, BOB).state is DeliveryState.UNKNOWN


def test_looking_makes_no_outbox(settings):
    assert outbox_rows(settings, at=AT) == ()
    assert not settings.outbox.exists()
    with pytest.raises(NoSuchRowError, match="none yet"):
        settle(settings, ANN)


def test_file_of_an_earlier_release_keeps_its_rows_and_takes_a_reason(settings, outbox):
    with sqlite3.connect(settings.outbox) as connection:
        connection.execute("alter table settlements drop column reason")
        for table in ("bounces", "suspensions", "snapshots"):
            connection.execute(f"drop table {table}")
    connection.close()

    assert settle(settings, BOB).settled_by == "Bo Lind"
    assert len(Outbox(settings.outbox).rows()) == 4


def test_masking_leaves_two_letters_and_the_domain():
    assert masked("550 <jo.bloggs@a.example>: unknown; a@b.example") == (
        "550 <jo...@a.example>: unknown; a...@b.example"
    )


def test_command_lists_and_settles(settings, outbox, monkeypatch):
    monkeypatch.setenv("HEARTSHARE_HOME", str(settings.home))
    run = CliRunner().invoke
    shown = json.loads(run(commands, ["outbox", "--open", "--json"]).output)
    assert [row["recipient"] for row in shown] == [
        "bo...@example.org",
        "de...@example.org",
    ]
    named = shown[0]["reference"]
    signed = ["--by", "Bo Lind", "--because", "Bob has it"]
    done = run(commands, ["outbox", "--settle", ISSUE, named, "sent", *signed])
    assert done.exit_code == 0, done.output
    assert "settled by Bo Lind" in done.output
    rows = json.loads(run(commands, ["outbox", "--issue", ISSUE, "--json"]).output)
    assert [row["state"] for row in rows] == ["sent", "sent", "deferred", "claimed"]
    assert rows[1]["needs_person"] is False


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--by", "Bo"], "go with --settle"),
        (["--bounces", "--lift", ANN], "Choose one of"),
        (["--settle", ISSUE, ANN, "maybe"], "'maybe' is not one of"),
        (["--open", "--settle", ISSUE, ANN, "sent"], "names its issue itself"),
    ],
)
def test_wrong_usage_is_explained(arguments, words):
    done = CliRunner().invoke(commands, ["outbox", *arguments])
    assert done.exit_code == 2
    assert words in done.output
