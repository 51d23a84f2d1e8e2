"""The Discourse puller against a server that answers as a forum, and misbehaves."""

from datetime import UTC, datetime, timedelta

import pytest
from unit.pulls.api_server import Killed, Landing, Reply, declared, serving
from unit.pulls.loading import load

from heartshare.exports.inspection import inspect_file
from heartshare.pulls.discourse import DiscourseSource
from heartshare.pulls.source import (
    AccessRefusedError,
    Account,
    SourceAwayError,
    SourceOptionError,
)

NOW = datetime(2026, 3, 16, 5, 0, tzinfo=UTC)
KEY = "key-of-the-reader"
SECRET = "Between us, the price falls in May"
PER_PAGE = 3
OPEN, SHUT = 4, 9


def stamp(moment):
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def post(topic, number, moment, text=None, **more):
    return {
        "id": topic * 1000 + number,
        "name": "Ida Lind",
        "username": "ida_l",
        "created_at": stamp(moment),
        "updated_at": stamp(moment),
        "cooked": f"<p>{text or f'Words {number}'}</p>",
        "post_number": number,
        "post_type": 1,
        "reply_count": 0,
        "reply_to_post_number": None,
        "reads": 4,
        "topic_id": topic,
        "display_username": "Ida Lind",
        "version": 1,
        "actions_summary": [],
        "moderator": False,
        "admin": False,
        "staff": False,
        "user_id": 31,
        "trust_level": 1,
        "deleted_at": None,
        "user_deleted": False,
        **more,
    }


class Forum:
    """Seven topics, active one a day; the last has 45 posts. One old one is pinned."""

    def __init__(self):
        self.topics = [self.topic(day, days=7 - day) for day in range(1, 8)]
        self.about = self.topics[-1]
        self.about["posts_count"] = 45
        self.pinned = self.topic(50, days=200, pinned=True)
        self.posts = {
            topic["id"]: [
                post(topic["id"], number + 1, NOW - timedelta(days=8))
                for number in range(topic["posts_count"])
            ]
            for topic in [*self.topics, self.pinned]
        }
        self.is_shut = False

    def topic(self, number, *, days, category=OPEN, **more):
        return {
            "id": number,
            "title": f"Topic {number}",
            "fancy_title": f"Topic {number}",
            "slug": f"topic-{number}",
            "posts_count": 2,
            "archetype": "regular",
            "category_id": category,
            "created_at": stamp(NOW - timedelta(days=300)),
            "bumped_at": stamp(NOW - timedelta(days=days)),
            "pinned": False,
            "visible": True,
            "views": 9,
            "like_count": 0,
            **more,
        }

    def __call__(self, request):
        given = request.headers.get("api-key")
        if given not in {None, KEY} or (self.is_shut and given is None):
            text = "You are not permitted to view the requested resource."
            return Reply(403, {"errors": [text], "error_type": "invalid_access"})
        if request.path == "/site.json":
            return Reply(content={"categories": self.categories()})
        if request.path == "/latest.json":
            return self.latest(int(request.query.get("page", 0)))
        parts = request.path.removesuffix(".json").split("/")
        found = self.posts.get(int(parts[2]))
        if found is None:
            return Reply(404, {"errors": ["It is not there."]})
        if parts[3:]:
            wanted = {int(text) for text in request.lists["post_ids[]"]}
            chosen = [one for one in found if one["id"] in wanted]
            return Reply(
                content={"post_stream": {"posts": chosen}, "id": int(parts[2])}
            )
        stream = {"posts": found[:20], "stream": [one["id"] for one in found]}
        topics = [*self.topics, self.pinned]
        (topic,) = [one for one in topics if one["id"] == int(parts[2])]
        return Reply(content={"post_stream": stream, **topic})

    def categories(self):
        return [
            {"id": OPEN, "slug": "garden", "read_restricted": False},
            {"id": SHUT, "slug": "staff", "read_restricted": True},
        ]

    def latest(self, page):
        ordered = [self.pinned]
        ordered += sorted(self.topics, key=lambda one: one["bumped_at"], reverse=True)
        start = page * PER_PAGE
        shown = {"topics": ordered[start : start + PER_PAGE], "per_page": PER_PAGE}
        if ordered[start + PER_PAGE :]:
            shown["more_topics_url"] = f"/latest?no_definitions=true&page={page + 1}"
        users = [{"id": 31, "username": "ida_l"}]
        return Reply(content={"users": users, "topic_list": shown})


@pytest.fixture
def forum():
    return Forum()


@pytest.fixture
def server(forum):
    with serving(forum) as api:
        yield api


@pytest.fixture
def landing():
    return Landing()


@pytest.fixture
def pull(server, landing):
    def puller(*, now=NOW, key=KEY, login="reader", allowed=(), **options):
        account = Account("our_forum", server.url, login, key)
        run = landing.run(now)
        options["restricted_categories"] = allowed
        DiscourseSource(account, declared(**options)).pull(run)
        return run

    return puller


def landed_posts(landing):
    return {
        (one["topic_id"], one["post_number"])
        for page in landing.answers("topic-")
        for one in page["post_stream"]["posts"]
    }


def all_posts(forum):
    return {
        (one["topic_id"], one["post_number"])
        for posts in forum.posts.values()
        for one in posts
    }


def test_every_topic_lands_with_all_its_posts(forum, server, landing, pull):
    pull()
    listed = [
        topic["id"]
        for page in landing.answers("latest-")
        for topic in page["topic_list"]["topics"]
    ]
    assert listed == [50, 7, 6, 5, 4, 3, 2, 1]
    assert landed_posts(landing) == all_posts(forum)
    # The first page has 20 posts; of the others the newest come first.
    asked = [request.lists["post_ids[]"] for request in server.asked("/t/7/posts.json")]
    assert [(len(ids), ids[0]) for ids in asked] == [(20, "7045"), (5, "7025")]


def test_landed_pages_are_recognised_without_the_loss_of_a_row(
    forum, landing, pull, tmp_path
):
    pull()
    good = 0
    for body, name in landing.files.items():
        path = tmp_path / name
        path.write_bytes(body)
        inspection = inspect_file(path)
        assert inspection.contract == "discourse/topic", name
        assert inspection.rows_rejected == 0, name
        assert inspection.rows_good > 0, name
        good += inspection.rows_good
    # Each topic is a row of the list and one of its own first page.
    assert good == len(all_posts(forum)) + 2 * len(forum.posts)


def test_landed_pages_load_with_every_row_accounted_for(forum, landing, pull, tmp_path):
    forum.posts[6].append(post(6, 3, NOW, SECRET, post_type=4))
    pull()
    tables = ("discourse__topics", "discourse__posts")
    summary, contracts, counts = load(landing, tmp_path, *tables)
    assert contracts == ["discourse/topic"]
    assert counts == [2 * len(forum.posts), len(all_posts(forum)) - 1]
    assert summary.rows_rejected == 1


def test_second_pull_reads_what_was_active_within_the_overlap(
    forum, server, landing, pull
):
    pull(overlap_days=2)
    server.requests.clear()
    forum.posts[7][3]["cooked"] = "<p>Words, corrected</p>"
    run = pull(now=NOW + timedelta(days=1), overlap_days=2)
    read = [r.path for r in server.requests if r.path.startswith("/t/")]
    assert {path.split("/")[2].removesuffix(".json") for path in read} == {
        *("5", "6", "7"),
    }
    assert run.summary.files_new == 1


def test_pinned_topic_does_not_end_the_walk(forum, landing, pull):
    pull(overlap_days=4)
    forum.topics[2]["views"] = 10
    pull(now=NOW + timedelta(hours=1), overlap_days=4)
    # Topic 3 stands on the second page, behind the pinned topic of long ago.
    assert len(landing.answers("topic-3-")) == 2


@pytest.mark.parametrize("landings", [0, 1, 3, 5, 8, 12])
def test_pull_killed_at_any_page_is_completed_by_the_next(
    forum, landing, pull, landings
):
    landing.break_after = landings
    with pytest.raises(Killed):
        pull()
    landing.break_after = None
    before = set(landing.files)
    run = pull(now=NOW + timedelta(hours=1))
    assert landed_posts(landing) == all_posts(forum)
    assert run.summary.files_new == len(set(landing.files) - before)
    broken = set(landing.files)
    landing.files.clear()
    landing.cursor = {}
    pull(now=NOW + timedelta(hours=1))
    assert set(landing.files) == broken


def test_pull_of_few_pages_is_continued(forum, landing, pull):
    run = pull(most_pages=4)
    assert run.summary.doubts == ["stopped after 4 pages; the next pull goes on there"]
    for hours in range(1, 12):
        pull(now=NOW + timedelta(hours=hours), most_pages=4)
    assert landed_posts(landing) == all_posts(forum)


def test_what_is_not_open_to_everybody_never_lands(forum, landing, pull):
    forum.topics.append(forum.topic(60, days=0, category=SHUT, title=SECRET))
    forum.posts[60] = [post(60, 1, NOW, SECRET)]
    whisper = post(7, 46, NOW, SECRET, post_type=4, username="chef")
    forum.posts[7].insert(1, whisper)
    run = pull()
    assert not [n for body, n in landing.files.items() if SECRET.encode() in body]
    assert not [n for body, n in landing.files.items() if b'"chef"' in body]
    assert "not open to everybody: 1 topics" in run.summary.doubts[0]


def test_whisper_is_counted_as_not_public(forum, landing, pull, tmp_path):
    forum.posts[6].append(post(6, 3, NOW, SECRET, post_type=4))
    pull()
    (body,) = [b for b, name in landing.files.items() if name.startswith("topic-6-")]
    path = tmp_path / "topic-6-0001.json"
    path.write_bytes(body)
    inspection = inspect_file(path)
    assert [reject.reason_code for reject in inspection.rejects] == ["not_public"]
    assert inspection.rows_good == 3


def test_restricted_category_is_read_where_it_is_allowed(forum, landing, pull):
    forum.topics.append(forum.topic(60, days=0, category=SHUT))
    forum.posts[60] = [post(60, 1, NOW)]
    run = pull(allowed=("staff",))
    assert (60, 1) in landed_posts(landing)
    assert run.summary.doubts == []


def test_unknown_category_blames_the_declaration(pull):
    with pytest.raises(SourceOptionError, match="no category stuff"):
        pull(allowed=("stuff",))


def test_forum_is_read_without_a_key_as_anybody_may(forum, server, landing, pull):
    pull(key="", login="")
    assert landed_posts(landing) == all_posts(forum)
    assert not [r for r in server.requests if "api-key" in r.headers]
    assert {r.headers["user-agent"] for r in server.requests} == {"heartshare"}


@pytest.mark.parametrize("key", ["", "revoked-key"])
def test_refused_key_names_the_connection_and_not_the_key(forum, pull, key):
    forum.is_shut = True
    with pytest.raises(AccessRefusedError, match="our_forum") as refused:
        pull(key=key)
    assert "not permitted" in str(refused.value)
    assert "revoked-key" not in str(refused.value)


def test_key_without_its_user_is_asked_for_one(server, pull):
    with pytest.raises(AccessRefusedError, match="user as login"):
        pull(login="")
    assert server.requests == []


def test_key_revoked_within_a_pull_leaves_its_topics_to_the_next(
    forum, server, landing, pull
):
    refused = Reply(403, {"errors": ["The API username or key is invalid."]})
    server.fail("/t/6.json", refused)
    original = forum.latest

    def revoked(page):
        return refused if server.asked("/t/6.json") else original(page)

    forum.latest = revoked
    with pytest.raises(AccessRefusedError, match="key is invalid"):
        pull()
    forum.latest = original
    pull()
    assert landed_posts(landing) == all_posts(forum)


@pytest.mark.parametrize("status", [403, 404, 410])
def test_topic_that_is_gone_meanwhile_is_passed_over(server, landing, pull, status):
    server.fail("/t/6.json", Reply(status, {"errors": ["It is not there."]}))
    run = pull()
    assert run.summary.doubts == []
    assert landing.answers("topic-6-") == []
    assert len(landing.answers("topic-5-")) == 1


def test_host_that_sends_elsewhere_gets_no_key_there(server, pull):
    moved = Reply(301, headers={"Location": "http://elsewhere.example.org/site.json"})
    server.fail("/site.json", moved)
    with pytest.raises(SourceOptionError, match="status 301"):
        pull()


def test_server_of_another_kind_is_told_from_a_forum(server, pull):
    server.fail("/site.json", Reply(content=["hello"]))
    with pytest.raises(AccessRefusedError, match="not answer as a Discourse"):
        pull()


def test_rate_limit_is_obeyed_and_broken_answers_are_repeated(
    forum, server, landing, pull
):
    slow = {"errors": ["Slow down."], "error_type": "rate_limit"}
    server.fail("/latest.json", Reply(429, slow, {"Retry-After": "37"}))
    cut = Reply(content=b'{"post_stream": {"po')
    server.fail("/t/7.json", Reply(502), Reply(is_cut=True), cut)
    pull()
    assert landing.waits == [37, 1, 2, 4]
    assert landed_posts(landing) == all_posts(forum)


def test_server_that_stays_away_keeps_what_has_landed(forum, server, landing, pull):
    server.fail("/t/5.json", *[Reply(503)] * 6)
    with pytest.raises(SourceAwayError, match=r"/t/5.json failed 6 times"):
        pull()
    assert (7, 45) in landed_posts(landing)
    pull()
    assert landed_posts(landing) == all_posts(forum)
