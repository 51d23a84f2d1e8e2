"""The YouTube puller against a server that answers as the Data API, and misbehaves."""

from datetime import UTC, datetime, timedelta

import pytest
from unit.pulls.api_server import Killed, Landing, Reply, declared, serving
from unit.pulls.loading import load

from heartshare.exports.inspection import inspect_file
from heartshare.pulls.source import (
    AccessRefusedError,
    Account,
    SourceAwayError,
    SourceOptionError,
)
from heartshare.pulls.youtube import YoutubeSource

NOW = datetime(2026, 3, 16, 5, 0, tzinfo=UTC)
CHANNEL = "UClindholmlibrary0000000"
KEY = "key-of-lindholm"
PER_PAGE = 3


def stamp(moment):
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")


def problem(status, reason, message="Not now."):
    errors = [{"message": message, "domain": "youtube.x", "reason": reason}]
    error = {"code": status, "message": message, "errors": errors}
    return Reply(status, {"error": error})


def comment(number, video, parent=None):
    about = {
        "channelId": CHANNEL,
        "videoId": video,
        "textDisplay": f"Words of {number}",
        "textOriginal": f"Words of {number}",
        "authorDisplayName": "@sedge",
        "authorChannelId": {"value": "UCsedge00000000000000000"},
        "likeCount": 1,
        "publishedAt": stamp(NOW - timedelta(hours=9)),
        "updatedAt": stamp(NOW - timedelta(hours=9)),
    }
    if parent:
        about["parentId"] = parent
    return {"kind": "youtube#comment", "etag": "e", "id": number, "snippet": about}


class Youtube:
    """Seven videos, one a month; the first has four threads, one with eight answers."""

    def __init__(self):
        self.videos = [f"video-{number:05d}" for number in range(7)]
        self.published = {
            video: NOW - timedelta(days=20 + 30 * number)
            for number, video in enumerate(self.videos)
        }
        self.threads = {self.videos[0]: {f"Ug{n}": 0 for n in range(4)}}
        self.threads[self.videos[0]]["Ug1"] = 8
        self.threads[self.videos[6]] = {"Ug9": 2}
        self.privacy = "public"
        self.tokens = set()
        self.renewed = 0
        self.refresh_token = "again"

    def __call__(self, request):
        if request.path == "/token":
            return self.token(request)
        token = request.headers.get("authorization", "").removeprefix("Bearer ")
        if token not in self.tokens and token:
            return problem(401, "authError", "Invalid Credentials")
        if not token and request.headers.get("x-goog-api-key") != KEY:
            return problem(400, "badRequest", "API key not valid.")
        name = request.path.removeprefix("/youtube/v3/")
        return getattr(self, f"list_{name}")(request.query)

    def token(self, request):
        if f"refresh_token={self.refresh_token}".encode() not in request.content:
            return Reply(400, {"error": "invalid_grant"})
        self.renewed += 1
        self.tokens = {f"token-{self.renewed}"}
        return Reply(content={"access_token": f"token-{self.renewed}"})

    def list_channels(self, query):
        found = {
            "kind": "youtube#channel",
            "etag": "e",
            "id": CHANNEL,
            "snippet": {"title": "Lindholm Library", "customUrl": "@lindholm"},
            "contentDetails": {"relatedPlaylists": {"uploads": "UUlindholm"}},
            "statistics": {
                "viewCount": "120431",
                "subscriberCount": "1230",
                "hiddenSubscriberCount": False,
                "videoCount": "7",
            },
        }
        items = [found] if CHANNEL in query["id"].split(",") else []
        return self.paged(query, "channelList", items)

    def list_playlistItems(self, query):  # noqa: N802 - as the API names it
        assert query["playlistId"] == "UUlindholm"
        items = [{"contentDetails": {"videoId": video}} for video in self.videos]
        return self.paged(query, "playlistItemList", items)

    def list_videos(self, query):
        items = [
            {
                "id": video,
                "snippet": {"publishedAt": stamp(self.published[video])},
                "status": {"privacyStatus": self.privacy},
                "statistics": {"commentCount": str(self.count(video))},
            }
            for video in query["id"].split(",")
        ]
        return self.paged({}, "videoList", items)

    def count(self, video):
        return sum(1 + answers for answers in self.threads.get(video, {}).values())

    def list_commentThreads(self, query):  # noqa: N802 - as the API names it
        video = query["videoId"]
        items = []
        for number, answers in self.threads[video].items():
            shown = [comment(f"{number}.{n}", video, number) for n in range(answers)]
            about = {
                "channelId": CHANNEL,
                "videoId": video,
                "topLevelComment": comment(number, video),
                "canReply": True,
                "totalReplyCount": answers,
                "isPublic": True,
            }
            thread = {"kind": "youtube#commentThread", "etag": "e", "id": number}
            replies = {"replies": {"comments": shown[:5]}} if shown else {}
            items.append({**thread, "snippet": about, **replies})
        return self.paged(query, "commentThreadList", items)

    def list_comments(self, query):
        parent = query["parentId"]
        items = [comment(f"{parent}.{number}", "", parent) for number in range(8)]
        for item in items:
            del item["snippet"]["videoId"]
        return self.paged(query, "commentList", items)

    def paged(self, query, kind, items):
        start = int(query.get("pageToken") or 0)
        size = 50 if kind == "videoList" else PER_PAGE
        page = {"kind": f"youtube#{kind}Response", "etag": "e"}
        page["items"] = items[start : start + size]
        page["pageInfo"] = {"totalResults": len(items), "resultsPerPage": size}
        if items[start + size :]:
            page["nextPageToken"] = str(start + size)
        return Reply(content=page)


@pytest.fixture
def youtube():
    return Youtube()


@pytest.fixture
def server(youtube):
    with serving(youtube) as api:
        yield api


@pytest.fixture
def landing():
    return Landing()


@pytest.fixture
def pull(server, landing):
    def puller(*, now=NOW, key=KEY, extra=None, channels=(CHANNEL,), **options):
        extra = dict(extra or {}, token_uri=f"{server.url}/token")
        account = Account("our_youtube", server.url, "client", key, extra=extra)
        run = landing.run(now)
        YoutubeSource(account, declared(channels=channels, **options)).pull(run)
        return run

    return puller


def landed_comments(landing):
    found = set()
    for page in landing.answers("threads-"):
        for thread in page["items"]:
            found.add(thread["id"])
            replies = thread.get("replies", {}).get("comments", [])
            found.update(one["id"] for one in replies)
    for page in landing.answers("replies-"):
        found.update(one["id"] for one in page["items"])
    return found


def all_comments(youtube):
    return {
        name
        for threads in youtube.threads.values()
        for number, answers in threads.items()
        for name in [number, *(f"{number}.{n}" for n in range(answers))]
    }


def test_channels_threads_and_all_answers_land(youtube, server, landing, pull):
    pull()
    assert landed_comments(landing) == all_comments(youtube)
    assert len(landing.answers("channels-")) == 1
    # Only the thread with more than five answers is asked for them, in three pages.
    assert [r.query["parentId"] for r in server.asked("/comments")] == ["Ug1"] * 3
    assert {name.split("-")[0] for name in landing.files.values()} == {
        *("channels", "threads", "replies"),
    }


def test_landed_pages_are_recognised_without_the_loss_of_a_row(
    youtube, landing, pull, tmp_path
):
    pull()
    good = 0
    for body, name in landing.files.items():
        path = tmp_path / name
        path.write_bytes(body)
        inspection = inspect_file(path)
        assert inspection.contract == "youtube/data_api", name
        assert inspection.rows_rejected == 0, name
        assert inspection.rows_good > 0, name
        good += inspection.rows_good
    # Five of the eight answers came with their thread, too.
    assert good == 1 + len(all_comments(youtube)) + 5


def test_landed_pages_load_with_every_row_accounted_for(landing, pull, tmp_path):
    pull()
    tables = ("youtube__channels", "youtube__comment_threads", "youtube__comments")
    summary, contracts, counts = load(landing, tmp_path, *tables)
    assert contracts == ["youtube/data_api"]
    assert counts == [1, 5, 5 + 8 + 2]
    assert summary.rows_rejected == 0


def test_second_pull_asks_where_counters_moved(youtube, server, landing, pull):
    pull()
    server.requests.clear()
    youtube.threads[youtube.videos[6]]["Ug8"] = 0
    pull(now=NOW + timedelta(days=7))
    # The video is half a year old.
    read = {r.query["videoId"] for r in server.asked("/commentThreads")}
    assert read == {youtube.videos[6]}
    assert landed_comments(landing) == all_comments(youtube)
    assert len(server.asked("/channels")) == 1


def test_young_video_is_read_again_for_what_moves_no_counter(youtube, server, pull):
    pull(overlap_days=30)
    server.requests.clear()
    run = pull(overlap_days=30, now=NOW + timedelta(days=1))
    read = {r.query["videoId"] for r in server.asked("/commentThreads")}
    assert read == {youtube.videos[0]}
    assert run.summary.files_new == 0


@pytest.mark.parametrize("landings", [0, 1, 2, 3, 4, 5, 6])
def test_pull_killed_at_any_page_is_completed_by_the_next(
    youtube, landing, pull, landings
):
    landing.break_after = landings
    with pytest.raises(Killed):
        pull()
    landing.break_after = None
    before = set(landing.files)
    run = pull(now=NOW + timedelta(hours=1))
    assert landed_comments(landing) == all_comments(youtube)
    assert run.summary.files_new == len(set(landing.files) - before)
    broken = set(landing.files)
    landing.files.clear()
    landing.cursor = {}
    pull(now=NOW + timedelta(hours=1))
    assert set(landing.files) == broken


def test_pull_of_few_pages_is_continued(youtube, landing, pull):
    run = pull(most_pages=2)
    assert run.summary.doubts == ["stopped after 2 pages; the next pull goes on there"]
    for hours in range(1, 12):
        pull(now=NOW + timedelta(hours=hours), most_pages=2)
    assert landed_comments(landing) == all_comments(youtube)


def test_comments_of_private_videos_are_not_asked_for(youtube, server, pull):
    youtube.privacy = "private"
    pull()
    assert server.asked("/commentThreads") == []


@pytest.mark.parametrize(
    ("status", "reason"),
    [(403, "commentsDisabled"), (404, "videoNotFound"), (403, "forbidden")],
)
def test_video_that_is_shut_is_passed_over(server, landing, pull, status, reason):
    server.fail("/commentThreads", problem(status, reason))
    run = pull()
    assert run.summary.doubts == []
    assert landed_comments(landing) == {"Ug9", "Ug9.0", "Ug9.1"}


def test_video_that_the_api_cannot_process_is_told(server, landing, pull):
    server.fail("/commentThreads", *[problem(400, "processingFailure")] * 4)
    run = pull()
    assert run.summary.doubts == ["YouTube fails to list the threads of video-00000"]
    assert not run.summary.is_complete
    assert landing.waits == [15, 30, 60]
    assert "Ug9" in landed_comments(landing)


def test_used_up_quota_says_when_the_next_begins(youtube, server, landing, pull):
    server.fail("/comments", problem(403, "quotaExceeded", "You exceeded your quota."))
    with pytest.raises(SourceAwayError, match=r"until 2026-03-16 07:00 UTC"):
        pull()
    assert landing.waits == []
    assert "Ug0" in landed_comments(landing)
    pull(now=NOW + timedelta(hours=3))
    assert landed_comments(landing) == all_comments(youtube)


def test_too_many_calls_wait_and_go_on(youtube, server, landing, pull):
    server.fail("/commentThreads", problem(403, "rateLimitExceeded"))
    server.fail("/comments", Reply(429, {}, {"Retry-After": "41"}))
    pull()
    assert landing.waits == [15, 41]
    assert landed_comments(landing) == all_comments(youtube)


@pytest.mark.parametrize("path", ["/comments", "/playlistItems"])
def test_page_token_that_is_too_old_begins_the_list_anew(
    youtube, server, landing, pull, path
):
    query = {"parentId": "Ug1", "playlistId": "UUlindholm"}
    first = getattr(youtube, f"list_{path[1:]}")(query)
    server.fail(path, first, problem(400, "invalidPageToken"))
    run = pull()
    assert run.summary.doubts == []
    assert landed_comments(landing) == all_comments(youtube)


def test_key_travels_in_no_url_and_in_no_message(youtube, server, pull):
    pull()
    assert {r.headers["x-goog-api-key"] for r in server.requests} == {KEY}
    assert not [r for r in server.requests if KEY in r.query.values()]
    with pytest.raises(AccessRefusedError, match="our_youtube") as refused:
        pull(key="revoked-key")
    assert "API key not valid" in str(refused.value)
    assert "revoked-key" not in str(refused.value)


def test_connection_without_key_asks_for_one(server, pull):
    with pytest.raises(AccessRefusedError, match="API key"):
        pull(key="")
    assert server.requests == []


def test_token_that_ends_within_a_pull_is_renewed(youtube, server, landing, pull):
    server.fail("/comments", problem(401, "authError"))
    pull(extra={"refresh_token": "again"}, key="secret")
    assert youtube.renewed == 2
    assert landed_comments(landing) == all_comments(youtube)
    assert not [r for r in server.requests if "x-goog-api-key" in r.headers]


def test_token_that_is_not_renewed_names_the_connection(youtube, pull):
    youtube.refresh_token = "another"
    with pytest.raises(AccessRefusedError, match="our_youtube") as refused:
        pull(extra={"refresh_token": "again"})
    assert "invalid_grant" in str(refused.value)


def test_access_token_that_ended_names_the_connection(pull):
    with pytest.raises(AccessRefusedError, match=r"our_youtube"):
        pull(extra={"access_token": "ended"})


def test_unknown_channel_blames_the_declaration(pull):
    with pytest.raises(SourceOptionError, match="no channel UCnobody"):
        pull(channels=(CHANNEL, "UCnobody"))


def test_broken_answers_are_repeated(youtube, server, landing, pull):
    cut = Reply(content=b'{"kind": "youtube#comm')
    server.fail("/commentThreads", Reply(503), Reply(is_cut=True), cut)
    pull()
    assert landing.waits == [1, 2, 4]
    assert landed_comments(landing) == all_comments(youtube)


def test_server_that_stays_away_keeps_what_has_landed(youtube, server, landing, pull):
    server.fail("/comments", *[Reply(500)] * 6)
    with pytest.raises(SourceAwayError, match="comments failed 6 times"):
        pull()
    assert "Ug1.4" in landed_comments(landing)
    pull()
    assert landed_comments(landing) == all_comments(youtube)
