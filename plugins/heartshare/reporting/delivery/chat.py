"""Post an issue's headline and link to chat channels, each at most once.

The only module that knows apprise, which knows the channels' services. A channel is
named by its service and a hash of its address, because the address holds its secret.
"""

from __future__ import annotations

import hashlib
import logging
import re
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Self

from heartshare.errors import InputError
from heartshare.reporting.delivery.deliveries import DeliveryState
from heartshare.reporting.delivery.sending import DeliveryReport
from heartshare.reporting.delivery.smtp_dialogue import Reply

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import datetime

    from heartshare.reporting.delivery.outbox import Outbox

_HASH_LENGTH = 8
_ANSWER = re.compile(r"error=(\d{3})\b")
#: What the network library says where no connection was made: nothing has left.
_NOT_CONNECTED = re.compile(
    r"NewConnectionError|ConnectTimeout|NameResolutionError|Connection refused"
)
#: Answers that ask for patience; between the next two lie those that refuse for good.
_LATER = frozenset({429, 503})
_REFUSALS = 400
_SERVER_FAULTS = 500
_TALKATIVE = ("apprise", "urllib3", "requests")


class ChatAddressError(InputError):
    """A chat address cannot be used; the message never repeats it."""

    def __init__(self, place: int, reason: str) -> None:
        super().__init__(
            f"Chat address {place} cannot be used: {reason}. Correct the Airflow "
            "connection heartshare_chat or HEARTSHARE_CHAT_URLS. See "
            "docs/settings.md#chat."
        )


class ChatNotInstalledError(InputError):
    """Chat addresses are set and the library that posts is not there."""

    def __init__(self) -> None:
        super().__init__(
            "Chat addresses are set, but apprise is not installed. Install it, or "
            "empty HEARTSHARE_CHAT_URLS and the Airflow connection heartshare_chat."
        )


@dataclass(frozen=True)
class ChatPost:
    """What a channel is told: a headline and where to read on."""

    issue: str
    title: str
    body: str

    @property
    def digest(self) -> str:
        """Return the digest by which the outbox knows the post."""
        return hashlib.sha256(f"{self.title}\n{self.body}".encode()).hexdigest()


@dataclass(frozen=True)
class ChatChannel:
    """One channel: a name that may be shown and the service that posts to it."""

    name: str
    service: Any = field(repr=False)

    @classmethod
    def from_url(cls, url: str, place: int) -> Self:
        """Return the channel of an apprise address; ``place`` names it in errors.

        Raises:
            ChatNotInstalledError: apprise is missing.
            ChatAddressError: no service knows the address, it names several channels
                (of which some could fail alone), or it asks apprise to repeat.
        """
        try:
            from apprise import Apprise, AppriseAsset
        except ImportError as error:
            raise ChatNotInstalledError from error
        with _quiet():
            service = Apprise.instantiate(url, asset=AppriseAsset(async_mode=False))
        if service is None:
            raise ChatAddressError(place, "no chat service takes it")
        if getattr(service, "retry", 0):
            raise ChatAddressError(place, "take ?retry= out, the outbox repeats")
        if len(service) != 1:
            raise ChatAddressError(place, "give each channel an address of its own")
        hashed = hashlib.sha256(url.encode()).hexdigest()[:_HASH_LENGTH]
        return cls(f"{url.partition(':')[0].casefold()}-{hashed}", service)

    def post(self, message: ChatPost) -> Reply:
        """Post once and return how that ended.

        Sent, refused (4xx), deferred (429, 503 or no connection made) or unknown: the
        line broke, or the server failed and may have posted all the same.
        """
        with _quiet() as told:
            is_sent = self.service.notify(
                title=message.title, body=message.body, body_format="text"
            )
        if is_sent:
            return Reply(DeliveryState.SENT, "posted")
        found = _ANSWER.findall("\n".join(told))
        if found:
            code = int(found[-1])
            return Reply(_state_of(code), "the chat service refused", code)
        if any(_NOT_CONNECTED.search(line) for line in told):
            return Reply(DeliveryState.DEFERRED, "not reached")
        return Reply(DeliveryState.UNKNOWN, "lost after the post was handed over")


def chat_channels(urls: Sequence[str]) -> tuple[ChatChannel, ...]:
    """Return the channels of apprise addresses, each once, in their order.

    Raises:
        ChatNotInstalledError: apprise is missing.
        ChatAddressError: an address cannot be used.
    """
    channels = [ChatChannel.from_url(url, n) for n, url in enumerate(urls, start=1)]
    return tuple({channel.name: channel for channel in channels}.values())


def post_to_channels(
    outbox: Outbox,
    channels: Sequence[ChatChannel],
    message: ChatPost,
    *,
    owner: str,
    at: datetime,
) -> DeliveryReport:
    """Enqueue a post and give it once to every channel that is due.

    Nothing is raised for what a service or the network does; the report says it.

    Raises:
        OtherBytesError: the issue was posted before with another text.
    """
    by_name = {channel.name: channel for channel in channels}
    outbox.enqueue(message.issue, list(by_name), message.digest, at)
    gone = {row.recipient for row in outbox.rows(message.issue)} - by_name.keys()
    passed: set[str] = set(gone)
    while claim := outbox.claim_next(message.issue, owner, at, frozenset(passed)):
        passed.add(claim.recipient)
        if outbox.hand_over(claim, at):
            reply = by_name[claim.recipient].post(message)
            outbox.record(claim, reply.state, at, code=reply.code, text=reply.text)
    rows = [row for row in outbox.rows(message.issue) if row.recipient not in gone]
    return DeliveryReport(message.issue, at, tuple(rows))


def _state_of(code: int) -> DeliveryState:
    if code in _LATER:
        return DeliveryState.DEFERRED
    is_refusal = _REFUSALS <= code < _SERVER_FAULTS
    return DeliveryState.REFUSED if is_refusal else DeliveryState.UNKNOWN


class _Keeper(logging.Handler):
    """Keeps what is said, and shows it to nobody."""

    def __init__(self) -> None:
        super().__init__()
        self.told: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.told.append(record.getMessage())


@contextmanager
def _quiet() -> Iterator[list[str]]:
    """Keep what apprise and the network library say out of our log; yield it.

    Both write the addresses that they post to.
    """
    keeper = _Keeper()
    loggers = [logging.getLogger(name) for name in _TALKATIVE]
    before = [(each.level, each.propagate, each.handlers[:]) for each in loggers]
    for each in loggers:
        each.handlers[:] = [keeper]
        each.setLevel(logging.DEBUG)
        each.propagate = False
    try:
        yield keeper.told
    finally:
        for each, (level, propagates, handlers) in zip(loggers, before, strict=True):
            each.setLevel(level)
            each.propagate = propagates
            each.handlers[:] = handlers
