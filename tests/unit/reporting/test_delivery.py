"""Delivery against real SMTP servers on loopback that misbehave as told."""

from __future__ import annotations

import email
import socket
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from email.policy import SMTP as SMTP_POLICY
from threading import Barrier
from typing import TYPE_CHECKING, Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult

from heartshare.errors import InputError, TransientError
from heartshare.reporting.delivery.deliveries import (
    LEASE,
    DeliveryState,
    OtherBytesError,
)
from heartshare.reporting.delivery.outbox import Outbox
from heartshare.reporting.delivery.sending import (
    DeliveryReport,
    MailContent,
    NotFrozenError,
    SenderAddressError,
    deliver,
    freeze_email,
)
from heartshare.reporting.delivery.smtp_account import MailAccountError, SmtpAccount

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

ISSUE = "2026-W46.r1"
AT = datetime(2026, 11, 18, 9, 30, tzinfo=UTC)
SENDER = "Rivermark reports <reports@example.org>"
ANN, BOB, CAT = "ann@example.org", "bob@example.org", "cat@example.org"
PNG = b"\x89PNG\r\n\x1a\n not really a picture"
CONTENT = MailContent(
    subject="Week 46: six new advocates",
    text="Six new advocates \u2013 and one step is stuck.\n.\nA dot alone.\n",
    html="<p>Six new advocates</p><img src='cid:growing' alt='Six'>",
    pictures={"growing": PNG, "funnel": PNG},
    pdf=b"%PDF-1.7 not really a document",
    pdf_name="rivermark-2026-w46.pdf",
)
MESSAGE = freeze_email(CONTENT, issue=ISSUE, sender=SENDER, at=AT)


class ScriptedServer:
    """Answers each recipient as scripted, once or always, and keeps what it took.

    ``rcpt`` and ``data`` map an address to the answers it gets in turn; the last one
    stays. The answer ``drop`` cuts the line.
    """

    def __init__(
        self,
        rcpt: dict[str, list[str]] | None = None,
        data: dict[str, list[str]] | None = None,
        mail: str = "250 OK",
    ) -> None:
        self.rcpt, self.data, self.mail = rcpt or {}, data or {}, mail
        self.taken: list[tuple[str, bytes]] = []
        self.sessions = 0

    @staticmethod
    def _next(script: dict[str, list[str]], address: str) -> str:
        answers = script.get(address, ["250 OK"])
        return answers.pop(0) if len(answers) > 1 else answers[0]

    async def handle_EHLO(  # noqa: N802
        self, server: Any, session: Any, envelope: Any, hostname: str, responses: list
    ) -> list[str]:
        self.sessions += 1
        session.host_name = hostname
        return responses

    async def handle_MAIL(  # noqa: N802
        self, server: Any, session: Any, envelope: Any, address: str, options: list
    ) -> str:
        envelope.mail_from = address
        return self.mail

    async def handle_RCPT(  # noqa: N802
        self, server: Any, session: Any, envelope: Any, address: str, options: list
    ) -> str:
        answer = self._next(self.rcpt, address)
        if answer == "drop":
            server.transport.abort()
        elif answer.startswith("2"):
            envelope.rcpt_tos.append(address)
        return answer

    async def handle_DATA(  # noqa: N802
        self, server: Any, session: Any, envelope: Any
    ) -> str:
        (address,) = envelope.rcpt_tos
        answer = self._next(self.data, address)
        if answer == "drop":
            server.transport.abort()
            return "250 OK"
        if answer.startswith("2"):
            self.taken.append((address, envelope.original_content))
        return answer

    @contextmanager
    def running(self, **options: Any) -> Iterator[SmtpAccount]:
        with socket.create_server(("127.0.0.1", 0)) as listener:

            class OnListener(Controller):
                def _create_server(self) -> Any:
                    return self.loop.create_server(self._factory_invoker, sock=listener)

            port = listener.getsockname()[1]
            controller = OnListener(self, hostname="127.0.0.1", port=port, **options)
            controller.start()
            try:
                yield SmtpAccount("127.0.0.1", port)
            finally:
                controller.stop()


@pytest.fixture
def outbox(tmp_path: Path) -> Outbox:
    return Outbox(tmp_path / "outbox.sqlite3")


def send(
    outbox: Outbox,
    account: SmtpAccount,
    *recipients: str,
    at: datetime = AT,
    owner: str = "run-1",
    message: bytes = MESSAGE,
) -> DeliveryReport:
    return deliver(outbox, account, message, recipients=recipients, owner=owner, at=at)


def states(report: DeliveryReport) -> dict[str, str]:
    return {row.recipient: row.state.value for row in report.rows}


def test_every_recipient_gets_the_frozen_bytes_once(outbox: Outbox) -> None:
    server = ScriptedServer()
    with server.running() as account:
        report = send(outbox, account, ANN, BOB)
        again = send(outbox, account, ANN, BOB, owner="run-2")

    assert states(report) == states(again) == {ANN: "sent", BOB: "sent"}
    assert report.summary == "2 sent"
    assert [address for address, _ in server.taken] == [ANN, BOB]
    assert {content for _, content in server.taken} == {MESSAGE}
    report.require_complete()


def test_refused_recipient_is_kept_and_the_others_are_sent(outbox: Outbox) -> None:
    server = ScriptedServer(rcpt={BOB: ["550 5.1.1 No such user"]})
    with server.running() as account:
        report = send(outbox, account, ANN, BOB, CAT)
        send(outbox, account, ANN, BOB, CAT, at=AT + timedelta(days=1), owner="run-2")

    assert states(report) == {ANN: "sent", BOB: "refused", CAT: "sent"}
    assert (report.rows[1].smtp_code, report.rows[1].smtp_text) == (
        550,
        "5.1.1 No such user",
    )
    assert len(server.taken) == 2
    with pytest.raises(InputError, match=r"bob@example\.org refused 550 5\.1\.1"):
        report.require_complete()


@pytest.mark.parametrize("stage", ["rcpt", "data"])
def test_greylisted_recipient_is_sent_after_a_pause(outbox: Outbox, stage: str) -> None:
    script = {BOB: ["451 4.7.1 Come back later", "250 OK"]}
    server = ScriptedServer(**{stage: script})
    with server.running() as account:
        first = send(outbox, account, ANN, BOB)
        too_soon = send(outbox, account, ANN, BOB, owner="run-2")
        due = first.next_attempt_at
        assert due is not None
        last = send(outbox, account, ANN, BOB, at=due, owner="run-3")

    assert states(first) == states(too_soon) == {ANN: "sent", BOB: "deferred"}
    assert states(last) == {ANN: "sent", BOB: "sent"}
    assert Counter(address for address, _ in server.taken) == {ANN: 1, BOB: 1}
    with pytest.raises(TransientError, match="1 deferred, 1 sent"):
        first.require_complete()


def test_message_refused_after_data_is_refused(outbox: Outbox) -> None:
    server = ScriptedServer(data={ANN: ["554 5.6.0 Message looks like spam"]})
    with server.running() as account:
        report = send(outbox, account, ANN, BOB)

    assert states(report) == {ANN: "refused", BOB: "sent"}


def test_refused_connection_defers_everybody(outbox: Outbox) -> None:
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port = closed.getsockname()[1]
    report = send(outbox, SmtpAccount("127.0.0.1", port), ANN, BOB)

    assert states(report) == {ANN: "deferred", BOB: "deferred"}
    assert all(row.smtp_code is None for row in report.rows)
    assert "not reached" in report.rows[0].smtp_text


def test_refused_sender_is_held_against_no_recipient(outbox: Outbox) -> None:
    with ScriptedServer(mail="550 5.7.1 Not your address").running() as account:
        report = send(outbox, account, ANN, BOB)

    assert states(report) == {ANN: "deferred", BOB: "deferred"}


def test_line_lost_before_the_message_is_tried_again(outbox: Outbox) -> None:
    server = ScriptedServer(rcpt={ANN: ["drop", "250 OK"]})
    with server.running() as account:
        first = send(outbox, account, ANN, BOB)
        assert first.next_attempt_at
        last = send(outbox, account, ANN, BOB, at=first.next_attempt_at, owner="run-2")

    assert states(first) == {ANN: "deferred", BOB: "sent"}
    assert states(last) == {ANN: "sent", BOB: "sent"}


def test_line_lost_after_data_is_never_sent_again_by_itself(outbox: Outbox) -> None:
    server = ScriptedServer(data={ANN: ["drop", "250 OK"]})
    with server.running() as account:
        first = send(outbox, account, ANN, BOB)
        later = send(outbox, account, ANN, BOB, at=AT + timedelta(days=9), owner="r2")
        with pytest.raises(InputError, match=r"ann@example\.org unknown"):
            later.require_complete()
        outbox.settle(ISSUE, ANN, DeliveryState.PENDING, person="Bo Lind", at=AT)
        last = send(outbox, account, ANN, BOB, owner="run-3")

    assert states(first) == states(later) == {ANN: "unknown", BOB: "sent"}
    assert states(last) == {ANN: "sent", BOB: "sent"}
    assert Counter(address for address, _ in server.taken) == {ANN: 1, BOB: 1}


def test_sender_killed_after_the_answer_is_not_repeated(
    outbox: Outbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    def killed(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    server = ScriptedServer()
    with server.running() as account:
        with monkeypatch.context() as patch:
            patch.setattr(Outbox, "record", killed)
            with pytest.raises(KeyboardInterrupt):
                send(outbox, account, ANN)
        report = send(outbox, account, ANN, at=AT + LEASE, owner="run-2")

    assert states(report) == {ANN: "claimed"}
    assert [row.recipient for row in report.unsettled] == [ANN]
    assert len(server.taken) == 1


def test_two_senders_at_once_send_to_each_recipient_once(outbox: Outbox) -> None:
    recipients = [f"reader{number:02d}@example.org" for number in range(25)]
    server, start = ScriptedServer(), Barrier(2)

    def one_sender(owner: str) -> DeliveryReport:
        start.wait()
        return send(outbox, account, *recipients, owner=owner)

    with server.running() as account, ThreadPoolExecutor(2) as pool:
        list(pool.map(one_sender, ["run-1", "run-2"]))

    taken = Counter(address for address, _ in server.taken)
    assert taken == dict.fromkeys(recipients, 1)
    assert {row.state for row in outbox.rows(ISSUE)} == {DeliveryState.SENT}


def test_same_issue_with_other_bytes_is_refused(outbox: Outbox) -> None:
    other = freeze_email(
        MailContent(subject="Week 46: seven new advocates", text="Seven.\n"),
        issue=ISSUE,
        sender=SENDER,
        at=AT,
    )
    server = ScriptedServer()
    with server.running() as account:
        send(outbox, account, ANN)
        with pytest.raises(OtherBytesError, match="raise the revision"):
            send(outbox, account, ANN, BOB, message=other)

    assert [address for address, _ in server.taken] == [ANN]


def test_line_that_is_no_address_never_reaches_the_server(outbox: Outbox) -> None:
    server = ScriptedServer()
    with server.running() as account:
        report = send(outbox, account, "Ann <ann@example.org>", BOB, "x\r\nRCPT@y.org")

    assert sorted(states(report).values()) == ["refused", "refused", "sent"]
    assert [address for address, _ in server.taken] == [BOB]


def test_wrong_password_is_an_error_of_the_account(outbox: Outbox) -> None:
    def refuse(*_: object) -> AuthResult:
        return AuthResult(success=False, handled=False)

    server = ScriptedServer()
    with server.running(authenticator=refuse, auth_require_tls=False) as open_account:
        account = SmtpAccount(
            "127.0.0.1", open_account.port, user="reports", password="not-this-one"
        )
        with pytest.raises(MailAccountError) as caught:
            send(outbox, account, ANN)

    assert "not-this-one" not in str(caught.value)
    assert "not-this-one" not in repr(account)
    assert [row.state for row in outbox.rows(ISSUE)] == [DeliveryState.DEFERRED]


def test_server_without_encryption_is_refused_where_it_is_demanded(
    outbox: Outbox,
) -> None:
    with ScriptedServer().running() as open_account:
        account = SmtpAccount("127.0.0.1", open_account.port, scheme="smtp+starttls")
        with pytest.raises(MailAccountError, match="no encryption"):
            send(outbox, account, ANN)


def test_frozen_message_is_the_same_bytes_each_time() -> None:
    assert freeze_email(CONTENT, issue=ISSUE, sender=SENDER, at=AT) == MESSAGE
    assert b"\n" not in MESSAGE.replace(b"\r\n", b"")
    assert max(map(len, MESSAGE.split(b"\r\n"))) <= 998
    assert MESSAGE.isascii()


def test_frozen_message_shows_text_page_pictures_and_pdf() -> None:
    message = email.message_from_bytes(MESSAGE, policy=SMTP_POLICY)
    text = message.get_body(("plain",))
    page = message.get_body(("html",))
    pictures = [p for p in message.walk() if p.get_content_type() == "image/png"]
    (pdf,) = message.iter_attachments()

    assert message["Message-ID"] == "<heartshare.2026-w46.r1@example.org>"
    assert message["Date"] == "Wed, 18 Nov 2026 09:30:00 +0000"
    assert message["Auto-Submitted"] == "auto-generated"
    assert "one step is stuck" in text.get_content()
    assert "cid:growing" in page.get_content()
    assert [p["Content-ID"] for p in pictures] == ["<funnel>", "<growing>"]
    assert {p.get_content_disposition() for p in pictures} == {"inline"}
    assert pictures[0].get_content() == PNG
    assert pdf.get_content() == CONTENT.pdf
    assert pdf.get_filename() == "rivermark-2026-w46.pdf"
    for address in (ANN, BOB):
        assert address.encode() not in MESSAGE


def test_notice_is_plain_text_alone() -> None:
    notice = freeze_email(
        MailContent(subject="HELD: 2026-W46", text="The week is held.\n"),
        issue="2026-W46.held-run-0001",
        sender="reports@example.org",
        at=AT,
    )
    message = email.message_from_bytes(notice, policy=SMTP_POLICY)

    assert message.get_content_type() == "text/plain"
    assert message.get_content() == "The week is held.\r\n"


@pytest.mark.parametrize("sender", ["", "reports", "a b@example.org"])
def test_sender_must_be_an_address(sender: str) -> None:
    with pytest.raises(SenderAddressError, match="HEARTSHARE_MAIL_FROM"):
        freeze_email(CONTENT, issue=ISSUE, sender=sender, at=AT)


@pytest.mark.parametrize(
    "message", [MESSAGE.replace(b"\r\n", b"\n"), b"Subject: x\r\n\r\n"]
)
def test_bytes_that_were_not_frozen_are_not_sent(
    outbox: Outbox, message: bytes
) -> None:
    with pytest.raises(NotFrozenError):
        send(outbox, SmtpAccount("127.0.0.1", 1), ANN, message=message)


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("smtp://mail.example.org", SmtpAccount("mail.example.org", 25)),
        (
            "smtps://reports%40example.org:p%2Fw@mail.example.org",
            SmtpAccount("mail.example.org", 465, "smtps", "reports@example.org", "p/w"),
        ),
        (
            "smtp+starttls://u:p@[::1]:2525",
            SmtpAccount("::1", 2525, "smtp+starttls", "u", "p"),
        ),
    ],
)
def test_account_is_read_from_a_url(url: str, expected: SmtpAccount) -> None:
    assert SmtpAccount.from_url(url) == expected


@pytest.mark.parametrize(
    "url", ["", "http://u:secret@host", "smtp://:secret@", "smtp://u:secret@host:x"]
)
def test_unusable_url_is_refused_without_repeating_it(url: str) -> None:
    with pytest.raises(MailAccountError) as caught:
        SmtpAccount.from_url(url)
    assert "secret" not in str(caught.value)


def test_credentials_do_not_travel_unencrypted(monkeypatch: pytest.MonkeyPatch) -> None:
    with ScriptedServer().running() as open_account:
        monkeypatch.setattr(SmtpAccount, "_is_local", lambda _: False)
        account = SmtpAccount("127.0.0.1", open_account.port, user="u", password="p")
        with pytest.raises(MailAccountError, match="no encryption"):
            account.connect()
