"""The delivery step as a whole: list, suspensions, return addresses, then chat."""

import json
from datetime import UTC, date, datetime, timedelta

import duckdb
import pytest
from unit.reporting.test_delivery import SENDER, ScriptedServer
from unit.reporting.test_mailing_list import WORDY

from heartshare.errors import TransientError
from heartshare.orchestration.steps import posting
from heartshare.orchestration.steps.delivering import NoIssueError, deliver_report
from heartshare.reporting.archive.issues import Issue, file_issue
from heartshare.reporting.delivery.bare_mail import without_pdf_part
from heartshare.reporting.delivery.bounce_book import BounceBook
from heartshare.reporting.delivery.bounces import Bounce, BounceKind
from heartshare.reporting.delivery.deliveries import Delivery, DeliveryState
from heartshare.reporting.delivery.mailing_list import read_snapshot
from heartshare.reporting.delivery.outbox import Outbox
from heartshare.reporting.delivery.sending import DeliveryReport, freeze_email
from heartshare.settings import Settings
from heartshare.weeks import ReportingWeek

WEEK = ReportingWeek.parse("2026-W46")
ISSUE = "2026-W46.r1"
AT = datetime(2026, 11, 18, 9, 30, tzinfo=UTC)
ANN, BOB, CAT, DEE = (f"{name}@example.org" for name in ("ann", "bob", "cat", "dee"))
MESSAGE = freeze_email(WORDY, issue=ISSUE, sender=SENDER, at=AT)


@pytest.fixture
def home(tmp_path):
    files = {
        "index.html": b"x",
        "report.pdf": b"x",
        "report.eml": MESSAGE,
        "facts.json": json.dumps({"growing": {"headline": "Yes."}}).encode(),
    }
    place = tmp_path / "archive" / WEEK.label / "r1"
    issue = Issue(WEEK, "r1", place, is_new=True)
    file_issue(issue, files, at=AT, verdict="clean")
    write_list(
        tmp_path,
        (ANN, "leadership", "all", None),
        (BOB, "community", "page_one", None),
        (CAT, "leadership", "all", date(2026, 11, 17)),
    )
    return tmp_path


def write_list(home, *lines):
    with duckdb.connect(str(home / "warehouse.duckdb")) as connection:
        connection.execute(
            "create schema if not exists staging; "
            "create or replace table staging.stg_programme__report_recipients ("
            "email_address varchar, recipient_name varchar, role_code varchar, "
            "sections varchar, valid_from date, valid_until date)"
        )
        connection.executemany(
            "insert into staging.stg_programme__report_recipients "
            "values (?, '', ?, ?, null, ?)",
            lines,
        )


def settings_of(home, account, **more):
    return Settings.from_env(
        {
            "HEARTSHARE_HOME": str(home),
            "HEARTSHARE_SMTP_URL": f"smtp://127.0.0.1:{account.port}",
            "HEARTSHARE_PERSON_SALT": "salt",
            **more,
        }
    )


def test_everybody_on_the_list_gets_what_the_line_asks_for(home):
    server = ScriptedServer()
    with server.running() as account:
        settings = settings_of(home, account)
        first = deliver_report(settings, WEEK, at=AT)
        again = deliver_report(settings, WEEK, at=AT + timedelta(days=1))

    assert first == again == {"sent": 2}
    assert server.taken == [(ANN, MESSAGE), (BOB, without_pdf_part(MESSAGE))]
    kept = read_snapshot(Outbox(home / "outbox.sqlite3"), ISSUE)
    assert [(row["recipient"], row["has_pdf"]) for row in kept] == [(ANN, 1), (BOB, 0)]


def test_greylisted_reader_who_leaves_the_list_is_not_sent_to(home):
    server = ScriptedServer(rcpt={ANN: ["451 Later", "250 OK"]})
    with server.running() as account:
        settings = settings_of(home, account)
        with pytest.raises(TransientError):
            deliver_report(settings, WEEK, at=AT)
        write_list(home, (BOB, "community", "page_one", None))
        done = deliver_report(settings, WEEK, at=AT + timedelta(days=1))

    assert done == {"refused": 1, "sent": 1}
    assert [address for address, _ in server.taken] == [BOB]


def test_suspended_address_is_left_out_and_the_rest_is_sent(home):
    outbox = Outbox(home / "outbox.sqlite3")
    book = BounceBook(outbox)
    for number in (1, 2):
        old = f"2026-W4{number}.r1"
        outbox.enqueue(old, [ANN], "digest", AT)
        (row,) = outbox.rows(old)
        bounce = Bounce("token", BounceKind.HARD, "5.1.1", "failed")
        book.note(f"digest {number}", row, bounce, AT)
    server = ScriptedServer()
    with server.running() as account:
        settings = settings_of(
            home, account, HEARTSHARE_BOUNCE_ADDRESS="bounce@example.org"
        )
        assert deliver_report(settings, WEEK, at=AT) == {"sent": 1}
    assert [address for address, _ in server.taken] == [BOB]


def test_chat_is_told_after_the_mail_and_both_must_be_complete(home, monkeypatch):
    server = ScriptedServer()

    def deferred(settings, folder, *, at):
        assert [address for address, _ in server.taken] == [ANN, BOB]
        assert folder.name == "r1"
        row = Delivery(
            *(f"{ISSUE}.chat", "json-1", "json-1", DeliveryState.DEFERRED, 1, 429, ""),
            *("chat", at, at + timedelta(minutes=1), None, None, None),
        )
        return DeliveryReport(f"{ISSUE}.chat", at, (row,))

    monkeypatch.setattr(
        "heartshare.orchestration.steps.delivering.post_issue", deferred
    )
    with server.running() as account, pytest.raises(TransientError, match="chat"):
        deliver_report(settings_of(home, account), WEEK, at=AT)
    assert posting.post_issue is not deferred


def test_week_without_a_report_is_named(home):
    with ScriptedServer().running() as account, pytest.raises(NoIssueError):
        deliver_report(settings_of(home, account), WEEK.shift(1), at=AT)
