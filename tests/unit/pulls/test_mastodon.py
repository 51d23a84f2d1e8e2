"""The Mastodon puller against a server that answers like Mastodon, and misbehaves."""

import json
from datetime import UTC, datetime, timedelta

import pytest
from unit.pulls.api_server import Killed, Landing, Reply, declared, serving

from heartshare.exports.inspection import inspect_file
from heartshare.pulls.declarations import load_declarations
from heartshare.pulls.mastodon import MastodonSource
from heartshare.pulls.registry import open_api
from heartshare.pulls.source import AccessRefusedError, Account, SourceAwayError

NOW = datetime(2026, 3, 16, 5, 0, tzinfo=UTC)
TOKEN = "token-of-warmhaus"
SECRET = "Do not tell anybody"
PER_PAGE = 4


def person(number, name):
    home = "https://social.example.org"
    return {
        "id": str(number),
        "username": name,
        "acct": name,
        "display_name": name.title(),
        "bot": False,
        "locked": False,
        "created_at": "2024-01-01T00:00:00.000Z",
        "note": "",
        "uri": f"{home}/users/{name}",
        "url": f"{home}/@{name}",
        "followers_count": 3,
        "emojis": [],
        "fields": [],
    }


def status(number, author, text, moment, visibility="public", **more):
    stamp = moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")
    return {
        "id": str(116_000_000_000_000_000 + number),
        "created_at": stamp,
        "in_reply_to_id": None,
        "in_reply_to_account_id": None,
        "sensitive": False,
        "spoiler_text": "",
        "visibility": visibility,
        "language": "en",
        "uri": f"{author['uri']}/statuses/{number}",
        "url": f"{author['url']}/{number}",
        "replies_count": 0,
        "reblogs_count": 0,
        "favourites_count": 0,
        "quotes_count": 0,
        "edited_at": None,
        "content": f"<p>{text}</p>",
        "reblog": None,
        "account": author,
        "media_attachments": [],
        "mentions": [],
        "tags": [],
        "emojis": [],
        "card": None,
        "poll": None,
        **more,
    }


class MastodonServer:
    """Ten public statuses, one a day; the last is talked about. One for followers."""

    def __init__(self):
        self.ours = person(1, "warmhaus")
        self.bea = person(2, "bea")
        self.fans = [person(10 + number, f"fan{number}") for number in range(6)]
        self.statuses = [
            status(day, self.ours, f"Tip {day}", NOW - timedelta(days=10 - day))
            for day in range(10)
        ]
        self.about = self.statuses[9]
        self.about.update(replies_count=2, favourites_count=6, reblogs_count=1)
        moment = NOW - timedelta(hours=30)
        self.statuses.append(status(10, self.ours, SECRET, moment, "private"))
        self.is_shut = False

    def __call__(self, request):
        given = request.headers.get("authorization")
        if given not in {None, f"Bearer {TOKEN}"}:
            return Reply(401, {"error": "The access token was revoked"})
        name = request.path.removeprefix("/api/")
        knows_us = given is not None
        if not knows_us and (self.is_shut or not name.startswith("v1/accounts/1/")):
            return Reply(401, {"error": "This method requires an authenticated user"})
        about = f"v1/statuses/{self.about['id']}"
        answer = {
            "v1/accounts/verify_credentials": lambda: Reply(content=self.ours),
            "v1/accounts/1/statuses": lambda: self.paged(request, self.seen(knows_us)),
            "v1/notifications": lambda: self.paged(request, self.notifications()),
            f"{about}/context": lambda: Reply(
                content={"ancestors": [], "descendants": self.replies()}
            ),
            f"{about}/favourited_by": lambda: self.paged(request, self.fans),
            f"{about}/reblogged_by": lambda: self.paged(request, [self.bea]),
            "v1/timelines/tag/heatpump": lambda: self.paged(
                request, [self.naming("#heatpump")]
            ),
            "v2/search": lambda: Reply(
                content={
                    "accounts": [],
                    "statuses": [self.naming(request.query["q"])],
                    "hashtags": [],
                }
            ),
        }.get(name)
        return answer() if answer else Reply(404, {"error": "Record not found"})

    def seen(self, by_us):
        return [s for s in self.statuses[::-1] if by_us or s["visibility"] == "public"]

    def replies(self):
        moment = NOW - timedelta(hours=6)
        more = {"in_reply_to_id": self.about["id"]}
        return [
            status(21, self.bea, "How loud is it?", moment, **more),
            status(22, self.bea, SECRET, moment, "direct", **more),
        ]

    def naming(self, text):
        return status(31, self.bea, f"About {text}", NOW - timedelta(hours=3))

    def notifications(self):
        kinds = [("mention", said) for said in self.replies()]
        kinds += [("favourite", self.about)] * 3
        return [
            {
                "id": str(900 - number),
                "type": kind,
                "created_at": "2026-03-15T12:00:00.000Z",
                "group_key": f"ungrouped-{number}",
                "account": self.bea,
                "status": about,
            }
            for number, (kind, about) in enumerate(kinds)
        ]

    def paged(self, request, items):
        """Give a page below max_id, with the Link header that Mastodon gives.

        Lists of accounts are paged by numbers that are not in them, so places serve.
        """
        start = int(request.query.get("max_id") or 0)
        page = items[start : start + PER_PAGE]
        headers = {}
        if items[start + PER_PAGE :]:
            following = (
                f"http://ignored.example{request.path}?max_id={start + PER_PAGE}"
            )
            previous = f"http://ignored.example{request.path}?min_id=1"
            headers["Link"] = f'<{following}>; rel="next", <{previous}>; rel="prev"'
        return Reply(content=page, headers=headers)


@pytest.fixture
def mastodon():
    return MastodonServer()


@pytest.fixture
def server(mastodon):
    with serving(mastodon) as api:
        yield api


@pytest.fixture
def landing():
    return Landing()


@pytest.fixture
def pull(server, landing):
    def puller(*, now=NOW, token=TOKEN, **options):
        account = Account("our_mastodon", server.url, password=token)
        run = landing.run(now)
        MastodonSource(account, declared(**options)).pull(run)
        return run

    return puller


def test_every_page_of_every_list_lands(server, landing, pull):
    pull(terms=("boiler", "#heatpump"))
    texts = [one["content"] for page in landing.answers("statuses-") for one in page]
    assert texts == [f"<p>Tip {day}</p>" for day in range(9, -1, -1)]
    assert [len(p["favourited_by"]) for p in landing.answers("favourited_by-")] == [
        4,
        2,
    ]
    assert [len(page) for page in landing.answers("notifications-")] == [4, 1]
    for start in ("context-", "reblogged_by-", "hashtag-heatpump-", "search-boiler-"):
        assert len(landing.answers(start)) == 1
    searched = {request.query["q"] for request in server.asked("/v2/search")}
    assert searched == {"@warmhaus", "boiler"}


def test_list_of_accounts_lies_beside_its_status(mastodon, landing, pull):
    pull()
    (page,) = landing.answers("reblogged_by-")
    about = {"id": mastodon.about["id"], "uri": mastodon.about["uri"]}
    assert page == {"status": about, "reblogged_by": [mastodon.bea]}


def test_own_posts_are_asked_for_as_anybody_may(server, pull):
    pull()
    tokens = [r.headers.get("authorization") for r in server.asked("/1/statuses")]
    assert set(tokens) == {None}
    assert {r.query["exclude_direct"] for r in server.asked("/1/statuses")} == {"1"}


def test_nothing_private_lands_even_where_only_the_token_opens(mastodon, landing, pull):
    mastodon.is_shut = True
    pull()
    assert len([s for page in landing.answers("statuses-") for s in page]) == 11
    assert not [name for body, name in landing.files.items() if SECRET.encode() in body]


def test_landed_pages_are_recognised_and_private_items_counted(
    mastodon, landing, pull, tmp_path
):
    mastodon.is_shut = True
    pull(terms=("boiler", "#heatpump"))
    rejected = {}
    for body, name in landing.files.items():
        path = tmp_path / name
        path.write_bytes(body)
        inspection = inspect_file(path)
        assert inspection.contract == "mastodon/api", name
        assert inspection.rows_good > 0, name
        assert inspection.drift == {}, name
        for reject in inspection.rejects:
            assert reject.reason_code == "not_public", (name, reject)
            kind = name.split("-")[0]
            rejected[kind] = rejected.get(kind, 0) + 1
    # A private mention is refused as a notification and as a status.
    assert rejected == {"statuses": 1, "context": 1, "notifications": 2}


def test_answer_is_kept_byte_for_byte_where_nothing_is_private(mastodon, landing, pull):
    pull()
    sent = json.dumps(mastodon.statuses[9:5:-1]).encode()
    assert sent in landing.files


def test_only_notifications_of_what_people_did_are_asked_for(server, pull):
    pull()
    types = server.asked("/v1/notifications")[0].query["types[]"]
    assert types in {"mention", "favourite", "reblog", "follow", "quote"}


def test_second_pull_asks_again_only_for_what_may_have_changed(server, pull):
    pull()
    server.requests.clear()
    run = pull(now=NOW + timedelta(days=1))
    assert run.summary.files_new == 0
    assert len(server.asked("/1/statuses")) == 2
    assert len(server.asked("/context")) == 1
    assert server.asked("/favourited_by") == server.asked("/reblogged_by") == []


@pytest.mark.parametrize("landings", [0, 2, 4, 6, 8])
def test_pull_killed_at_any_page_is_completed_by_the_next(landing, pull, landings):
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


def test_revoked_token_names_the_connection_and_not_the_token(pull):
    with pytest.raises(AccessRefusedError, match="our_mastodon") as refused:
        pull(token="revoked-token")
    assert "The access token was revoked" in str(refused.value)
    assert "revoked-token" not in str(refused.value)


def test_token_that_may_not_search_says_which_call_was_refused(server, pull):
    refusal = Reply(403, {"error": "This action is outside the authorized scopes"})
    server.fail("/v2/search", refusal)
    with pytest.raises(AccessRefusedError, match=r"GET /api/v2/search.*scopes"):
        pull()


def test_connection_without_token_asks_for_one(server, pull):
    with pytest.raises(AccessRefusedError, match="access token"):
        pull(token="")
    assert server.requests == []


def test_server_of_another_kind_is_told_from_mastodon(server, pull):
    server.fail("/verify_credentials", Reply(content=[]))
    with pytest.raises(AccessRefusedError, match="does not answer as a Mastodon"):
        pull()


def test_status_that_is_gone_meanwhile_is_passed_over(server, landing, pull):
    server.fail("/context", Reply(404, {"error": "Record not found"}))
    server.fail("/favourited_by", Reply(410))
    run = pull()
    assert run.summary.doubts == []
    assert landing.answers("context-") == landing.answers("favourited_by-") == []


def test_rate_limit_and_broken_answers_are_obeyed_and_repeated(server, landing, pull):
    used_up = {
        "X-RateLimit-Limit": "300",
        "X-RateLimit-Remaining": "0",
        "X-RateLimit-Reset": "2026-03-16T05:04:00.000000Z",
    }
    server.fail("/notifications", Reply(429, {"error": "Throttled"}, used_up))
    server.fail("/context", Reply(502), Reply(is_cut=True), Reply(content=b'{"desc'))
    pull()
    assert sorted(landing.waits) == [1, 2, 4, 240]
    assert len(landing.answers("context-")) == 1


def test_last_allowed_call_delays_the_next_page(server, mastodon, landing, pull):
    last = {"X-RateLimit-Remaining": "0", "X-RateLimit-Reset": "2026-03-16T05:02:00Z"}
    page = mastodon.paged(
        type("Asked", (), {"query": {}, "path": "/api/v1/notifications"}),
        mastodon.notifications(),
    )
    page.headers.update(last)
    server.fail("/notifications", page)
    pull()
    assert landing.waits == [120]


def test_server_that_stays_away_keeps_what_has_landed(server, landing, pull):
    server.fail("/favourited_by", *[Reply(500)] * 6)
    with pytest.raises(SourceAwayError, match="favourited_by failed 6 times"):
        pull()
    landed = len(landing.files)
    assert landed
    pull()
    assert len(landing.files) > landed


def test_declaration_in_sources_yml_opens_this_puller(tmp_path):
    path = tmp_path / "sources.yml"
    path.write_text("our_posts: {kind: mastodon, connection: our_mastodon}")
    (declaration,) = load_declarations(path)
    source = open_api(declaration, Account("our_mastodon"))
    assert isinstance(source, MastodonSource)
    assert source.kind == "mastodon"
    assert declaration.options == {"terms": (), "most_pages": 2000}
