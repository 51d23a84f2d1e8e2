"""What a person is asked before a report goes out, and who hears of a no."""

import json
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy

import pytest

from heartshare.errors import InputError
from heartshare.orchestration.steps.approving import (
    ApprovalTimedOutError,
    approval_request,
    tell_rejected,
)
from heartshare.orchestration.steps.delivering import NoIssueError
from heartshare.reporting.archive.issues import Issue, file_issue
from heartshare.reporting.delivery.outbox import Outbox
from heartshare.settings import Settings
from heartshare.weeks import ReportingWeek

WEEK = ReportingWeek.parse("2026-W46")
AT = datetime(2026, 11, 16, 6, tzinfo=UTC)


@pytest.fixture
def make(tmp_path):
    def settings(**values):
        home = {"HEARTSHARE_HOME": str(tmp_path)}
        return Settings.from_env({**home, **values})

    return settings


def file_report(settings, name="r1", verdict="clean"):
    facts = {
        "gate": {"verdict_code": verdict, "text": "Data gate passed: 57 of 57 checks"},
        "growing": {"headline": "Yes, steadily."},
        "stuck": {"headline": "Between Identified and Activated."},
    }
    files = dict.fromkeys(("index.html", "report.pdf", "report.eml"), b"x")
    place = settings.archive / WEEK.label / name
    return file_issue(
        Issue(WEEK, name, place, is_new=True),
        {**files, "facts.json": json.dumps(facts).encode()},
        at=AT,
        verdict=verdict,
    )


def test_question_shows_headlines_verdict_and_page(make):
    settings = make()
    file_report(settings)
    file_report(settings, "r2", verdict="published_with_notes")
    asked = approval_request(settings, WEEK)
    assert asked.issue == "2026-W46.r2"
    assert asked.subject == "Send the weekly report 2026-W46, issue r2?"
    assert asked.body == (
        "**Is advocacy growing?** Yes, steadily.\n\n"
        "**Where is it stuck?** Between Identified and Activated.\n\n"
        "**Data gate:** fit to publish, with notes. Data gate passed: 57 of 57 "
        "checks.\n\n"
        f"**Page:** {settings.archive}/2026-W46/r2/index.html\n\n"
        "Approve sends it to everybody on the list. Reject sends nothing and tells the "
        "owners."
    )


def test_question_links_to_the_archive_where_it_has_an_address(make):
    settings = make(HEARTSHARE_ARCHIVE_URL="https://reports.example.org/archive/")
    file_report(settings)
    page = "https://reports.example.org/archive/2026-W46/r1/index.html"
    assert f"**Page:** {page}\n" in approval_request(settings, WEEK).body


@pytest.mark.parametrize(
    ("state", "is_asked"), [("sent", False), ("refused", True), ("pending", True)]
)
def test_issue_that_somebody_received_is_not_asked_about_again(make, state, is_asked):
    settings = make()
    file_report(settings)
    outbox = Outbox(settings.outbox)
    outbox.enqueue("2026-W46.r1", ["a@example.org"], "digest", AT)
    if state != "pending":
        claim = outbox.claim_next("2026-W46.r1", "me", AT)
        outbox.hand_over(claim, AT)
        from heartshare.reporting.delivery.deliveries import DeliveryState

        outbox.record(claim, DeliveryState(state), AT)
    assert (approval_request(settings, WEEK) is not None) is is_asked


def test_week_without_a_report_is_nothing_to_ask_about(make):
    with pytest.raises(NoIssueError):
        approval_request(make(), WEEK)


def test_owners_are_told_once_for_each_run_that_a_person_said_no(make, monkeypatch):
    settings = make(
        HEARTSHARE_OWNERS="owner@example.org", HEARTSHARE_SMTP_URL="smtp://127.0.0.1:1"
    )
    file_report(settings)
    for run in ("run-a", "run-a", "run-b"):
        tell_rejected(settings, WEEK, by="Vera", run=run, at=AT)
    notices = sorted((settings.home / "notices").glob("rejected-*.eml"))
    assert len(notices) == 2
    message = message_from_bytes(notices[0].read_bytes(), policy=policy.default)
    assert message["subject"] == "NOT SENT: weekly report 2026-W46 rejected"
    text = message.get_body().get_content()
    assert "Vera rejected the report of 2026-W46 (issue r1)" in " ".join(text.split())


def test_silence_is_explained_with_the_next_step():
    error = str(ApprovalTimedOutError(WEEK, timedelta(hours=24)))
    assert "within 24 hours: it was not sent" in error
    assert "90 seconds" in str(ApprovalTimedOutError(WEEK, timedelta(seconds=90)))
    assert "heartshare report --week 2026-W46 --send" in error


@pytest.mark.parametrize(
    ("text", "wait"),
    [("90s", 90), ("30m", 1800), ("24h", 86400)],
)
def test_wait_is_a_number_with_a_unit(make, text, wait):
    settings = make(HEARTSHARE_APPROVAL_WAIT=text, HEARTSHARE_APPROVAL="required")
    assert settings.approval_wait == timedelta(seconds=wait)
    assert settings.is_approval_required


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("HEARTSHARE_APPROVAL", "yes"),
        ("HEARTSHARE_APPROVAL_WAIT", "24"),
        ("HEARTSHARE_APPROVAL_WAIT", "0h"),
        ("HEARTSHARE_APPROVAL_WAIT", "1 day"),
    ],
)
def test_setting_that_cannot_be_used_is_named(make, name, value):
    with pytest.raises(InputError, match=name):
        make(**{name: value})
