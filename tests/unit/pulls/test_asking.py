"""A call is repeated while that helps, waits as asked, and its failure is explained."""

from datetime import UTC, datetime

import pytest
from unit.pulls.api_server import Landing

from heartshare.errors import InputError, TransientError
from heartshare.pulls.answers import Answer
from heartshare.pulls.asking import ATTEMPTS, BrokenCallError, Line, base_url
from heartshare.pulls.source import (
    AccessRefusedError,
    Account,
    SourceAwayError,
    SourceOptionError,
)

NOW = datetime(2026, 3, 16, 5, 0, tzinfo=UTC)
JSON = {"content-type": "application/json"}
GOOD = Answer(200, JSON, b"{}")


@pytest.fixture
def landing():
    return Landing()


@pytest.fixture
def line(landing):
    return Line(landing.run(NOW), "our_connection")


def sender(*answers):
    """Return a function that gives, or raises, one after the other."""
    left = list(answers)

    def send():
        answer = left.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer

    return send


def test_broken_calls_are_repeated_with_doubling_pauses(line, landing):
    cut = Answer(200, JSON, b'{"feed": [')
    send = sender(BrokenCallError("ReadError"), Answer(502, {}, b""), cut, GOOD)
    assert line.exchange(send, what="GET /feed") is GOOD
    assert landing.waits == [1, 2, 4]
    assert line.calls == 4


def test_refusal_is_waited_for_as_long_as_it_asks(line, landing):
    busy = Answer(429, {"retry-after": "37"}, b"")
    unavailable = Answer(503, {"retry-after": "Mon, 16 Mar 2026 05:00:09 GMT"}, b"")
    line.exchange(sender(busy, unavailable, GOOD), what="GET /feed")
    assert landing.waits == [37, 9]


def test_refusal_that_names_no_time_is_given_a_long_pause(line, landing):
    line.exchange(sender(Answer(429, {}, b""), GOOD), what="GET /feed")
    assert landing.waits == [15]


def test_used_up_limit_delays_only_the_next_call_of_the_same_path(line, landing):
    last = Answer(200, {"ratelimit-remaining": "0", "ratelimit-reset": "20"}, b"{}")
    line.exchange(sender(last), what="POST /session")
    line.exchange(sender(GOOD), what="GET /feed")
    assert landing.waits == []
    line.exchange(sender(GOOD), what="POST /session")
    line.exchange(sender(GOOD), what="POST /session")
    assert landing.waits == [20]


def test_source_counts_as_away_after_the_last_attempt(line, landing):
    with pytest.raises(SourceAwayError, match=r"GET /feed failed 6 times \(status 500"):
        line.exchange(sender(*[Answer(500, {}, b"")] * ATTEMPTS), what="GET /feed")
    assert landing.waits == [1, 2, 4, 8, 16]


def test_wait_beyond_patience_ends_the_pull_at_once(landing):
    line = Line(landing.run(NOW, patience=60), "our_connection")
    busy = Answer(429, {"retry-after": "3600"}, b"")
    with pytest.raises(TransientError, match="3600 seconds"):
        line.exchange(sender(busy), what="GET /feed")
    assert landing.waits == []


def asked(line, answer, *, fails=None):
    """Return a library's call: it goes over the line, then may raise its own error."""

    def call():
        line.exchange(sender(answer), what="GET /feed")
        if fails:
            raise fails

    return call


@pytest.mark.parametrize("status", [401, 403])
def test_refused_token_names_the_connection_and_what_to_do(line, status):
    refused = Answer(status, JSON, b'{"error": "ExpiredToken"}')
    with pytest.raises(AccessRefusedError, match="our_connection") as caught:
        line.fetch(asked(line, refused, fails=ValueError("401")))
    assert isinstance(caught.value, InputError)
    assert f"GET /feed with status {status}: ExpiredToken" in str(caught.value)


def test_other_refusals_blame_the_declaration_unless_accepted(line):
    missing = Answer(404, JSON, b'{"error": "Record not found"}')
    with pytest.raises(SourceOptionError, match="Record not found"):
        line.fetch(asked(line, missing))
    assert line.fetch(asked(line, missing), accept={404}) is missing


def test_what_a_library_makes_of_a_good_answer_does_not_matter(line):
    strange = Answer(200, JSON, b'{"new": "shape"}')
    assert line.fetch(asked(line, strange, fails=KeyError("old"))) is strange


def test_our_own_error_is_found_inside_that_of_a_library(line):
    def call():
        try:
            line.exchange(sender(*[Answer(500, {}, b"")] * ATTEMPTS), what="GET /feed")
        except SourceAwayError as error:
            wrapped = OSError("library: could not complete request")
            wrapped.original_exception = error
            raise wrapped from None

    with pytest.raises(SourceAwayError, match="GET /feed"):
        line.fetch(call)


def test_error_of_a_library_before_any_call_is_not_hidden(line):
    def call():
        raise TypeError("wrong use")

    with pytest.raises(TypeError, match="wrong use"):
        line.fetch(call)


@pytest.mark.parametrize(
    ("host", "more", "address"),
    [
        ("social.example.org", {}, "https://social.example.org"),
        ("https://social.example.org/", {}, "https://social.example.org"),
        ("social.example.org", {"port": 8443}, "https://social.example.org:8443"),
        ("127.0.0.1", {"schema": "http", "port": 3000}, "http://127.0.0.1:3000"),
        ("http://localhost:3000", {}, "http://localhost:3000"),
        ("", {}, "https://default.example.org"),
    ],
)
def test_address_is_what_the_connection_names(host, more, address):
    account = Account("our_connection", host=host, **more)
    default = "https://default.example.org"
    assert base_url(account, "our_source", default=default) == address


@pytest.mark.parametrize("host", ["http://social.example.org", "ftp://a.example", ""])
def test_address_that_shows_the_token_or_leads_nowhere_is_refused(host):
    account = Account("our_connection", host=host)
    with pytest.raises(AccessRefusedError, match="our_connection"):
        base_url(account, "our_source")
