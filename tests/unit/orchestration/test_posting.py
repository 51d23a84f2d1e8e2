"""Chat posts over real HTTP to a webhook on loopback, at most once for each channel."""

import builtins
import json
import logging
import socket
import threading
from collections import Counter
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from heartshare.orchestration.steps.posting import post_issue
from heartshare.reporting.delivery.chat import (
    ChatAddressError,
    ChatNotInstalledError,
    chat_channels,
)
from heartshare.reporting.delivery.deliveries import OtherBytesError
from heartshare.settings import Settings

AT = datetime(2026, 11, 18, 9, 30, tzinfo=UTC)
SECRET = "q1w2e3r4t5y6u7i8o9p0asdfgh"
HEADLINE = "Yes: six new advocates, a signal."


class Webhook(ThreadingHTTPServer):
    """Answers posts as scripted, the last answer for good; ``drop`` cuts the line."""

    def __init__(self, *answers):
        super().__init__(("127.0.0.1", 0), Handler)
        self.answers = list(answers or [200])
        self.taken = []

    def url(self, path=""):
        return f"json://127.0.0.1:{self.server_port}/{SECRET}{path}"


class Handler(BaseHTTPRequestHandler):
    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        answers = self.server.answers
        answer = answers.pop(0) if len(answers) > 1 else answers[0]
        self.server.taken.append((self.path, json.loads(body)))
        if answer == "drop":
            self.connection.shutdown(socket.SHUT_RDWR)
            return
        self.send_response(answer)
        self.send_header("Content-Length", "2")
        self.end_headers()
        self.wfile.write(b"ok")

    def log_message(self, *_):
        pass


@contextmanager
def webhook(*answers):
    server = Webhook(*answers)
    thread = threading.Thread(
        target=server.serve_forever, kwargs={"poll_interval": 0.01}
    )
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@pytest.fixture
def home(tmp_path):
    file_issue(tmp_path, "r1")
    return tmp_path


def file_issue(home, name, headline=HEADLINE):
    folder = home / "archive" / "2026-W46" / name
    folder.mkdir(parents=True)
    facts = {"growing": {"headline": headline}}
    (folder / "facts.json").write_text(json.dumps(facts))
    return folder


def post(home, *urls, at=AT, name="r1", archive="https://a.example/report/"):
    settings = Settings.from_env(
        {
            "HEARTSHARE_HOME": str(home),
            "HEARTSHARE_CHAT_URLS": " ".join(urls),
            "HEARTSHARE_ARCHIVE_URL": archive,
        }
    )
    assert SECRET not in repr(settings)
    return post_issue(settings, home / "archive" / "2026-W46" / name, at=at)


def states(report):
    return [row.state.value for row in report.rows]


def test_without_a_channel_nothing_happens(home):
    assert post(home) is None
    assert not (home / "outbox.sqlite3").exists()


def test_addresses_without_the_library_are_explained(home, monkeypatch):
    real = builtins.__import__

    def without(name, *rest, **more):
        if name == "apprise":
            raise ImportError(name)
        return real(name, *rest, **more)

    monkeypatch.setattr(builtins, "__import__", without)
    with pytest.raises(ChatNotInstalledError, match="apprise is not installed"):
        post(home, "json://127.0.0.1/x")


class TestWithApprise:
    """Needs apprise, the library that knows chat services."""

    @pytest.fixture(autouse=True)
    def needs_apprise(self):
        pytest.importorskip("apprise")

    def test_channel_gets_headline_and_link_once(self, home, caplog):
        caplog.set_level(logging.DEBUG)
        with webhook() as server:
            first = post(home, server.url())
            again = post(home, server.url(), at=AT + timedelta(days=9))

        assert states(first) == states(again) == ["sent"]
        ((path, body),) = server.taken
        assert path == f"/{SECRET}"
        assert body["title"] == "Advocacy report 2026-W46"
        assert body["message"].splitlines() == [
            HEADLINE,
            "https://a.example/report/2026-W46/r1/index.html",
        ]
        (row,) = first.rows
        assert row.issue == "2026-W46.r1.chat"
        assert row.recipient.startswith("json-")
        assert SECRET not in caplog.text
        assert SECRET.encode() not in (home / "outbox.sqlite3").read_bytes()

    def test_chat_like_slack_gets_the_same_words(self, home):
        with webhook() as server:
            url = f"mmost://127.0.0.1:{server.server_port}/{SECRET}"
            assert states(post(home, url)) == ["sent"]
        ((path, body),) = server.taken
        assert path == f"/hooks/{SECRET}"
        assert HEADLINE in body["text"]
        assert "https://a.example/report/2026-W46/r1/index.html" in body["text"]

    def test_slack_itself_takes_the_post(self, home, monkeypatch):
        from apprise.plugins.slack import NotifySlack

        with webhook() as server:
            local = f"http://127.0.0.1:{server.server_port}/services"
            monkeypatch.setattr(NotifySlack, "webhook_url", local)
            url = "slack://T1JJ3T3L2/A1BRTD4JD/TIiajkdnlazkcOXrIdevi7FQ/#advocacy"
            report = post(home, url)
        assert states(report) == ["sent"]
        ((path, body),) = server.taken
        assert path.startswith("/services/T1JJ3T3L2/A1BRTD4JD/")
        assert body["channel"] == "#advocacy"
        assert HEADLINE in json.dumps(body)

    @pytest.mark.parametrize(
        ("answer", "state", "code"),
        [
            (404, "refused", 404),
            (403, "refused", 403),
            (429, "deferred", 429),
            (503, "deferred", 503),
            (500, "unknown", 500),
            (302, "unknown", 302),
            ("drop", "unknown", None),
        ],
    )
    def test_answer_decides_whether_it_is_tried_again(self, home, answer, state, code):
        with webhook(answer, 200) as server:
            first = post(home, server.url())
            later = post(home, server.url(), at=AT + timedelta(days=1))

        (row,) = first.rows
        assert (row.state.value, row.smtp_code) == (state, code)
        is_again = state == "deferred"
        assert states(later) == (["sent"] if is_again else [state])
        assert len(server.taken) == (2 if is_again else 1)
        assert bool(later.unsettled) is not is_again

    def test_server_that_is_away_is_tried_again(self, home):
        with socket.create_server(("127.0.0.1", 0)) as closed:
            port = closed.getsockname()[1]
        report = post(home, f"json://127.0.0.1:{port}/x")
        assert states(report) == ["deferred"]
        assert report.next_attempt_at == AT + timedelta(minutes=1)

    def test_one_channel_that_fails_does_not_stop_the_other(self, home):
        with webhook(404) as bad, webhook() as good:
            report = post(home, bad.url(), good.url(), good.url())
        assert Counter(states(report)) == {"refused": 1, "sent": 1}
        assert len(good.taken) == 1

    def test_correction_is_a_post_of_its_own(self, home):
        file_issue(home, "r2", "No: four.")
        with webhook() as server:
            post(home, server.url())
            post(home, server.url(), name="r2")
        titles = [body["title"] for _, body in server.taken]
        assert titles[1] == "Advocacy report 2026-W46, corrected (revision 2)"
        assert len(titles) == 2

    def test_words_are_fixed_by_the_first_pass(self, home):
        with webhook(503, 200) as server:
            post(home, server.url())
            post(
                home,
                server.url(),
                at=AT + timedelta(days=1),
                archive="https://other.example/",
            )
        assert server.taken[0] == server.taken[1]
        note = home / "notices" / "2026-W46.r1.chat.json"
        note.write_text(json.dumps({"title": "x", "body": "y"}))
        with webhook() as server, pytest.raises(OtherBytesError):
            post(home, server.url())

    def test_post_without_an_archive_has_no_link(self, home):
        with webhook() as server:
            post(home, server.url(), archive="")
        assert server.taken[0][1]["message"] == HEADLINE

    @pytest.mark.parametrize(
        ("url", "words"),
        [
            (f"nonsense://{SECRET}", "no chat service"),
            (SECRET, "no chat service"),
            (f"json://127.0.0.1/{SECRET}?retry=2", "retry"),
            ("slack://T1JJ3T3L2/A1BRTD4JD/TIiajkdnlazkcOXrIdevi7FQ/#a/#b", "its own"),
        ],
    )
    def test_unusable_address_is_named_by_its_place(self, url, words, caplog):
        caplog.set_level(logging.DEBUG)
        with pytest.raises(ChatAddressError, match=words) as caught:
            chat_channels(["json://127.0.0.1/fine", url])
        assert "Chat address 2" in str(caught.value)
        assert SECRET not in str(caught.value) + caplog.text

    def test_apprise_keeps_its_own_log_settings(self, home):
        logger = logging.getLogger("apprise")
        before = (logger.level, logger.propagate, logger.handlers[:])
        with webhook() as server:
            post(home, server.url())
        assert (logger.level, logger.propagate, logger.handlers) == before

    @pytest.mark.parametrize(
        "url",
        [
            "slack://T1JJ3T3L2/A1BRTD4JD/TIiajkdnlazkcOXrIdevi7FQ",
            "workflows://prod-1.example.com:443/643e69f83c8944/8wGZ1n3LtBbH",
        ],
    )
    def test_slack_and_teams_are_known(self, url):
        (channel,) = chat_channels([url])
        assert channel.name.startswith(f"{url.partition(':')[0]}-")
        assert url not in repr(channel)
