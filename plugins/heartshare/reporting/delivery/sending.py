"""Freeze an issue into one message and send it to each recipient at most once."""

from __future__ import annotations

import hashlib
from collections import Counter
from dataclasses import dataclass, field
from email.message import EmailMessage
from email.parser import BytesParser
from email.policy import SMTP
from email.utils import format_datetime, parseaddr
from typing import TYPE_CHECKING

from heartshare.errors import InputError, TransientError
from heartshare.reporting.delivery.bare_mail import without_pdf_part
from heartshare.reporting.delivery.deliveries import Delivery, DeliveryState
from heartshare.reporting.delivery.recipients import is_address
from heartshare.reporting.delivery.smtp_account import MailAccountError
from heartshare.reporting.delivery.smtp_dialogue import Letter, SmtpDialogue

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from heartshare.reporting.delivery.bounce_address import BounceAddress
    from heartshare.reporting.delivery.outbox import Outbox
    from heartshare.reporting.delivery.smtp_account import SmtpAccount

_ISSUE_HEADER = "X-Heartshare-Issue"


class SenderAddressError(InputError):
    """The configured sender is no mail address."""

    def __init__(self, sender: str) -> None:
        super().__init__(
            f"HEARTSHARE_MAIL_FROM={sender!r} is no mail address. See docs/settings.md."
        )


class NotFrozenError(InputError):
    """Bytes that should be sent are no frozen message."""

    def __init__(self) -> None:
        super().__init__(
            "These bytes are no frozen message: they name no issue or their lines do "
            "not end in CRLF. Send the report.eml of the archive as it is."
        )


class DeliveryDeferredError(TransientError):
    """Some recipients have to wait; the same step may be run again."""

    def __init__(self, report: DeliveryReport) -> None:
        super().__init__(
            f"Issue {report.issue} is not with everybody yet ({report.summary}); next "
            f"attempt from {report.next_attempt_at:%Y-%m-%d %H:%M} UTC. Run the same "
            "step again."
        )


class DeliveryUnsettledError(InputError):
    """Some recipients need a person's decision; a retry cannot help."""

    def __init__(self, report: DeliveryReport) -> None:
        rows = ", ".join(
            f"{row.recipient} {row.state} {row.smtp_code or ''} {row.smtp_text}".strip()
            for row in report.unsettled
        )
        super().__init__(
            f"Issue {report.issue} needs a decision for: {rows}. See "
            "docs/runbook.md#report-not-sent."
        )


@dataclass(frozen=True)
class MailContent:
    """What a reader sees; ``pictures`` maps the cid in the page to PNG bytes."""

    subject: str
    text: str
    html: str = ""
    pictures: Mapping[str, bytes] = field(default_factory=dict)
    pdf: bytes = b""
    pdf_name: str = "report.pdf"


@dataclass(frozen=True)
class DeliveryReport:
    """Where every recipient of an issue stands after a pass, by address."""

    issue: str
    at: datetime
    rows: tuple[Delivery, ...]

    @property
    def summary(self) -> str:
        """Say how many recipients stand where: ``2 sent, 1 deferred``."""
        counts = Counter(row.state.value for row in self.rows)
        return ", ".join(f"{count} {state}" for state, count in sorted(counts.items()))

    @property
    def unsettled(self) -> tuple[Delivery, ...]:
        """Return the rows that wait for a person."""
        return tuple(row for row in self.rows if row.needs_person(self.at))

    @property
    def next_attempt_at(self) -> datetime | None:
        """Return when the next row falls due; null if none will by itself."""
        moments = [
            row.retry_at or row.lease_until or self.at
            for row in self.rows
            if row.state
            in (DeliveryState.PENDING, DeliveryState.DEFERRED, DeliveryState.CLAIMED)
            and not row.needs_person(self.at)
        ]
        return min(moments, default=None)

    def require_complete(self) -> None:
        """Pass silently when every recipient has an end.

        Raises:
            DeliveryDeferredError: some rows are tried again later.
            DeliveryUnsettledError: some rows wait for a person, and no other.
        """
        if self.next_attempt_at:
            raise DeliveryDeferredError(self)
        if self.unsettled:
            raise DeliveryUnsettledError(self)


def freeze_email(
    content: MailContent, *, issue: str, sender: str, at: datetime
) -> bytes:
    """Return a message's final bytes, the same for the same arguments.

    It names no recipient: readers see neither each other nor a list.

    Raises:
        SenderAddressError: the sender is no mail address.
    """
    address = sender_address(sender)
    message = EmailMessage(policy=SMTP)
    message["Date"] = format_datetime(at)
    message["From"] = sender
    message["To"] = "undisclosed-recipients:;"
    message["Subject"] = content.subject
    message["Message-ID"] = f"<heartshare.{issue.lower()}@{address.partition('@')[2]}>"
    message["List-Id"] = f"Weekly advocacy report <heartshare.{address.split('@')[1]}>"
    message["Auto-Submitted"] = "auto-generated"
    message[_ISSUE_HEADER] = issue
    message.set_content(content.text, cte="quoted-printable")
    if content.html:
        message.add_alternative(content.html, subtype="html", cte="quoted-printable")
        _relate_pictures(message, content.pictures)
    if content.pdf:
        message.add_attachment(
            content.pdf,
            maintype="application",
            subtype="pdf",
            filename=content.pdf_name,
        )
    _fix_boundaries(message, issue)
    # Without CRLF from here on smtplib sends none, and servers refuse the line length.
    return message.as_bytes(policy=SMTP)


def _relate_pictures(message: EmailMessage, pictures: Mapping[str, bytes]) -> None:
    page = message.get_body(("html",))
    if not isinstance(page, EmailMessage):
        return
    for name, picture in sorted(pictures.items()):
        page.add_related(
            picture,
            maintype="image",
            subtype="png",
            cid=f"<{name}>",
            disposition="inline",
            filename=f"{name.partition('@')[0]}.png",
        )


def _fix_boundaries(message: EmailMessage, issue: str) -> None:
    multiparts = (part for part in message.walk() if part.is_multipart())
    for number, part in enumerate(multiparts):
        name = hashlib.sha256(f"{issue}/{number}".encode()).hexdigest()[:32]
        part.set_boundary(f"=_{name}")


def sender_address(sender: str) -> str:
    """Return the bare address of a sender, ``Name <address>`` or an address alone.

    Raises:
        SenderAddressError: there is none.
    """
    address = parseaddr(sender)[1]
    if not is_address(address):
        raise SenderAddressError(sender)
    return address


def message_digest(message: bytes) -> str:
    """Return the digest by which the outbox knows an issue's content."""
    return hashlib.sha256(message).hexdigest()


def deliver(  # noqa: PLR0913 - who, where, what, to whom and when are separate facts
    outbox: Outbox,
    account: SmtpAccount,
    message: bytes,
    *,
    recipients: Sequence[str],
    owner: str,
    at: datetime,
    bounces: BounceAddress | None = None,
    without_pdf: frozenset[str] = frozenset(),
) -> DeliveryReport:
    """Enqueue a frozen message and send it once to every recipient that is due.

    Issue and sender are read from the message itself. ``owner`` names this pass and
    must differ between passes. A deferred recipient is tried again by a later call.
    With ``bounces`` each message has a return address of its own; ``without_pdf``
    names recipients, in lower case, who get the same message without its attachment.
    Nothing is raised for what one recipient or the network does; the report says
    where each stands.

    Raises:
        OtherBytesError: the issue was enqueued before with another message.
        MailAccountError: the server refuses the account; nothing was sent by it.
        NotFrozenError: the bytes do not come from ``freeze_email``.
    """
    issue, sender = _envelope(message)
    outbox.enqueue(issue, recipients, message_digest(message), at)
    bare = without_pdf_part(message) if without_pdf else message
    dialogue = SmtpDialogue(account)
    passed: set[str] = set()
    try:
        while claim := outbox.claim_next(issue, owner, at, frozenset(passed)):
            passed.add(claim.recipient)
            try:
                letter = Letter(
                    bounces.sender_of(claim) if bounces else sender,
                    bare if claim.recipient in without_pdf else message,
                )
                reply = dialogue.send(outbox, claim, letter, at)
            except MailAccountError:
                outbox.record(claim, DeliveryState.DEFERRED, at, text="account refused")
                raise
            if reply:
                outbox.record(claim, reply.state, at, code=reply.code, text=reply.text)
    finally:
        dialogue.close()
    return DeliveryReport(issue, at, outbox.rows(issue))


def _envelope(message: bytes) -> tuple[str, str]:
    """Return the issue and the bare sender that a frozen message names."""
    headers = BytesParser(policy=SMTP).parsebytes(message, headersonly=True)
    if not headers[_ISSUE_HEADER] or b"\n" in message.replace(b"\r\n", b""):
        raise NotFrozenError
    return str(headers[_ISSUE_HEADER]), sender_address(str(headers["From"]))
