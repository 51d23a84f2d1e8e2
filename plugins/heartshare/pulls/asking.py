"""How is an API asked: patiently, within its limits, and with every failure explained.

A platform's own client library does the asking; underneath it, a transport of
``transports`` hands each call to ``Line.exchange``, which waits and retries. So a
puller sees only answers that are worth looking at.
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from heartshare.errors import HeartshareError
from heartshare.pulls.answers import wait_asked, wait_before_next
from heartshare.pulls.source import (
    AccessRefusedError,
    SourceAwayError,
    SourceOptionError,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Collection

    from heartshare.pulls.answers import Answer
    from heartshare.pulls.source import Account, PullRun

#: How often one call is made before its source counts as away.
ATTEMPTS = 6
#: First pause after a failure that names none, in seconds; each further one doubles.
FIRST_PAUSE = 1.0
_SLOW_PAUSE = 15.0
_REFUSALS = frozenset({401, 403})
_TOO_MANY = 429


_HERE = frozenset({"localhost", "127.0.0.1", "::1"})


class BrokenCallError(Exception):
    """A call got no answer, or half of one: refused, timed out, cut off."""


class Line:
    """The line to one source through one connection, for one pull.

    ``exchange`` is what transports call, ``fetch`` what pullers call. ``calls`` counts
    what went over the line, retries included. ``one_limit`` says that all paths share
    one rate limit.
    """

    def __init__(
        self, run: PullRun, connection: str, *, one_limit: bool = False
    ) -> None:
        self.run = run
        self.connection = connection
        self.calls = 0
        self._one_limit = one_limit
        self._pauses: dict[str, float] = {}
        self._asked_for = ""
        self._last: Answer | None = None

    def exchange(self, send: Callable[[], Answer], *, what: str) -> Answer:
        """Send until there is an answer that a further attempt would not better.

        ``what`` names method and path. Rate limits are obeyed through ``run.sleep``:
        when a call is refused, and before a further call of the same path when the
        last one was the last allowed. Other paths may have limits of their own.

        Raises:
            SourceAwayError: it was busy or away at every attempt, or asks for more
                patience than is left.
        """
        self._last = None
        self._asked_for = what
        limited = "" if self._one_limit else what
        if limited in self._pauses:
            self.run.sleep(self._pauses.pop(limited))
        trouble = ""
        for attempt in range(ATTEMPTS):
            answer, trouble, asked = self._attempt(send)
            if answer is not None:
                self._last = answer
                pause = wait_before_next(answer, self.run.now)
                if pause:
                    self._pauses[limited] = pause
                return answer
            if attempt < ATTEMPTS - 1:
                pause = FIRST_PAUSE * 2**attempt
                self.run.sleep(pause if asked is None else max(asked, FIRST_PAUSE))
        raise SourceAwayError(
            self.run.source_name, f"{what} failed {ATTEMPTS} times ({trouble})"
        )

    def fetch(
        self, call: Callable[[], object], *, accept: Collection[int] = ()
    ) -> Answer:
        """Let a library make one call and return the answer as it came.

        What the library makes of the answer is not used, nor what it raises about it:
        the status decides. Statuses in ``accept`` are returned as well as success.

        Raises:
            AccessRefusedError: 401 or 403, unless accepted.
            SourceOptionError: another status that is no success, unless accepted.
            SourceAwayError: no usable answer could be had.
        """
        self._last = None
        failure: Exception | None = None
        try:
            call()
        except HeartshareError:
            raise
        except Exception as error:
            failure = error
            own = _ours(error)
            if own is not None:
                raise own from error
        if self._last is None:
            raise failure or RuntimeError("the library made no call")
        return self._judged(self._last, accept)

    def _attempt(
        self, send: Callable[[], Answer]
    ) -> tuple[Answer | None, str, float | None]:
        """Return a usable answer, or what was wrong and the seconds it asks for."""
        self.calls += 1
        try:
            answer = send()
        except BrokenCallError as error:
            return None, str(error), None
        if answer.is_cut_off:
            return None, "its answer was cut off", None
        if answer.is_troubled:
            asked = wait_asked(answer, self.run.now)
            if asked is None and answer.status == _TOO_MANY:
                asked = _SLOW_PAUSE
            return None, f"status {answer.status}", asked
        return answer, "", None

    def _judged(self, answer: Answer, accept: Collection[int]) -> Answer:
        if answer.is_good or answer.status in accept:
            return answer
        said = f": {answer.reason}" if answer.reason else ""
        what = f"it answers {self._asked_for} with status {answer.status}{said}"
        if answer.status in _REFUSALS:
            raise AccessRefusedError(self.run.source_name, self.connection, what)
        raise SourceOptionError(self.run.source_name, what)


def base_url(account: Account, source_name: str, *, default: str = "") -> str:
    """Return the address that a connection names, without a slash at its end.

    A host without a scheme gets the connection's schema, or https.

    Raises:
        AccessRefusedError: it names none, or would send the token unencrypted.
    """
    host = account.host.strip() or default
    if host and "://" not in host:
        host = f"{account.schema or 'https'}://{host}"
    parts = urlsplit(host)
    if not parts.hostname or parts.scheme not in {"http", "https"}:
        problem = "its connection has no host that is a web address"
        raise AccessRefusedError(source_name, account.connection, problem)
    if parts.scheme == "http" and parts.hostname not in _HERE:
        problem = "its host begins with http:, which would show the token to others"
        raise AccessRefusedError(source_name, account.connection, problem)
    if account.port and parts.port is None:
        host = f"{parts.scheme}://{parts.netloc}:{account.port}{parts.path}"
    return host.rstrip("/")


def _ours(error: BaseException | None) -> HeartshareError | None:
    """Return the error of ours that a library wrapped in its own, if there is one."""
    seen: set[int] = set()
    while error is not None and id(error) not in seen:
        if isinstance(error, HeartshareError):
            return error
        seen.add(id(error))
        wrapped = getattr(error, "original_exception", None)
        error = wrapped or error.__cause__ or error.__context__
    return None
