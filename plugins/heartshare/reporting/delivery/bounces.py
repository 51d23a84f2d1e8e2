"""Read what a mail server reports of a message that it could not deliver (RFC 3464)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from email import message_from_bytes
from email.policy import compat32
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from email.message import Message

    from heartshare.reporting.delivery.bounce_address import BounceAddress

_STATUS = re.compile(r"\b([245])\.(\d{1,3})\.(\d{1,3})\b")
_TO_HEADERS = ("To", "Delivered-To", "X-Original-To", "Envelope-To")
#: Permanent answers that say nothing against the address: a full mailbox, a message
#: too big, and whatever policy (x.7.x) had against message or sender.
_NOT_THE_ADDRESS = frozenset({("2", "2"), ("2", "3"), ("3", "4")})
_POLICY = "7"
_LONGEST_TEXT = 200


class BounceKind(StrEnum):
    """What a report means for the address."""

    HARD = "hard"
    SOFT = "soft"
    NONE = "none"


@dataclass(frozen=True)
class Bounce:
    """One report on one message; ``token`` names the row that it answers."""

    token: str
    kind: BounceKind
    status: str
    text: str


def read_bounce(content: bytes, address: BounceAddress) -> Bounce | None:
    """Return what a message reports; None if it is no report on one of ours.

    Hard: the address does not take mail. Soft: this message did not arrive, or not yet,
    for another reason. None: it was delivered or passed on.
    """
    message = message_from_bytes(content, policy=compat32)
    token = next(filter(None, map(address.find_token, _return_addresses(message))), "")
    fields = _recipient_fields(message)
    if not token or fields is None:
        return None
    action = str(fields.get("Action", "")).strip().casefold()
    diagnostic = " ".join(str(fields.get("Diagnostic-Code", "")).split())
    found = _STATUS.search(str(fields.get("Status", ""))) or _STATUS.search(diagnostic)
    status = found[0] if found else ""
    text = f"{action} {status} {diagnostic}".strip()[:_LONGEST_TEXT]
    return Bounce(token, _kind(action, status), status, text)


def _kind(action: str, status: str) -> BounceKind:
    if action not in {"failed", "delayed"}:
        return BounceKind.NONE
    group, _, rest = status.partition(".")
    subject, _, detail = rest.partition(".")
    is_permanent = action == "failed" and group == "5"
    says_nothing = subject == _POLICY or (subject, detail) in _NOT_THE_ADDRESS
    return BounceKind.HARD if is_permanent and not says_nothing else BounceKind.SOFT


def _return_addresses(message: Message) -> Iterator[str]:
    """Yield the headers in which our return address may stand, the surest first."""
    for name in _TO_HEADERS:
        yield from map(str, message.get_all(name, []))
    for part in message.walk():
        if part is message:
            continue
        if part.get_content_type() == "text/rfc822-headers":
            payload = part.get_payload(decode=True)
            if isinstance(payload, bytes):
                part = message_from_bytes(payload, policy=compat32)  # noqa: PLW2901
        yield from map(str, part.get_all("Return-Path", []))


def _recipient_fields(message: Message) -> Message | None:
    """Return the fields on the recipient; our messages have one each."""
    for part in message.walk():
        if part.get_content_type() == "message/delivery-status":
            blocks = part.get_payload()
            if isinstance(blocks, list):
                for block in blocks:
                    if not isinstance(block, str) and block.get("Action"):
                        return block
    return None
