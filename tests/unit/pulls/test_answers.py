"""Headers of platforms say in five ways how long to wait; all are understood."""

from datetime import UTC, datetime

import pytest

from heartshare.pulls.answers import Answer, wait_asked, wait_before_next

NOW = datetime(2026, 3, 16, 5, 0, tzinfo=UTC)
DATE = "Mon, 16 Mar 2026 06:00:00 GMT"  # the server's clock is an hour ahead of ours
IN_A_MINUTE = int(NOW.timestamp()) + 3660


def answer(status=200, body=b"{}", **headers):
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return Answer(status, {"content-type": "application/json"} | named, body)


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({"retry_after": "7"}, 7),
        ({"retry_after": "0.5"}, 0.5),
        ({"retry_after": "Mon, 16 Mar 2026 06:00:30 GMT", "date": DATE}, 30),
        ({"retry_after": "Mon, 16 Mar 2026 05:00:30 GMT"}, 30),
        ({"ratelimit_reset": str(IN_A_MINUTE), "date": DATE}, 60),
        ({"x_ratelimit_reset": "2026-03-16T06:02:00.000000Z", "date": DATE}, 120),
        ({"x_ratelimit_reset": "300"}, 300),
        ({"retry_after": "7", "ratelimit_reset": str(IN_A_MINUTE)}, 7),
        ({"retry_after": "-5"}, 0),
        ({"retry_after": "soon"}, None),
        ({"retry_after": "nan"}, None),
        ({"retry_after": "inf"}, None),
        ({}, None),
    ],
)
def test_wait_is_what_the_refusal_asks_for(headers, seconds):
    assert wait_asked(answer(429, **headers), NOW) == seconds


def test_reset_of_a_limit_with_calls_left_is_no_reason_to_wait():
    failed = answer(503, ratelimit_reset="60", ratelimit_remaining="12")
    assert wait_asked(failed, NOW) is None


@pytest.mark.parametrize(
    ("remaining", "seconds"), [("1", 0), ("0", 60), ("0.0", 60), ("?", 0)]
)
def test_last_allowed_call_is_followed_by_a_wait(remaining, seconds):
    last = answer(x_ratelimit_remaining=remaining, x_ratelimit_reset="60")
    assert wait_before_next(last, NOW) == seconds


@pytest.mark.parametrize(
    ("body", "content_type", "is_cut"),
    [
        (b'{"feed": [1, 2', "application/json; charset=utf-8", True),
        (b'{"feed": []}', "application/json", False),
        (b"", "application/json", False),
        (b"<p>hello", "text/html", False),
    ],
)
def test_json_that_ends_early_is_cut_off(body, content_type, is_cut):
    assert answer(body=body, content_type=content_type).is_cut_off is is_cut


@pytest.mark.parametrize("status", [408, 429, 500, 502, 503, 504, 520])
def test_trouble_of_the_server_is_worth_another_try(status):
    assert answer(status).is_troubled


@pytest.mark.parametrize("status", [200, 301, 400, 401, 403, 404, 410, 422, 501])
def test_what_another_try_would_not_change_is_not_repeated(status):
    assert not answer(status).is_troubled


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b'{"error": "ExpiredToken", "message": "gone"}', "ExpiredToken: gone"),
        (b'{"error": {"message": "quota", "code": 403}}', "quota"),
        (b'{"error": "a\\nb\\u0007"}', "a b"),
        (b'{"message": "' + b"x" * 500 + b'"}', "x" * 120),
        (b'["error"]', ""),
        (b"<html>", ""),
    ],
)
def test_reason_is_the_servers_own_in_one_short_line(body, reason):
    assert answer(400, body).reason == reason
