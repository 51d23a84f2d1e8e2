"""Hand one message to a mail server and say what became of it."""

from __future__ import annotations

import smtplib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from heartshare.reporting.delivery.deliveries import Delivery, DeliveryState
from heartshare.reporting.delivery.recipients import is_address

if TYPE_CHECKING:
    from datetime import datetime

    from heartshare.reporting.delivery.outbox import Outbox
    from heartshare.reporting.delivery.smtp_account import SmtpAccount

_ACCEPTED = 250
_FORWARDED = 251
_SERVICE_ENDS = 421
_PERMANENT = 500


@dataclass(frozen=True)
class Reply:
    """How one recipient ended; ``code`` is null where no server answered."""

    state: DeliveryState
    text: str
    code: int | None = None


@dataclass(frozen=True)
class Letter:
    """What one recipient gets, and to whom the envelope says it goes back."""

    sender: str
    message: bytes


class SmtpDialogue:
    """One session with a mail server, opened when first needed."""

    def __init__(self, account: SmtpAccount) -> None:
        self._account = account
        self._session: smtplib.SMTP | None = None
        self._unreachable: Reply | None = None

    def send(
        self, outbox: Outbox, claim: Delivery, letter: Letter, at: datetime
    ) -> Reply | None:
        """Return how one recipient ended; null if another sender has taken it."""
        if not is_address(claim.address):
            return Reply(DeliveryState.REFUSED, "no mail address; nothing was sent")
        session = self._open()
        if not session:
            return self._unreachable
        try:
            refusal = self._announce(session, letter.sender, claim.address)
        except (OSError, smtplib.SMTPException) as error:
            self.close()
            return Reply(DeliveryState.DEFERRED, f"lost before the message: {error}")
        if refusal:
            return refusal
        if outbox.hand_over(claim, at):
            return self._transfer(session, letter.message)
        self._reset(session)
        return None

    def close(self) -> None:
        """End the session; what a server answers to that does not matter."""
        if self._session:
            try:
                self._session.quit()
            except (OSError, smtplib.SMTPException):
                self._session.close()
        self._session = None

    def _open(self) -> smtplib.SMTP | None:
        # One refused connection speaks for the whole pass: nobody waits for it again.
        if not self._session and not self._unreachable:
            try:
                self._session = self._account.connect()
            except (OSError, smtplib.SMTPException) as error:
                self._unreachable = Reply(
                    DeliveryState.DEFERRED, f"not reached: {error}"
                )
        return self._session

    def _announce(
        self, session: smtplib.SMTP, sender: str, address: str
    ) -> Reply | None:
        """Name sender and recipient; return the refusal, if there is one."""
        code, text = session.mail(sender)
        if code == _ACCEPTED:
            code, text = session.rcpt(address)
            if code in (_ACCEPTED, _FORWARDED):
                return None
            state = _state_of(code)
        else:
            # A refused sender says nothing about this recipient.
            state = DeliveryState.DEFERRED
        self._reset(session, code)
        return Reply(state, _readable(text), code)

    def _transfer(self, session: smtplib.SMTP, message: bytes) -> Reply:
        try:
            code, text = session.data(message)
        except smtplib.SMTPDataError as error:
            code, text = error.smtp_code, _as_bytes(error.smtp_error)
        except (OSError, smtplib.SMTPException) as error:
            self.close()
            return Reply(
                DeliveryState.UNKNOWN,
                f"lost after the message was handed over: {error}",
            )
        if code != _ACCEPTED:
            self._reset(session, code)
            return Reply(_state_of(code), _readable(text), code)
        return Reply(DeliveryState.SENT, _readable(text), code)

    def _reset(self, session: smtplib.SMTP, code: int = 0) -> None:
        try:
            if code != _SERVICE_ENDS:
                session.rset()
                return
        except (OSError, smtplib.SMTPException):
            pass
        self.close()


def _state_of(code: int) -> DeliveryState:
    return DeliveryState.REFUSED if code >= _PERMANENT else DeliveryState.DEFERRED


def _as_bytes(text: bytes | str) -> bytes:
    return text if isinstance(text, bytes) else text.encode()


def _readable(text: bytes) -> str:
    return text.decode("utf-8", "replace").replace("\n", " ")
