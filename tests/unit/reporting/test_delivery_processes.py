"""Senders that are real processes: one is killed by SIGKILL, two start at once."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path
from threading import Event
from typing import TYPE_CHECKING, Any

import pytest
from unit.reporting.test_delivery import ISSUE, MESSAGE, ScriptedServer, send

from heartshare.reporting.delivery.deliveries import LEASE, DeliveryState
from heartshare.reporting.delivery.outbox import Outbox

if TYPE_CHECKING:
    from collections.abc import Iterator

    from heartshare.reporting.delivery.smtp_account import SmtpAccount

ROOT = Path(__file__).parents[3]
AT = datetime(2026, 11, 18, 9, 30, tzinfo=UTC)
ANN, BOB = "ann@example.org", "bob@example.org"
PATIENCE_SECONDS = 30
#: A sender as the step is one; says when it is ready and waits to be let go. With a
#: moment to stall at, it says so there and hangs until it is killed.
SENDER = """
import sys, threading
from datetime import datetime
from pathlib import Path
from heartshare.reporting.delivery import smtp_dialogue
from heartshare.reporting.delivery.sending import deliver
from heartshare.reporting.delivery.outbox import Outbox
from heartshare.reporting.delivery.smtp_account import SmtpAccount

box, port, message, at, owner, stall, *recipients = sys.argv[1:]

def hang(*_, **__):
    print("stalled", flush=True)
    threading.Event().wait()

if stall == "before the message":
    smtp_dialogue.SmtpDialogue._transfer = hang
if stall == "after the answer":
    Outbox.record = hang
outbox = Outbox(Path(box))
print("ready", flush=True)
sys.stdin.readline()
deliver(outbox, SmtpAccount("127.0.0.1", int(port)), Path(message).read_bytes(),
        recipients=recipients, owner=owner, at=datetime.fromisoformat(at))
"""


class Senders:
    """Starts senders on one outbox, and ends those that are left."""

    def __init__(self, folder: Path) -> None:
        self.box = folder / "outbox.sqlite3"
        self.message = folder / "report.eml"
        self.message.write_bytes(MESSAGE)
        self.processes: list[subprocess.Popen[str]] = []

    def start(
        self, account: SmtpAccount, owner: str, *recipients: str, stall: str = ""
    ) -> subprocess.Popen[str]:
        process = subprocess.Popen(
            [
                *(sys.executable, "-c", SENDER, str(self.box), str(account.port)),
                *(str(self.message), AT.isoformat(), owner, stall, *recipients),
            ],
            env={**os.environ, "PYTHONPATH": str(ROOT / "plugins")},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        self.processes.append(process)
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
        return process

    def end(self) -> None:
        for process in self.processes:
            if process.poll() is None:
                process.kill()
            process.communicate()


@pytest.fixture
def senders(tmp_path: Path) -> Iterator[Senders]:
    started = Senders(tmp_path)
    yield started
    started.end()


def let_go(process: subprocess.Popen[str]) -> None:
    assert process.stdin is not None
    process.stdin.write("go\n")
    process.stdin.flush()


def kill_when_stalled(process: subprocess.Popen[str]) -> None:
    let_go(process)
    assert process.stdout is not None
    assert process.stdout.readline() == "stalled\n"
    process.kill()
    assert process.wait(PATIENCE_SECONDS) == -signal.SIGKILL


@pytest.mark.parametrize(
    ("moment", "mails"), [("before the message", 0), ("after the answer", 1)]
)
def test_sender_killed_once_it_hands_over_leaves_the_row_to_a_person(
    senders: Senders, moment: str, mails: int
) -> None:
    server = ScriptedServer()
    with server.running() as account:
        kill_when_stalled(senders.start(account, "run-1", ANN, stall=moment))
        outbox = Outbox(senders.box)
        at_once = send(outbox, account, ANN, at=AT, owner="run-2")
        later = send(outbox, account, ANN, at=AT + LEASE, owner="run-3")
        assert len(server.taken) == mails
        outbox.settle(ISSUE, ANN, DeliveryState.PENDING, person="Bo", at=AT + LEASE)
        last = send(outbox, account, ANN, at=AT + LEASE, owner="run-4")

    assert [row.state for row in at_once.rows] == [DeliveryState.CLAIMED]
    assert at_once.unsettled == ()
    assert [row.recipient for row in later.unsettled] == [ANN]
    assert later.next_attempt_at is None
    assert [row.state for row in last.rows] == [DeliveryState.SENT]
    assert len(server.taken) == mails + 1


class HangsAtRcpt(ScriptedServer):
    """Tells when a recipient was named, and answers the first one never."""

    def __init__(self) -> None:
        super().__init__()
        self.named = Event()

    async def handle_RCPT(  # noqa: N802
        self, server: Any, session: Any, envelope: Any, address: str, options: list
    ) -> str:
        if not self.named.is_set():
            self.named.set()
            await server.loop.create_future()
        return await super().handle_RCPT(server, session, envelope, address, options)


def test_sender_killed_before_it_hands_over_is_replaced_after_its_lease(
    senders: Senders,
) -> None:
    server = HangsAtRcpt()
    with server.running() as account:
        process = senders.start(account, "run-1", ANN)
        let_go(process)
        assert server.named.wait(PATIENCE_SECONDS)
        process.kill()
        process.wait(PATIENCE_SECONDS)
        outbox = Outbox(senders.box)
        at_once = send(outbox, account, ANN, at=AT, owner="run-2")
        later = send(outbox, account, ANN, at=AT + LEASE, owner="run-3")

    assert [row.state for row in at_once.rows] == [DeliveryState.CLAIMED]
    assert at_once.next_attempt_at == AT + LEASE
    assert [row.state for row in later.rows] == [DeliveryState.SENT]
    assert [address for address, _ in server.taken] == [ANN]


class WaitsForTwo(ScriptedServer):
    """Takes no recipient before two senders are connected."""

    def __init__(self) -> None:
        super().__init__()
        self.both = asyncio.Event()

    async def handle_RCPT(  # noqa: N802
        self, server: Any, session: Any, envelope: Any, address: str, options: list
    ) -> str:
        if self.sessions > 1:
            self.both.set()
        await self.both.wait()
        return await super().handle_RCPT(server, session, envelope, address, options)


def test_two_processes_at_once_send_to_each_recipient_once(senders: Senders) -> None:
    recipients = [f"reader{number:02d}@example.org" for number in range(25)]
    server = WaitsForTwo()
    with server.running() as account:
        both = [senders.start(account, f"run-{n}", *recipients) for n in (1, 2)]
        for process in both:
            let_go(process)
        codes = [process.wait(PATIENCE_SECONDS) for process in both]

    assert codes == [0, 0]
    taken = Counter(address for address, _ in server.taken)
    assert taken == dict.fromkeys(recipients, 1)
    rows = Outbox(senders.box).rows(ISSUE)
    assert {row.state for row in rows} == {DeliveryState.SENT}
    assert {row.attempts for row in rows} == {1}
    assert server.sessions == 2
