"""What comes back finds its row, and an address that keeps bouncing gets no more."""

import email
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage

import pytest
from unit.reporting.test_delivery import CONTENT, SENDER, ScriptedServer

from heartshare.orchestration.steps.bouncing import (
    NoBounceAddressError,
    NotSuspendedError,
    bounce_address,
    lift_suspension,
    read_bounces,
)
from heartshare.reporting.delivery.bounce_address import (
    BounceAddress,
    BounceAddressError,
)
from heartshare.reporting.delivery.bounce_book import BounceBook
from heartshare.reporting.delivery.bounces import BounceKind, read_bounce
from heartshare.reporting.delivery.deliveries import DeliveryState
from heartshare.reporting.delivery.outbox import Outbox
from heartshare.reporting.delivery.sending import deliver, freeze_email
from heartshare.settings import Settings

AT = datetime(2026, 11, 18, 9, 30, tzinfo=UTC)
DAY = timedelta(days=1)
W45, W46 = "2026-W45.r1", "2026-W46.r1"
ANN, BOB = "ann@example.org", "bob@example.org"
REPORT = """\
Return-Path: <>
To: {to}
From: MAILER-DAEMON@mx.example.net
Subject: Undelivered Mail Returned to Sender
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="b1"

--b1
Content-Type: text/plain; charset=us-ascii

I'm sorry to have to inform you that your message could not be delivered.

--b1
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example.net
Arrival-Date: Wed, 18 Nov 2026 09:30:05 +0000

Final-Recipient: rfc822; ann@example.org
Action: {action}
Status: {status}
Diagnostic-Code: smtp; 550 {status} <ann@example.org>:
    said no

--b1
Content-Type: {part}

Return-Path: {original}
Subject: Week 46

--b1--
"""


@pytest.fixture
def settings(tmp_path):
    return Settings.from_env(
        {
            "HEARTSHARE_HOME": str(tmp_path),
            "HEARTSHARE_BOUNCE_ADDRESS": "bounce@reports.example.org",
            "HEARTSHARE_PERSON_SALT": "salt",
            "HEARTSHARE_OWNERS": "owner@example.org",
        }
    )


@pytest.fixture
def server():
    return ScriptedServer()


def send(settings, account, issue, *recipients):
    """Send an issue for real; return the envelope's sender by recipient."""
    message = freeze_email(CONTENT, issue=issue, sender=SENDER, at=AT)
    deliver(
        Outbox(settings.outbox),
        account,
        message,
        recipients=recipients,
        owner=issue,
        at=AT,
        bounces=bounce_address(settings),
    )


@pytest.fixture
def returns(settings, server):
    """Two issues were sent to Ann and Bob; return addresses as the server saw them."""
    senders = {}

    class Seen(ScriptedServer):
        async def handle_DATA(self, server, session, envelope):  # noqa: N802
            (address,) = envelope.rcpt_tos
            senders[current, address] = envelope.mail_from
            return await super().handle_DATA(server, session, envelope)

    with Seen().running() as account:
        for current in (W45, W46):
            send(settings, account, current, ANN, BOB)
    return senders


def report(to, action="failed", status="5.1.1", **more):
    options = {"original": "<x@y.example>", "part": "text/rfc822-headers", **more}
    return REPORT.format(to=to, action=action, status=status, **options).encode()


def drop(settings, content, name="1.eml"):
    path = settings.bounces / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    return path


def states(settings, issue=W46):
    rows = Outbox(settings.outbox).rows(issue)
    return {row.recipient: row.state.value for row in rows}


def test_each_message_has_a_return_address_of_its_own(returns):
    assert len(set(returns.values())) == 4
    for (issue, recipient), sender in returns.items():
        local, _, domain = sender.partition("@")
        assert domain == "reports.example.org"
        assert local.startswith(f"bounce+{issue.lower()}.")
        assert len(local) <= 64
        assert recipient.partition("@")[0] not in local


def test_readers_see_the_sender_and_no_return_address(settings, server):
    with server.running() as account:
        send(settings, account, W46, ANN)
    ((_, content),) = server.taken
    assert email.message_from_bytes(content)["From"] == SENDER
    assert b"bounce+" not in content


def test_hard_bounce_ends_its_row_and_no_other(settings, returns):
    path = drop(settings, report(f"<{returns[W46, ANN]}>"))
    found = read_bounces(settings, at=AT + DAY)

    assert (found.read, found.left, found.suspended) == (1, 0, ())
    assert states(settings) == {ANN: "bounced", BOB: "sent"}
    assert states(settings, W45) == {ANN: "sent", BOB: "sent"}
    assert not path.exists()
    (row, _) = Outbox(settings.outbox).rows(W46)
    assert row.smtp_text.startswith("failed 5.1.1 smtp; 550 5.1.1")
    assert not row.needs_person(AT + DAY)
    assert not row.is_due(AT + 9 * DAY)


@pytest.mark.parametrize("folder", ["new", "cur", "."])
def test_maildir_is_read_but_not_what_is_still_written(settings, returns, folder):
    drop(settings, report(returns[W46, ANN]), f"{folder}/1700.M1.host:2,S")
    unfinished = drop(settings, report(returns[W46, BOB]), "tmp/1700.M2.host")
    hidden = drop(settings, report(returns[W46, BOB]), ".part")

    assert read_bounces(settings, at=AT).read == 1
    assert unfinished.exists()
    assert hidden.exists()
    assert states(settings) == {ANN: "bounced", BOB: "sent"}


@pytest.mark.parametrize(
    ("action", "status", "kind"),
    [
        ("failed", "5.1.1", BounceKind.HARD),
        ("Failed", "5.4.4", BounceKind.HARD),
        ("failed", "4.4.7", BounceKind.SOFT),
        ("failed", "5.2.2", BounceKind.SOFT),
        ("failed", "5.7.26", BounceKind.SOFT),
        ("failed", "5.3.4", BounceKind.SOFT),
        ("delayed", "4.4.1", BounceKind.SOFT),
        ("delayed", "5.1.1", BounceKind.SOFT),
        ("delivered", "2.0.0", BounceKind.NONE),
        ("relayed", "2.0.0", BounceKind.NONE),
    ],
)
def test_kind_of_a_report_follows_action_and_status(
    settings, returns, action, status, kind
):
    content = report(returns[W46, ANN], action, status)
    bounce = read_bounce(content, bounce_address(settings))
    assert (bounce.kind, bounce.status) == (kind, status)

    drop(settings, content)
    assert read_bounces(settings, at=AT).read == 1
    wanted = "bounced" if kind is BounceKind.HARD else "sent"
    assert states(settings)[ANN] == wanted


@pytest.mark.parametrize("part", ["message/rfc822", "text/rfc822-headers"])
def test_report_forwarded_to_another_mailbox_is_known_by_what_it_returns(
    settings, returns, part
):
    content = report("it@example.org", original=f"<{returns[W46, BOB]}>", part=part)
    drop(settings, content)
    read_bounces(settings, at=AT)
    assert states(settings) == {ANN: "sent", BOB: "bounced"}


def test_second_issue_that_comes_back_suspends_and_tells_the_owners_once(
    settings, returns, server
):
    with server.running() as account:
        told = Settings.from_env(
            {
                "HEARTSHARE_HOME": str(settings.home),
                "HEARTSHARE_BOUNCE_ADDRESS": settings.bounce_address,
                "HEARTSHARE_PERSON_SALT": "salt",
                "HEARTSHARE_OWNERS": "owner@example.org",
                "HEARTSHARE_SMTP_URL": f"smtp://127.0.0.1:{account.port}",
            }
        )
        drop(told, report(returns[W45, ANN]))
        assert read_bounces(told, at=AT).suspended == ()
        # The same issue again, from another server, is no second bounce.
        drop(told, report(returns[W45, ANN], status="5.1.2"))
        assert read_bounces(told, at=AT).suspended == ()
        drop(told, report(returns[W46, ANN]))
        first = read_bounces(told, at=AT + DAY)
        again = read_bounces(told, at=AT + 2 * DAY)

    assert [one.recipient for one in first.suspended] == [ANN]
    assert again.suspended == first.suspended
    ((owner, content),) = server.taken
    assert owner == "owner@example.org"
    notice = email.message_from_bytes(content, policy=email.policy.default)
    assert notice["Subject"] == "Report suspended for an...@example.org"
    assert ANN not in notice.get_content()
    assert "--lift ADDRESS" in notice.get_content()


def test_what_was_still_owed_to_a_suspended_address_is_not_sent(settings, returns):
    outbox = Outbox(settings.outbox)
    outbox.enqueue("2026-W47.r1", [ANN, BOB], "digest", AT)
    for number, issue in enumerate((W45, W46)):
        drop(settings, report(returns[issue, ANN]), f"{number}.eml")
    read_bounces(settings, at=AT)

    assert states(settings, "2026-W47.r1") == {ANN: "refused", BOB: "pending"}
    assert outbox.open_rows(AT + 9 * DAY) == ()


def test_lifted_address_starts_anew(settings, returns):
    for number, issue in enumerate((W45, W46)):
        drop(settings, report(returns[issue, ANN]), f"{number}.eml")
    read_bounces(settings, at=AT)
    lift_suspension(settings, "Ann@Example.org", person="Bo", reason="right", at=AT)

    book = BounceBook(Outbox(settings.outbox))
    assert book.suspensions() == ()
    drop(settings, report(returns[W46, ANN], status="5.1.2"))
    assert read_bounces(settings, at=AT + DAY).suspended == ()
    with pytest.raises(NotSuspendedError, match=r"bo\.\.\.@example\.org"):
        lift_suspension(settings, BOB, person="Bo", reason="why", at=AT)


def test_bounce_answers_the_question_of_an_unknown_row(settings, returns):
    outbox = Outbox(settings.outbox)
    outbox.enqueue("2026-W47.r1", [ANN], "digest", AT)
    claim = outbox.claim_next("2026-W47.r1", "run", AT)
    outbox.hand_over(claim, AT)
    outbox.record(claim, DeliveryState.UNKNOWN, AT, text="lost")
    drop(settings, report(bounce_address(settings).sender_of(claim)))
    read_bounces(settings, at=AT)
    assert states(settings, "2026-W47.r1") == {ANN: "bounced"}
    assert outbox.open_rows(AT) == ()


@pytest.mark.parametrize("what", ["forged", "reply", "text", "empty", "other issue"])
def test_what_is_no_report_on_one_of_ours_is_left_alone(settings, returns, what):
    mine = returns[W46, ANN]
    reply = EmailMessage()
    reply["To"] = mine
    reply.set_content("I am on holiday until 30 November.")
    stranger = BounceAddress(settings.bounce_address, "another salt")
    (row, _) = Outbox(settings.outbox).rows(W46)
    contents = {
        "forged": report(stranger.sender_of(row)),
        "reply": reply.as_bytes(),
        "text": b"\xff\xfe no mail at all",
        "empty": b"",
        "other issue": report("bounce+2026-w46.r1@reports.example.org"),
    }
    path = drop(settings, contents[what])
    found = read_bounces(settings, at=AT)

    assert (found.read, found.left) == (0, 1)
    assert path.read_bytes() == contents[what]
    assert states(settings) == {ANN: "sent", BOB: "sent"}


def test_folder_that_is_not_there_holds_no_bounce(settings):
    assert read_bounces(settings, at=AT).read == 0


def test_address_is_checked_and_needed(settings, tmp_path):
    without = Settings.from_env({"HEARTSHARE_HOME": str(tmp_path)})
    with pytest.raises(NoBounceAddressError, match="HEARTSHARE_BOUNCE_ADDRESS"):
        read_bounces(without, at=AT)
    for wrong in ("bounce", "a+b@example.org", "x@y@z"):
        with pytest.raises(BounceAddressError):
            BounceAddress(wrong, "")


def test_long_issue_name_is_left_out_of_the_address(settings):
    outbox = Outbox(settings.outbox)
    outbox.enqueue(f"{'x' * 70}", [ANN], "digest", AT)
    (row,) = outbox.rows()
    address = bounce_address(settings)
    sender = address.sender_of(row)
    assert len(sender.partition("@")[0]) <= 64
    assert address.row_of(address.find_token(f"<{sender}>"), [row]) == row


def test_erasure_takes_bounces_and_suspensions_too(settings, returns):
    for number, issue in enumerate((W45, W46)):
        drop(settings, report(returns[issue, ANN]), f"{number}.eml")
    read_bounces(settings, at=AT)
    Outbox(settings.outbox).forget([ANN])
    assert ANN.encode() not in settings.outbox.read_bytes()
    assert BounceBook(Outbox(settings.outbox)).suspensions() == ()
