"""A return address of its own for each message, by which a bounce finds its row."""

from __future__ import annotations

import hashlib
import hmac
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from heartshare.errors import InputError
from heartshare.reporting.delivery.recipients import is_address

if TYPE_CHECKING:
    from collections.abc import Sequence

    from heartshare.reporting.delivery.deliveries import Delivery

_TOKEN_LENGTH = 12
_LONGEST_LOCAL_PART = 64


class BounceAddressError(InputError):
    """The configured return address is no mail address."""

    def __init__(self, address: str) -> None:
        super().__init__(
            f"HEARTSHARE_BOUNCE_ADDRESS={address!r} is no plain mail address such as "
            "bounce@example.org. See docs/settings.md."
        )


@dataclass(frozen=True)
class BounceAddress:
    """The mailbox that takes bounces; ``key`` keeps strangers from making them up.

    The mailbox must take ``name+anything@domain`` for ``name@domain``.
    """

    address: str
    key: str = field(repr=False)

    def __post_init__(self) -> None:
        """Refuse what is no address.

        Raises:
            BounceAddressError: it cannot carry an issue and a token.
        """
        if not is_address(self.address) or "+" in self.address:
            raise BounceAddressError(self.address)

    def sender_of(self, row: Delivery) -> str:
        """Return the envelope's sender: ``bounce+2026-w46.r1.<token>@domain``.

        An issue with a long name is left out: the token alone finds the row too.
        """
        name, _, domain = self.address.partition("@")
        token = self.token_of(row)
        local = f"{name}+{row.issue.lower()}.{token}"
        if len(local) > _LONGEST_LOCAL_PART:
            local = f"{name}+{token}"
        return f"{local}@{domain}"

    def token_of(self, row: Delivery) -> str:
        """Return what proves that a bounce answers this row's message."""
        text = f"{row.issue}|{row.recipient}"
        made = hmac.new(self.key.encode(), text.encode(), hashlib.sha256)
        return made.hexdigest()[:_TOKEN_LENGTH]

    def find_token(self, text: str) -> str | None:
        """Return the token of the first of our return addresses in a text."""
        name, _, domain = self.address.partition("@")
        pattern = (
            rf"(?<![\w.+-]){re.escape(name)}\+(?:[\w.-]+\.)?"
            rf"([0-9a-f]{{{_TOKEN_LENGTH}}})@{re.escape(domain)}(?![\w-])"
        )
        found = re.search(pattern, text, re.IGNORECASE)
        return found[1].lower() if found else None

    def row_of(self, token: str, rows: Sequence[Delivery]) -> Delivery | None:
        """Return the row whose message came back; None if it is none of these."""
        for row in rows:
            if hmac.compare_digest(self.token_of(row), token):
                return row
        return None
