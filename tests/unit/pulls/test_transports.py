"""Both HTTP layers hand a library complete answers only, and keep to the rules."""

import gzip
import socket
from datetime import UTC, datetime

import httpx
import pytest
from unit.pulls.api_server import Landing, Reply, serving

from heartshare.pulls import transports
from heartshare.pulls.asking import Line
from heartshare.pulls.source import SourceAwayError
from heartshare.pulls.transports import PatientTransport, patient_session

NOW = datetime(2026, 3, 16, 5, 0, tzinfo=UTC)


@pytest.fixture
def landing():
    return Landing()


@pytest.fixture
def server():
    with serving(lambda request: Reply(content={"asked": request.query})) as api:
        yield api


@pytest.fixture(params=["requests", "httpx"])
def get(request, landing):
    line = Line(landing.run(NOW), "our_connection")
    if request.param == "requests":
        with patient_session(line) as session:
            yield lambda url: session.get(url, params={"q": "a b"})
    else:
        with httpx.Client(transport=PatientTransport(line)) as client:
            yield lambda url: client.get(url, params={"q": "a b"})


def test_good_answer_reaches_the_library(get, server):
    response = get(f"{server.url}/feed")
    assert response.status_code == 200
    assert response.json() == {"asked": {"q": "a b"}}


def test_compressed_answer_is_unpacked_once(get, server):
    packed = gzip.compress(b'{"packed": true}')
    server.fail("/feed", Reply(content=packed, headers={"Content-Encoding": "gzip"}))
    assert get(f"{server.url}/feed").json() == {"packed": True}


def test_answer_that_breaks_off_is_asked_for_again(get, server, landing):
    server.fail("/feed", Reply(is_cut=True), Reply(content=b'{"feed": ['))
    assert get(f"{server.url}/feed").json() == {"asked": {"q": "a b"}}
    assert landing.waits == [1, 2]


def test_busy_server_is_waited_for(get, server, landing):
    server.fail("/feed", Reply(429, headers={"Retry-After": "11"}), Reply(503))
    assert get(f"{server.url}/feed").status_code == 200
    assert landing.waits == [11, 2]
    assert len(server.requests) == 3


def test_refusal_reaches_the_library_without_another_try(get, server, landing):
    server.fail("/feed", Reply(404))
    assert get(f"{server.url}/feed").status_code == 404
    assert landing.waits == []


def test_server_that_is_not_there_is_away(get, landing):
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    with pytest.raises(Exception, match="GET /feed failed 6 times") as caught:
        get(f"http://127.0.0.1:{port}/feed?token=secret")
    assert isinstance(caught.value, SourceAwayError)
    assert "secret" not in str(caught.value)


def test_answer_beyond_all_measure_is_not_taken(get, server, monkeypatch):
    monkeypatch.setattr(transports, "MAX_BODY_BYTES", 10)
    with pytest.raises(SourceAwayError, match="more than 10 bytes"):
        get(f"{server.url}/feed")
