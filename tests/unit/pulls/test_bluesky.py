"""The Bluesky puller against a server that answers as Bluesky does, and misbehaves."""

import base64
import json
import re
from datetime import UTC, datetime, timedelta

import pytest
from unit.pulls.api_server import Killed, Landing, Reply, declared, serving

from heartshare.exports.inspection import inspect_file
from heartshare.pulls.bluesky import BlueskySource
from heartshare.pulls.declarations import load_declarations
from heartshare.pulls.registry import open_api
from heartshare.pulls.source import (
    AccessRefusedError,
    Account,
    SourceAwayError,
    SourceOptionError,
)

NOW = datetime(2026, 3, 16, 5, 0, tzinfo=UTC)
OURS = "did:plc:warmhausaaaaaaaaaaaaaaaa"
PER_PAGE = 4
PASSWORD = "abcd-efgh-ijkl-mnop"


def token(**claims):
    """Return a token as a PDS writes it; nobody checks its signature here."""
    parts = ({"typ": "at+jwt", "alg": "HS256"}, {"exp": 4102444800, **claims})
    encoded = [base64.urlsafe_b64encode(json.dumps(p).encode()) for p in parts]
    return b".".join(part.rstrip(b"=") for part in [*encoded, b"c2ln"]).decode()


def person(name, did=None):
    return {
        "did": did or f"did:plc:{name:a<24}",
        "handle": f"{name}.example.org",
        "displayName": name.title(),
        "viewer": {"muted": False, "blockedBy": False},
        "labels": [],
    }


def post(number, author, text, moment, **more):
    stamp = moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")
    return {
        "uri": f"at://{author['did']}/app.bsky.feed.post/3k{number:011d}",
        "cid": f"bafyrei{number:052d}",
        "author": author,
        "record": {"$type": "app.bsky.feed.post", "text": text, "createdAt": stamp},
        "replyCount": 0,
        "repostCount": 0,
        "likeCount": 0,
        "quoteCount": 0,
        "bookmarkCount": 0,
        "indexedAt": stamp,
        "labels": [],
        **more,
    }


class Bluesky:
    """Ten posts, one a day; the ninth is answered, liked, shared and quoted."""

    def __init__(self):
        self.ours = person("warmhaus", OURS)
        self.bea = person("bea")
        self.posts = [
            post(day, self.ours, f"Tip {day}", NOW - timedelta(days=10 - day))
            for day in range(10)
        ]
        self.about = self.posts[9]
        self.about.update(replyCount=1, likeCount=6, repostCount=1, quoteCount=1)
        self.likes = [person(f"fan{number}") for number in range(6)]
        self.answer_text = "How loud is it?"
        self.passwords = {PASSWORD}
        self.tokens = 0

    def __call__(self, request):
        method = request.path.removeprefix("/xrpc/")
        if method == "com.atproto.server.createSession":
            return self.session(request.content)
        if request.headers.get("authorization") != f"Bearer {self.access}":
            return Reply(400, {"error": "ExpiredToken", "message": "Token has expired"})
        name = re.sub("([A-Z])", r"_\1", method.rpartition(".")[2]).lower()
        answer = getattr(self, name, None)
        if answer is None:
            return Reply(501, {"error": "MethodNotImplemented"})
        return answer(request.query)

    def session(self, given):
        if given["password"] not in self.passwords:
            problem = {"error": "AuthenticationRequired", "message": "Invalid password"}
            return Reply(401, problem)
        self.tokens += 1
        self.access = token(scope="com.atproto.access", n=self.tokens)
        return Reply(
            content={
                "did": OURS,
                "handle": "warmhaus.example.org",
                "accessJwt": self.access,
                "refreshJwt": token(scope="com.atproto.refresh"),
                "active": True,
            }
        )

    def get_author_feed(self, query):
        if query["actor"] not in {OURS, "warmhaus.example.org"}:
            problem = {"error": "InvalidRequest", "message": "Profile not found"}
            return Reply(400, problem)
        entries = [{"post": one} for one in reversed(self.posts)]
        return self.paged(query, "feed", entries)

    def get_post_thread(self, query):
        if query["uri"] != self.about["uri"]:
            return Reply(400, {"error": "NotFound", "message": "Post not found"})
        kind = {"$type": "app.bsky.feed.defs#threadViewPost"}
        said = post(77, self.bea, self.answer_text, NOW - timedelta(hours=5))
        ref = {"uri": self.about["uri"], "cid": self.about["cid"]}
        said["record"]["reply"] = {"root": ref, "parent": ref}
        thread = {**kind, "post": self.about, "replies": [{**kind, "post": said}]}
        return Reply(content={"thread": thread})

    def get_likes(self, query):
        stamp = "2026-03-15T12:00:00.000Z"
        likes = [
            {"actor": who, "createdAt": stamp, "indexedAt": stamp} for who in self.likes
        ]
        return self.paged(query, "likes", likes, uri=query["uri"])

    def get_reposted_by(self, query):
        return self.paged(query, "repostedBy", [self.bea], uri=query["uri"])

    def get_quotes(self, query):
        quote = post(78, self.bea, "Look at this", NOW - timedelta(hours=4))
        return self.paged(query, "posts", [quote], uri=query["uri"])

    def list_notifications(self, query):
        found = [
            {
                "uri": f"at://{who['did']}/app.bsky.feed.like/3k{number:011d}",
                "cid": f"bafyrei{number:052d}",
                "author": who,
                "reason": "like",
                "reasonSubject": self.about["uri"],
                "record": {"$type": "app.bsky.feed.like"},
                "isRead": False,
                "indexedAt": "2026-03-15T12:00:00.000Z",
                "labels": [],
            }
            for number, who in enumerate(self.likes)
        ]
        return self.paged(query, "notifications", found)

    def search_posts(self, query):
        moment = NOW - timedelta(hours=3)
        found = [post(79, self.bea, f"About {query['q']}", moment)]
        return self.paged(query, "posts", found)

    def paged(self, query, field, items, **more):
        start = int(query.get("cursor") or 0)
        page = items[start : start + PER_PAGE]
        following = (
            {"cursor": str(start + PER_PAGE)} if items[start + PER_PAGE :] else {}
        )
        return Reply(content={field: page, **following, **more})


@pytest.fixture
def bluesky():
    return Bluesky()


@pytest.fixture
def server(bluesky):
    with serving(bluesky) as api:
        yield api


@pytest.fixture
def landing():
    return Landing()


@pytest.fixture
def pull(server, landing):
    def puller(*, now=NOW, password=PASSWORD, **options):
        account = Account("our_bluesky", server.url, "@warmhaus.example.org", password)
        run = landing.run(now)
        BlueskySource(account, declared(**options)).pull(run)
        return run

    return puller


def asked(server, method):
    return server.asked(f".{method}")


def test_every_page_of_every_list_lands_as_it_came(server, landing, pull):
    pull(terms=("heat pump",))
    texts = [
        e["post"]["record"]["text"]
        for p in landing.answers("author")
        for e in p["feed"]
    ]
    assert texts == [f"Tip {day}" for day in range(9, -1, -1)]
    assert [len(page["likes"]) for page in landing.answers("likes-")] == [4, 2]
    assert [len(p["notifications"]) for p in landing.answers("notif")] == [4, 2]
    for start in ("thread-", "reposts-", "quotes-", "search-heat pump-"):
        assert len(landing.answers(start)) == 1
    terms = {request.query["q"] for request in asked(server, "searchPosts")}
    assert terms == {"warmhaus.example.org", "heat pump"}


def test_landed_pages_are_recognised_without_the_loss_of_a_row(landing, pull, tmp_path):
    pull()
    for body, name in landing.files.items():
        path = tmp_path / name
        path.write_bytes(body)
        inspection = inspect_file(path)
        assert inspection.contract == "bluesky/api", name
        assert inspection.rows_rejected == 0, name
        assert inspection.rows_good > 0, name
        assert inspection.drift == {}, name


def test_second_pull_looks_again_at_young_posts_only(server, bluesky, landing, pull):
    pull()
    server.requests.clear()
    bluesky.about["likeCount"] = 5
    bluesky.likes.pop()
    pull(now=NOW + timedelta(days=1))
    # Pages of four posts: the second one reaches back seven days before the last pull.
    assert len(asked(server, "getAuthorFeed")) == 2
    assert len(asked(server, "getPostThread")) == 1
    assert len(asked(server, "getLikes")) == 2
    assert asked(server, "getRepostedBy") == asked(server, "getQuotes") == []


def test_late_answer_to_an_old_thread_is_found(bluesky, landing, pull):
    pull()
    bluesky.answer_text = "And does it pay?"
    run = pull(now=NOW + timedelta(days=3))
    assert run.summary.files_new == 1
    assert len(landing.answers("thread-")) == 2


def test_post_that_is_gone_meanwhile_is_passed_over(bluesky, landing, pull):
    bluesky.posts[8]["replyCount"] = 1
    run = pull()
    assert run.summary.doubts == []
    assert len(landing.answers("thread-")) == 1


@pytest.mark.parametrize("landings", [0, 1, 3, 5, 7])
def test_pull_killed_at_any_page_is_completed_by_the_next(
    server, landing, pull, landings
):
    landing.break_after = landings
    with pytest.raises(Killed):
        pull()
    landing.break_after = None
    pull(now=NOW + timedelta(hours=1))
    broken = set(landing.files)
    landing.files.clear()
    landing.cursor = {}
    pull(now=NOW + timedelta(hours=1))
    assert set(landing.files) <= broken


def test_session_that_ends_within_a_pull_is_opened_anew(server, bluesky, landing, pull):
    expired = Reply(400, {"error": "ExpiredToken", "message": "Token has expired"})
    server.fail(".listNotifications", expired)
    pull()
    assert bluesky.tokens == 2
    assert len(landing.answers("notifications-")) == 2


def test_session_that_never_works_ends_the_pull(server, pull):
    expired = Reply(400, {"error": "ExpiredToken", "message": "Token has expired"})
    server.fail(".listNotifications", expired, expired)
    with pytest.raises(SourceOptionError, match="ExpiredToken"):
        pull()


def test_wrong_password_names_the_connection_and_not_the_password(pull):
    with pytest.raises(AccessRefusedError, match="our_bluesky") as refused:
        pull(password="wrong-word")
    assert "AuthenticationRequired" in str(refused.value)
    assert "wrong-word" not in str(refused.value)


def test_connection_without_password_asks_for_one(server, pull):
    with pytest.raises(AccessRefusedError, match="app password"):
        pull(password="")
    assert server.requests == []


def test_unknown_account_blames_the_declaration(pull):
    with pytest.raises(SourceOptionError, match="Profile not found"):
        pull(accounts=("nobody.example.org",))


def test_declared_account_is_read_instead_of_the_own(server, pull):
    pull(accounts=("@warmhaus.example.org",))
    actors = {request.query["actor"] for request in asked(server, "getAuthorFeed")}
    assert actors == {"warmhaus.example.org"}


def test_busy_server_is_obeyed_and_broken_answers_are_repeated(server, landing, pull):
    server.fail(".getAuthorFeed", Reply(429, headers={"ratelimit-reset": "1773637260"}))
    server.fail(".getLikes", Reply(502), Reply(is_cut=True), Reply(content=b'{"likes'))
    pull()
    assert landing.waits == [60, 1, 2, 4]
    assert len(landing.answers("author_feed-")) == 3


def test_server_that_stays_away_keeps_what_has_landed(server, landing, pull):
    server.fail(".getLikes", *[Reply(503)] * 6)
    with pytest.raises(SourceAwayError, match="getLikes"):
        pull()
    landed = len(landing.files)
    assert landed
    pull()
    assert len(landing.files) > landed


def test_pull_of_few_pages_says_that_it_goes_on(landing, pull):
    run = pull(most_pages=3)
    assert run.summary.doubts == ["stopped after 3 pages; the next pull goes on there"]


def test_declaration_in_sources_yml_opens_this_puller(tmp_path):
    path = tmp_path / "sources.yml"
    path.write_text(
        "our_posts: {kind: bluesky, connection: our_bluesky, terms: [heat pump]}"
    )
    (declaration,) = load_declarations(path)
    source = open_api(declaration, Account("our_bluesky"))
    assert isinstance(source, BlueskySource)
    assert (source.kind, declaration.overlap_days) == ("bluesky", 7)
    assert declaration.options["terms"] == ("heat pump",)
    assert declaration.options["accounts"] == ()
