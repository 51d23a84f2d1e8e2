"""What does an answer of a platform's API ask of us: use it, wait, retry or give up?

Nothing here talks to a network: these are the rules that every API puller shares.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

#: Statuses by which a server says that it is busy or broken, not that we are wrong.
_TROUBLED = frozenset({408, 425, 429, *range(500, 600)} - {501, 505, 511})
#: A number of seconds above this is a moment (Unix time), not a span.
_EARLIEST_EPOCH = 1e8
_LONGEST_REASON = 120
_OK = range(200, 300)
_TOO_MANY = 429


@dataclass(frozen=True)
class Answer:
    """What came back over HTTP: ``headers`` by lower-case name, ``body`` decoded."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def is_good(self) -> bool:
        """Whether the status says success."""
        return self.status in _OK

    @property
    def is_troubled(self) -> bool:
        """Whether asking again later may succeed."""
        return self.status in _TROUBLED

    @property
    def is_cut_off(self) -> bool:
        """Whether it succeeds with JSON that ends before its end."""
        if not self.is_good or not self.body or not self._says_json:
            return False
        try:
            json.loads(self.body)
        except (ValueError, RecursionError):
            return True
        return False

    @property
    def error(self) -> str:
        """The server's code for a failure; empty where it gives none."""
        content = self.json()
        code = content.get("error") if isinstance(content, dict) else None
        return code if isinstance(code, str) else ""

    @property
    def reason(self) -> str:
        """The server's own words for a failure, short and printable; may be empty."""
        content = self.json()
        if not isinstance(content, dict):
            return ""
        inner = content.get("error")
        words = [content, inner] if isinstance(inner, dict) else [content]
        found = [
            word
            for part in words
            for key in ("error", "message", "error_description")
            if isinstance(word := part.get(key), str)
        ]
        listed = content.get("errors")
        if isinstance(listed, list):
            found.extend(word for word in listed if isinstance(word, str))
        text = "".join(c if c.isprintable() else " " for c in ": ".join(found))
        return text[:_LONGEST_REASON].strip()

    def json(self) -> Any:  # noqa: ANN401 - whatever the platform answered
        """Return the body as parsed JSON; None where it is none."""
        try:
            return json.loads(self.body)
        except (ValueError, RecursionError):
            return None

    @property
    def _says_json(self) -> bool:
        return "json" in self.headers.get("content-type", "").lower()


def wait_asked(answer: Answer, now: datetime) -> float | None:
    """Return the seconds that a refused call asks us to wait, or None.

    Retry-After comes first (seconds or a date), then the end of the rate limit's
    window. Moments are held against the server's own Date header, so that our clock
    does not matter; ``now`` is used where there is none.
    """
    asked = _span(answer.headers.get("retry-after"), answer, now)
    if asked is None and (answer.status == _TOO_MANY or is_used_up(answer)):
        asked = _span(_limit(answer, "reset"), answer, now)
    return None if asked is None else max(0.0, asked)


def wait_before_next(answer: Answer, now: datetime) -> float:
    """Return the seconds to wait before the next call; 0 while calls are left."""
    if not is_used_up(answer):
        return 0.0
    return max(0.0, _span(_limit(answer, "reset"), answer, now) or 0.0)


def is_used_up(answer: Answer) -> bool:
    """Tell whether the rate limit's window has no call left."""
    try:
        return float(_limit(answer, "remaining") or "inf") < 1
    except ValueError:
        return False


def _limit(answer: Answer, field: str) -> str | None:
    for prefix in ("ratelimit-", "x-ratelimit-", "x-rate-limit-"):
        if prefix + field in answer.headers:
            return answer.headers[prefix + field]
    return None


def _span(text: str | None, answer: Answer, now: datetime) -> float | None:
    """Return how many seconds a header's span, Unix time or date lies ahead."""
    if not text:
        return None
    reference = _moment(answer.headers.get("date", "")) or now
    try:
        number = float(text)
    except ValueError:
        moment = _moment(text)
        return None if moment is None else (moment - reference).total_seconds()
    if number != number or number in {float("inf"), float("-inf")}:  # noqa: PLR0124 - NaN
        return None
    if number < _EARLIEST_EPOCH:
        return number
    return number - reference.timestamp()


def _moment(text: str) -> datetime | None:
    for parse in (parsedate_to_datetime, datetime.fromisoformat):
        try:
            moment = parse(text)
        except (ValueError, TypeError, IndexError):
            continue
        return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return None
