"""The Reddit puller against a server that answers as Reddit does, and misbehaves."""

from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qs

import pytest
from unit.pulls.api_server import Killed, Landing, Reply, declared, serving
from unit.pulls.loading import load

from heartshare.exports.inspection import inspect_file
from heartshare.pulls.reddit import RedditSource
from heartshare.pulls.source import (
    AccessRefusedError,
    Account,
    SourceAwayError,
    SourceOptionError,
)

NOW = datetime(2026, 3, 16, 5, 0, tzinfo=UTC)
CLIENT, WORD = "client-of-lindholm", "word-of-lindholm"
HIDDEN = "Only members may know"
PER_PAGE = 4


def listing(things, after=None):
    return {"kind": "Listing", "data": {"after": after, "children": things}}


def submission(number, moment, *, comments=0, community="Lindholm", **more):
    data = {
        "id": number,
        "name": f"t3_{number}",
        "subreddit": community,
        "subreddit_type": "public",
        "author": "quiet_reader",
        "author_fullname": "t2_q1",
        "title": f"About {number}",
        "selftext": "",
        "selftext_html": None,
        "score": 3,
        "num_comments": comments,
        "created_utc": moment.timestamp(),
        "edited": False,
        "distinguished": None,
        "permalink": f"/r/{community}/comments/{number}/about/",
        **more,
    }
    return {"kind": "t3", "data": data}


def comment(number, link, parent=None, *, replies=(), **more):
    data = {
        "id": number,
        "name": f"t1_{number}",
        "parent_id": parent or f"t3_{link}",
        "link_id": f"t3_{link}",
        "subreddit": "Lindholm",
        "author": "marigold_m",
        "author_fullname": "t2_mari",
        "body": f"Words of {number}",
        "body_html": '<div class="md"><p>...</p></div>',
        "score": 1,
        "created_utc": (NOW - timedelta(hours=6)).timestamp(),
        "edited": False,
        "distinguished": None,
        "is_submitter": False,
        "replies": listing(list(replies)) if replies else "",
        **more,
    }
    return {"kind": "t1", "data": data}


def stub(ids, parent):
    number = ids[0] if ids else "_"
    data = {
        "id": number,
        "name": f"t1_{number}",
        "parent_id": parent,
        "count": len(ids),
        "depth": 1,
        "children": ids,
    }
    return {"kind": "more", "data": data}


class Reddit:
    """Ten submissions, one a day; the newest has a tree with stubs of both kinds."""

    def __init__(self):
        self.submissions = [
            submission(f"s{day}", NOW - timedelta(days=10 - day)) for day in range(10)
        ]
        self.about = self.submissions[9]["data"]
        self.about["num_comments"] = 260
        self.late = comment("late", "old")
        self.found = [submission("f1", NOW - timedelta(days=2), community="Elsewhere")]
        self.extra = [f"m{number}" for number in range(150)]
        self.word = WORD
        self.tokens = 0
        self.grants = []

    def __call__(self, request):
        if request.path == "/api/v1/access_token":
            return self.token(request)
        if request.headers.get("authorization") != f"bearer token-{self.tokens}":
            return Reply(401, {"message": "Unauthorized", "error": 401})
        assert request.query["raw_json"] == "1"
        answer = {
            "/r/Lindholm/new": lambda: self.paged(request, self.submissions[::-1]),
            "/r/Lindholm/comments": lambda: self.paged(request, [self.late]),
            "/search": lambda: self.paged(request, self.found),
            "/comments/s9": lambda: self.tree(request.query.get("comment")),
            "/api/morechildren": lambda: self.more(
                request.query["children"].split(",")
            ),
        }.get(request.path)
        return answer() if answer else Reply(404, {"message": "Not Found"})

    def token(self, request):
        if "authorization" not in request.headers or self.word != WORD:
            return Reply(401, {"message": "Unauthorized", "error": 401})
        given = {name: v[0] for name, v in parse_qs(request.content.decode()).items()}
        self.grants.append(given)
        if given.get("password") == "forgotten":
            return Reply(content={"error": "invalid_grant"})
        self.tokens += 1
        token = {"access_token": f"token-{self.tokens}", "token_type": "bearer"}
        return Reply(content={**token, "expires_in": 86400, "scope": "*"})

    def paged(self, request, things):
        names = [thing["data"]["name"] for thing in things]
        after = request.query.get("after")
        start = names.index(after) + 1 if after else 0
        page = things[start : start + PER_PAGE]
        is_more = things[start + PER_PAGE :]
        return Reply(
            content=listing(page, names[start + PER_PAGE - 1] if is_more else None)
        )

    def tree(self, below):
        if below == "c2":
            deep = comment("c3", "s9", "t1_c2")
            shown = [comment("c2", "s9", "t1_c1", replies=[deep])]
        else:
            second = comment("c2", "s9", "t1_c1", replies=[stub([], "t1_c2")])
            first = comment("c1", "s9", replies=[second])
            shown = [first, stub(self.extra[:120], "t3_s9")]
        return Reply(content=[listing([self.submissions[9]]), listing(shown)])

    def more(self, ids):
        assert len(ids) <= 100
        things = [comment(number, "s9") for number in ids]
        if self.extra[119] in ids:
            things.append(stub(self.extra[120:], "t3_s9"))
        return Reply(content={"json": {"errors": [], "data": {"things": things}}})


@pytest.fixture
def reddit():
    return Reddit()


@pytest.fixture
def server(reddit):
    with serving(reddit) as api:
        yield api


@pytest.fixture
def landing():
    return Landing()


@pytest.fixture
def pull(server, landing):
    def puller(
        *, now=NOW, word=WORD, communities=("r/Lindholm",), extra=None, **options
    ):
        account = Account("our_reddit", server.url, CLIENT, word, extra=extra or {})
        run = landing.run(now)
        options["communities"] = communities
        RedditSource(account, declared(**options)).pull(run)
        return run

    return puller


def comments_in(node):
    if isinstance(node, list):
        return [found for each in node for found in comments_in(each)]
    if not isinstance(node, dict):
        return []
    own = [node["data"]["id"]] if node.get("kind") == "t1" else []
    return own + [found for each in node.values() for found in comments_in(each)]


def landed_comments(landing):
    return {n for page in landing.answers("thread-") for n in comments_in(page)}


def all_comments(reddit):
    return {"c1", "c2", "c3", *reddit.extra}


def test_every_list_and_the_whole_tree_lands(reddit, server, landing, pull):
    pull(terms=("garden",))
    listed = [
        thing["data"]["id"]
        for page in landing.answers("new-Lindholm-")
        for thing in page["data"]["children"]
    ]
    assert listed == [f"s{day}" for day in range(9, -1, -1)]
    assert landed_comments(landing) == all_comments(reddit)
    assert comments_in(landing.answers("comments-")) == ["late"]
    assert len(landing.answers("search-garden-")) == 1
    # 120 comments in the first stub and 30 in one that came with them.
    sizes = [len(r.query["children"].split(",")) for r in server.asked("/morechildren")]
    assert sizes == [100, 20, 30]


def test_landed_pages_are_recognised_without_the_loss_of_a_row(
    reddit, landing, pull, tmp_path
):
    pull(terms=("garden",))
    good = 0
    for body, name in landing.files.items():
        path = tmp_path / name
        path.write_bytes(body)
        inspection = inspect_file(path)
        assert inspection.contract in {"reddit/comments", "reddit/submissions"}, name
        assert inspection.rows_rejected == 0, name
        assert inspection.drift == {}, name
        good += inspection.rows_good
    # The submission stands before both trees, and comment c2 in both.
    assert good == 10 + 1 + 1 + len(all_comments(reddit)) + 2 + 1


def test_landed_pages_load_with_every_row_accounted_for(
    reddit, landing, pull, tmp_path
):
    pull(terms=("garden",))
    tables = ("reddit__submissions", "reddit__comments")
    summary, contracts, counts = load(landing, tmp_path, *tables)
    assert contracts == ["reddit/comments", "reddit/submissions"]
    assert counts == [10 + 1 + 2, 1 + len(all_comments(reddit)) + 1]
    assert summary.rows_rejected == 0


def test_second_pull_reads_young_threads_and_new_comments(
    reddit, server, landing, pull
):
    pull()
    server.requests.clear()
    reddit.late = comment("later", "old")
    run = pull(now=NOW + timedelta(days=1))
    assert run.summary.files_new == 1
    assert comments_in(landing.answers("comments-")) == ["late", "later"]
    # Pages of four: the second one reaches back seven days before the last pull.
    assert len(server.asked("/new")) == 2
    assert len(server.asked("/comments/s9")) == 2


def test_old_thread_is_not_read_again(server, pull):
    pull()
    server.requests.clear()
    pull(now=NOW + timedelta(days=9))
    pull(now=NOW + timedelta(days=10))
    assert len(server.asked("/comments/s9")) == 2


def test_thread_that_two_lists_hold_is_read_once(reddit, server, pull):
    reddit.found = [reddit.submissions[9]]
    pull(terms=("garden",))
    assert [r.query.get("comment") for r in server.asked("/comments/s9")] == [
        *(None, "c2"),
    ]


@pytest.mark.parametrize("landings", [0, 1, 2, 3, 4, 6])
def test_pull_killed_at_any_page_is_completed_by_the_next(
    reddit, landing, pull, landings
):
    landing.break_after = landings
    with pytest.raises(Killed):
        pull()
    landing.break_after = None
    before = set(landing.files)
    run = pull(now=NOW + timedelta(hours=1))
    assert landed_comments(landing) == all_comments(reddit)
    assert run.summary.files_new == len(set(landing.files) - before)
    broken = set(landing.files)
    landing.files.clear()
    landing.cursor = {}
    pull(now=NOW + timedelta(hours=1))
    assert set(landing.files) == broken


def test_pull_of_few_pages_is_continued(reddit, landing, pull):
    run = pull(most_pages=3)
    assert run.summary.doubts == ["stopped after 3 pages; the next pull goes on there"]
    for hours in range(1, 12):
        pull(now=NOW + timedelta(hours=hours), most_pages=3)
    assert landed_comments(landing) == all_comments(reddit)
    assert len(landing.answers("new-")) == 3


def test_what_only_members_may_read_never_lands(reddit, landing, pull):
    reddit.found.append(
        submission("p1", NOW, comments=3, title=HIDDEN, subreddit_type="private")
    )
    run = pull(terms=("garden",))
    assert not [n for body, n in landing.files.items() if HIDDEN.encode() in body]
    assert run.summary.doubts[0].endswith("not open to everybody: 1 items")


def test_thread_that_became_private_meanwhile_is_passed_over(server, landing, pull):
    refusal = {"reason": "private", "message": "Forbidden", "error": 403}
    server.fail("/comments/s9", Reply(403, refusal))
    run = pull()
    assert run.summary.doubts == []
    assert landing.answers("thread-") == []


def test_refusal_of_everything_ends_the_pull_and_loses_nothing(
    reddit, server, landing, pull
):
    refusal = Reply(403, {"message": "Forbidden", "error": 403})
    server.fail("/comments/s9", refusal, refusal)
    with pytest.raises(AccessRefusedError, match="our_reddit"):
        pull()
    pull()
    assert landed_comments(landing) == all_comments(reddit)


def test_refused_stub_is_told(server, landing, pull):
    refusal = {"json": {"errors": [["TOO_MANY", "no", "children"]]}}
    server.fail("/morechildren", Reply(content=refusal))
    run = pull()
    assert run.summary.doubts == ["100 comments under s9 were asked for and refused"]
    assert not run.summary.is_complete


def test_unknown_community_blames_the_declaration(pull):
    with pytest.raises(SourceOptionError, match=r"GET /r/Nowhere/new .*404"):
        pull(communities=("Nowhere",))


@pytest.mark.parametrize(
    ("extra", "grant"),
    [
        ({}, {"grant_type": "client_credentials"}),
        (
            {"username": "lindholm", "password": "tulips"},
            {"grant_type": "password", "username": "lindholm", "password": "tulips"},
        ),
        (
            {"refresh_token": "again"},
            {"grant_type": "refresh_token", "refresh_token": "again"},
        ),
    ],
)
def test_token_is_had_as_the_connection_says(reddit, pull, extra, grant):
    pull(extra=extra)
    assert reddit.grants == [grant]


def test_token_that_ends_within_a_pull_is_renewed(reddit, server, landing, pull):
    server.fail("/morechildren", Reply(401, {"message": "Unauthorized", "error": 401}))
    pull()
    assert reddit.tokens == 2
    assert landed_comments(landing) == all_comments(reddit)
    assert landing.waits == []


@pytest.mark.parametrize("extra", [{}, {"username": "l", "password": "forgotten"}])
def test_refused_log_in_names_the_connection_and_no_secret(reddit, pull, extra):
    if not extra:
        reddit.word = "changed"
    with pytest.raises(AccessRefusedError, match="our_reddit") as refused:
        pull(extra=extra)
    assert WORD not in str(refused.value)
    assert "forgotten" not in str(refused.value)


def test_connection_without_client_asks_for_one(server, pull):
    with pytest.raises(AccessRefusedError, match="client id"):
        pull(word="")
    assert server.requests == []


def test_rate_limit_of_all_paths_is_obeyed(reddit, server, landing, pull):
    last = {
        "X-Ratelimit-Remaining": "0.0",
        "X-Ratelimit-Used": "100",
        "X-Ratelimit-Reset": "73",
    }
    server.fail("/new", Reply(content=listing(reddit.submissions[9:]), headers=last))
    server.fail("/morechildren", Reply(429, {"message": "Too Many Requests"}, last))
    pull()
    # Once before the next call, whatever its path is; once because it was refused.
    assert landing.waits == [73, 73]


def test_broken_answers_are_repeated(reddit, server, landing, pull):
    server.fail(
        "/comments/s9", Reply(503), Reply(is_cut=True), Reply(content=b'[{"kind": "Li')
    )
    pull()
    assert landing.waits == [1, 2, 4]
    assert landed_comments(landing) == all_comments(reddit)


def test_server_that_stays_away_keeps_what_has_landed(reddit, server, landing, pull):
    server.fail("/morechildren", *[Reply(502)] * 6)
    with pytest.raises(SourceAwayError, match="morechildren failed 6 times"):
        pull()
    assert {"c1", "c2"} <= landed_comments(landing)
    pull()
    assert landed_comments(landing) == all_comments(reddit)
