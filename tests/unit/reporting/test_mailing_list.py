"""Recipients get what their line asks for, on the days it names, and that is kept."""

from __future__ import annotations

import email
from datetime import UTC, date, datetime, timedelta
from email.policy import default
from importlib.resources import files
from typing import TYPE_CHECKING

import pytest
from unit.reporting.test_delivery import CONTENT, SENDER, ScriptedServer

from heartshare.language import say, speaking
from heartshare.reporting.delivery.bare_mail import (
    ATTACHED,
    NOT_ATTACHED,
    without_pdf_part,
)
from heartshare.reporting.delivery.deliveries import DeliveryState
from heartshare.reporting.delivery.mailing_list import (
    end_for_others,
    keep_snapshot,
    read_snapshot,
)
from heartshare.reporting.delivery.outbox import Outbox
from heartshare.reporting.delivery.recipients import (
    Recipient,
    choose_addresses,
    page_one_only,
    wants_pdf,
)
from heartshare.reporting.delivery.sending import MailContent, deliver, freeze_email

if TYPE_CHECKING:
    from pathlib import Path

ISSUE = "2026-W46.r1"
AT = datetime(2026, 11, 18, 9, 30, tzinfo=UTC)
ANN, BOB, CAT = "ann@example.org", "bob@example.org", "cat@example.org"
WORDY = MailContent(
    subject=CONTENT.subject,
    text=f"The full report is {ATTACHED}.\nÄrger \u2013 none.\n",
    html=f"<p>The full report is {ATTACHED}.</p><img src='cid:growing' alt='Six'>",
    pictures=CONTENT.pictures,
    pdf=CONTENT.pdf,
)
MESSAGE = freeze_email(WORDY, issue=ISSUE, sender=SENDER, at=AT)


@pytest.fixture
def outbox(tmp_path: Path) -> Outbox:
    return Outbox(tmp_path / "outbox.sqlite3")


def recipient(
    address: str, *sections: str, role: str = "leadership", until: date | None = None
) -> Recipient:
    return Recipient(address, "", role, sections, None, until)


@pytest.mark.parametrize(
    ("sections", "expected"),
    [
        (("all",), True),
        (("page_one",), False),
        (("page_one", "listen"), True),
        (("listen",), True),
    ],
)
def test_pdf_goes_to_those_who_ask_for_more_than_page_one(
    sections: tuple[str, ...], *, expected: bool
) -> None:
    assert wants_pdf(recipient(ANN, *sections)) is expected


def test_one_line_that_asks_for_the_pdf_is_enough() -> None:
    lines = [recipient(ANN, "page_one"), recipient("Ann@Example.org", "all")]
    assert page_one_only([*lines, recipient(BOB, "page_one")]) == {BOB}


def test_each_gets_the_mail_asked_for_and_the_frozen_bytes_else(
    outbox: Outbox,
) -> None:
    server = ScriptedServer()
    with server.running() as account:
        report = deliver(
            outbox,
            account,
            MESSAGE,
            recipients=[ANN, BOB],
            owner="run",
            at=AT,
            without_pdf=frozenset({BOB}),
        )

    assert {row.state for row in report.rows} == {DeliveryState.SENT}
    taken = dict(server.taken)
    assert taken == {ANN: MESSAGE, BOB: without_pdf_part(MESSAGE)}


def test_shorter_mail_differs_by_the_pdf_and_the_word_on_it_alone() -> None:
    short = without_pdf_part(MESSAGE)
    whole_mail, short_mail = (
        email.message_from_bytes(each, policy=default) for each in (MESSAGE, short)
    )

    assert short == without_pdf_part(MESSAGE)
    assert b"\n" not in short.replace(b"\r\n", b"")
    assert b"application/pdf" in MESSAGE
    assert b"application/pdf" not in short
    for name in ("Message-ID", "Subject", "Date", "From", "X-Heartshare-Issue"):
        assert short_mail[name] == whole_mail[name]
    for kind in ("plain", "html"):
        text, before = (
            mail.get_body((kind,)).get_content() for mail in (short_mail, whole_mail)
        )
        assert text == before.replace(ATTACHED, NOT_ATTACHED)
        assert text != before
    pictures = [
        [p.get_content() for p in mail.walk() if p.get_content_type() == "image/png"]
        for mail in (short_mail, whole_mail)
    ]
    assert pictures[0] == pictures[1] != []


def test_shorter_mail_names_the_archive_in_the_language_of_its_mail() -> None:
    with speaking("de"):
        line = say("The full report is {place}.", place=say(ATTACHED))
    mail = freeze_email(
        MailContent(
            subject="Woche 46", text=f"{line}\n", html=f"<p>{line}</p>", pdf=CONTENT.pdf
        ),
        issue=ISSUE,
        sender=SENDER,
        at=AT,
    )
    short = email.message_from_bytes(without_pdf_part(mail), policy=default)
    for kind in ("plain", "html"):
        text = short.get_body((kind,)).get_content()
        assert "Der vollständige Bericht ist im Archiv abgelegt." in text
        assert "PDF" not in text


def test_mail_without_a_pdf_stays_as_it_is() -> None:
    notice = freeze_email(
        MailContent(subject="HELD", text=f"{ATTACHED}\n"),
        issue=ISSUE,
        sender=SENDER,
        at=AT,
    )
    assert without_pdf_part(notice) == notice


@pytest.mark.parametrize("name", ["email.html.j2", "email.txt.j2"])
def test_templates_say_of_the_pdf_what_the_shorter_mail_takes_back(name: str) -> None:
    templates = files("heartshare.reporting.rendering") / "templates"
    text = (templates / name).read_text("utf-8")
    assert text.count(ATTACHED) == 1
    assert "PDF" not in text.replace(ATTACHED, "")


def test_snapshot_keeps_who_an_issue_went_to_and_why(outbox: Outbox) -> None:
    until = date(2026, 12, 31)
    first = [recipient(ANN, "all"), recipient(BOB, "page_one", until=until)]
    keep_snapshot(outbox, ISSUE, first, AT)
    changed = [recipient(ANN, "page_one"), recipient(CAT, role="owner")]
    keep_snapshot(outbox, ISSUE, changed, AT + timedelta(hours=1))

    kept = read_snapshot(outbox, ISSUE)
    assert [
        (row["recipient"], row["role_code"], row["sections"], row["has_pdf"])
        for row in kept
    ] == [
        (ANN, "leadership", "all", 1),
        (BOB, "leadership", "page_one", 0),
        (CAT, "owner", "", 1),
    ]
    assert kept[1]["valid_until"] == "2026-12-31"
    assert kept[2]["taken_at"] == "2026-11-18T10:30:00+00:00"
    assert read_snapshot(outbox, "2026-W47.r1") == []
    outbox.forget([BOB])
    assert [row["recipient"] for row in read_snapshot(outbox, ISSUE)] == [ANN, CAT]


def test_who_leaves_the_list_gets_nothing_that_was_still_owed(outbox: Outbox) -> None:
    server = ScriptedServer(rcpt={each: ["451 Later", "250 OK"] for each in (ANN, BOB)})
    day = date(2026, 11, 18)
    lines = [recipient(ANN), recipient(BOB, until=day), recipient(CAT, until=day)]
    tomorrow = AT + timedelta(days=1)
    with server.running() as account:
        for at in (AT, tomorrow):
            addresses = choose_addresses(lines, at.date())
            end_for_others(outbox, ISSUE, addresses, at)
            report = deliver(
                outbox,
                account,
                MESSAGE,
                recipients=addresses,
                owner=at.isoformat(),
                at=at,
            )

    assert {row.recipient: row.state.value for row in report.rows} == {
        ANN: "sent",
        BOB: "refused",
        CAT: "sent",
    }
    assert "no longer on the recipients list" in report.rows[1].smtp_text
    assert [address for address, _ in server.taken] == [CAT, ANN]
    report.require_complete()
