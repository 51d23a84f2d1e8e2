"""The Bluesky puller against a real PDS and AppView: sign-in, limits and every page."""

import base64
import json
import socket
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import pytest
from atproto import Client, models
from integration.bluesky.network import CannotInstallError, install, running

from heartshare.exports.inspection import inspect_file
from heartshare.pulls.bluesky import BlueskySource
from heartshare.pulls.source import (
    AccessRefusedError,
    Account,
    PullRun,
    SourceAwayError,
    SourceOptionError,
)

pytestmark = pytest.mark.integration

PEOPLE = ("warmhaus", "beatrix-k", "cyrus-m")
#: How often a PDS lets one account sign in within five minutes.
SIGN_INS = 30


@pytest.fixture(scope="module")
def network(tmp_path_factory):
    try:
        packages = install()
    except CannotInstallError as reason:
        pytest.skip(str(reason))
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    with running(packages, tmp_path_factory.mktemp("bluesky"), port) as network:
        yield network


def sign_up(network, name):
    client = Client(network.pds)
    account = {
        "handle": f"{name}.test",
        "email": f"{name}@example.org",
        "password": f"secret of {name}",
    }
    client.com.atproto.server.create_account(account)
    client.login(account["handle"], account["password"], fetch_bsky_profile=False)
    return client


def did(client):
    return client._session.did


def post(client, text, *, parent=None, root=None):
    reply = None
    if parent:
        reply = models.AppBskyFeedPost.ReplyRef(root=root or parent, parent=parent)
    made = client.send_post(text, profile_identify=did(client), reply_to=reply)
    return models.create_strong_ref(made)


def like(client, subject):
    record = models.AppBskyFeedLike.Record(
        subject=subject, created_at=client.get_current_time_iso()
    )
    client.app.bsky.feed.like.create(did(client), record)


def repost(client, subject):
    record = models.AppBskyFeedRepost.Record(
        subject=subject, created_at=client.get_current_time_iso()
    )
    client.app.bsky.feed.repost.create(did(client), record)


@pytest.fixture(scope="module")
def people(network):
    clients = [sign_up(network, name) for name in PEOPLE]
    yield clients
    for client in clients:
        client.request.close()


@pytest.fixture(scope="module")
def talk(network, people):
    """130 posts of the organisation; the last is asked about, answered and liked."""
    ours, asker, fan = people
    for number in range(129):
        post(ours, f"Boiler tip {number}")
    about = post(ours, "Our heat pump is here")
    network.settle()  # the AppView takes each account's acts in order, not all of them
    question = post(asker, "How loud is it, @warmhaus.test?", parent=about)
    network.settle()
    post(fan, "35 decibels", parent=question, root=about)
    like(asker, about)
    like(fan, about)
    repost(fan, about)
    network.settle()
    return SimpleNamespace(about=about, question=question)


@pytest.fixture
def landed():
    return {}


@pytest.fixture
def pull(network, landed):
    def puller(cursor=None, *, name="warmhaus", password=None, waits=None, **options):
        def lander(chunks, name, *, exported_at):
            content = b"".join(chunks)
            is_new = content not in landed.values()
            landed[name] = content
            return SimpleNamespace(sha256="", original_name=name, is_new=is_new)

        given = {"accounts": (), "terms": (), "most_pages": 100} | options
        declaration = SimpleNamespace(options=given, overlap_days=7)
        password = password or f"secret of {name}"
        account = Account("our_bluesky", network.pds, f"{name}.test", password)
        run = PullRun(
            "our_bluesky",
            datetime.now(UTC) + timedelta(seconds=1),
            cursor or {},
            lander,
            lambda saved: None,
            waiter=(waits if waits is not None else []).append,
        )
        BlueskySource(account, declaration).pull(run)
        return run

    return puller


def answers(landed, start):
    return [json.loads(body) for name, body in landed.items() if name.startswith(start)]


def test_posts_are_read_over_several_pages_with_their_counters(talk, pull, landed):
    pull()
    entries = [e for page in answers(landed, "author_feed-") for e in page["feed"]]
    assert len({entry["post"]["uri"] for entry in entries}) == len(entries) == 130
    counted = {e["post"]["uri"]: e["post"]["likeCount"] for e in entries}
    assert counted[talk.about.uri] == 2
    assert len(answers(landed, "author_feed-")) == 2


def test_whoever_answered_liked_or_shared_is_named(talk, pull, landed):
    pull()
    (thread,) = answers(landed, "thread-")
    question = thread["thread"]["replies"][0]
    assert question["post"]["uri"] == talk.question.uri
    assert question["replies"][0]["post"]["record"]["text"] == "35 decibels"
    (likes,) = answers(landed, "likes-")
    handles = {entry["actor"]["handle"] for entry in likes["likes"]}
    assert handles == {"beatrix-k.test", "cyrus-m.test"}
    assert likes["uri"] == talk.about.uri
    (reposts,) = answers(landed, "reposts-")
    assert [who["handle"] for who in reposts["repostedBy"]] == ["cyrus-m.test"]
    (page,) = answers(landed, "notifications-")
    reasons = sorted(n["reason"] for n in page["notifications"])
    assert reasons == ["like", "like", "reply", "reply", "repost"]


def test_searches_find_the_handle_and_declared_terms(talk, pull, landed):
    pull(terms=("35 decibels",))
    (named,) = answers(landed, "search-warmhaus.test-")
    assert [found["uri"] for found in named["posts"]] == [talk.question.uri]
    (found,) = answers(landed, "search-35 decibels-")
    assert found["posts"][0]["author"]["handle"] == "cyrus-m.test"


def test_real_answers_are_recognised_without_the_loss_of_a_row(
    talk, pull, landed, tmp_path
):
    pull(terms=("35 decibels",))
    for name, body in landed.items():
        path = tmp_path / name
        path.write_bytes(body)
        inspection = inspect_file(path)
        assert inspection.contract == "bluesky/api", name
        assert (inspection.rows_rejected, inspection.drift) == (0, {}), name
        assert inspection.rows_good > 0, name


def test_second_pull_lands_only_what_changed(network, people, talk, pull, landed):
    first = pull()
    again = pull(first.cursor)
    assert again.summary.files_new == 0
    post(people[2], "And cheap", parent=talk.question, root=talk.about)
    network.settle()
    before = dict(landed)
    pull(first.cursor)
    fresh = [name for name, body in landed.items() if body not in before.values()]
    # No counter of the post itself moved, but one of the question did.
    begins = sorted(name.split("-")[0] for name in fresh)
    assert begins == ["notifications", "search", "thread"]


def test_pulls_of_few_pages_reach_everything_one_after_the_other(talk, pull, landed):
    cursor = {}
    for _ in range(6):
        run = pull(cursor, most_pages=4)
        cursor = run.cursor
        assert "stopped after 4 pages" in run.summary.doubts[0]
    entries = [e for page in answers(landed, "author_feed-") for e in page["feed"]]
    assert len({entry["post"]["uri"] for entry in entries}) == 130
    assert answers(landed, "likes-")
    assert answers(landed, "search-")


def test_wrong_password_names_the_connection(talk, pull):
    with pytest.raises(AccessRefusedError, match="our_bluesky") as refused:
        pull(password="wrong")
    assert "wrong" not in str(refused.value)
    assert "AuthenticationRequired" in str(refused.value)


def test_account_that_does_not_exist_is_named_as_an_option(talk, pull):
    with pytest.raises(SourceOptionError, match="Profile not found"):
        pull(accounts=("nobody.test",))


def test_ended_session_is_renewed_by_the_server(talk, pull, landed, monkeypatch):
    login = Client.login

    def login_and_age(client, *given, **named):
        login(client, *given, **named)
        head, body, signature = client._session.access_jwt.split(".")
        claims = json.loads(base64.urlsafe_b64decode(body + "=="))
        claims["exp"] = claims["iat"]
        aged = base64.urlsafe_b64encode(json.dumps(claims).encode()).decode()
        aged = ".".join((head, aged.rstrip("="), signature))
        client._session.access_jwt = aged

    monkeypatch.setattr(Client, "login", login_and_age)
    pull()
    assert answers(landed, "author_feed-")


def test_too_many_sign_ins_are_waited_for_as_the_server_asks(network, people, pull):
    sign_up(network, "dora-p").request.close()
    network.settle()
    waits = []
    for _ in range(SIGN_INS - 1):  # signing up was the first
        pull(name="dora-p", waits=waits)
    assert not waits
    with pytest.raises(SourceAwayError, match="it asks to wait"):
        pull(name="dora-p", waits=waits)
    assert waits
    assert all(0 < wait <= 5 * 60 for wait in waits)
