"""X, Mastodon and Bluesky: ids stay whole, reposts count once, the rest is private."""

# ruff: noqa: DTZ001 - moments in the warehouse are naive UTC

import io
import json
import zipfile
from datetime import date, datetime
from pathlib import Path

import pytest

from heartshare.exports.documents import JsonMember
from heartshare.exports.errors import UnreadableFileError
from heartshare.exports.inspection import inspect_file


def archive(members):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as file:
        for name, content in members.items():
            file.writestr(name, content)
    return buffer.getvalue()


SAMPLE = Path(__file__).parents[4] / "shared/samples/twitter_api_v1/tweets.json"
#: Per post the newest row that reposts nothing; a search holds an original many times.
ORIGINALS = """
    select count(*) as posts, sum(repost_count) as reposts from (
        select * from raw.x__searched_posts where reposted_post_id is null
        qualify row_number() over (partition by post_id order by _row_number desc) = 1
    )
"""


def test_legacy_file_has_no_promoted_figures_unless_promoted(desk, fixtures):
    rows = desk.load(fixtures / "x/legacy_of_forty_columns.csv").rows(
        "select * from raw.x__tweet_activity order by post_id"
    )
    first, second = rows
    assert first["posted_at"] == datetime(2022, 3, 7, 9, 15, 30)
    assert (first["impression_count"], first["like_count"]) == (1204, 22)
    assert first["engagement_rate"] == pytest.approx(0.05066)
    assert first["promoted_impression_count"] is None
    assert second["promoted_impression_count"] == 500
    assert first["post_text"].endswith('says "the Herald"')
    assert json.loads(second["_extra"])["promoted likes"] == "0.0"
    assert desk.manifest()[0]["drift_json"] is None


def test_rounded_id_comes_from_the_permalink_and_the_moment_from_the_id(desk, fixtures):
    path = fixtures / "x/legacy_cut_and_rounded_by_a_spreadsheet.csv"
    rows = desk.load(path).rows("select * from raw.x__tweet_activity order by post_id")
    assert [row["post_id"] for row in rows] == [
        "1442745891025846273",
        "1443647330841526273",
    ]
    assert [row["posted_at"] for row in rows] == [
        datetime(2021, 9, 28, 7),
        datetime(2021, 9, 30, 18, 42),
    ]
    assert rows[1]["posted_at_text"] == "01-29-2022 0:00"
    assert rows[0]["hashtag_click_count"] is None
    (reject,) = desk.rejects()
    assert (reject["row_number"], reject["reason_code"]) == (3, "damaged_identifier")
    (file,) = desk.manifest()
    assert (file["rows_in"], file["rows_landed"]) == (3, 2)
    assert (file["period_start"], file["period_end"]) == (
        date(2021, 9, 28),
        date(2021, 9, 30),
    )


def test_legacy_days_keep_null_apart_from_zero(desk, fixtures):
    rows = desk.load(fixtures / "x/legacy_by_day.csv").rows(
        "select * from raw.x__daily_activity order by activity_date"
    )
    assert [row["engagement_count"] for row in rows] == [63, None]
    assert [row["post_count"] for row in rows] == [2, 0]


def test_current_posts_in_another_order_with_a_mark_and_a_blank_id(desk, fixtures):
    row = desk.load(fixtures / "x/posts_in_other_order_with_blank_id.csv").one(
        "select * from raw.x__posts"
    )
    assert (row["like_count"], row["impression_count"]) == (1234, 122978)
    assert row["posted_on"] == date(2026, 4, 24)
    (reject,) = desk.rejects()
    assert (reject["row_number"], reject["reason_code"]) == (3, "missing_key")


def test_korean_headers_are_read(desk, write):
    header = "Post id,날짜,포스트 텍스트,Post Link,노출수,좋아요,답글,재게시,북마크\n"
    row = '7,"Tue, Jul 14, 2026",글,https://x.com/a/status/7,"1,002",3,2,1,0\n'
    found = desk.load(write("posts.csv", header + row)).one("from raw.x__posts")
    counts = ("impression_count", "like_count", "reply_count", "repost_count")
    assert [found[name] for name in counts] == [1002, 3, 2, 1]


def test_search_counts_reposts_on_distinct_originals(desk, fixtures):
    desk.load(fixtures / "x/search_with_retweets.json")
    naive = desk.one("select sum(repost_count) as n from raw.x__searched_posts")
    assert naive["n"] == 3 * 5 + 2 * 4
    assert desk.one(ORIGINALS) == {"posts": 3, "reposts": 5}
    (reject,) = desk.rejects()
    assert (reject["reason_code"], reject["value_text"]) == ("not_public", "***")
    texts = desk.rows("select post_text from raw.x__searched_posts")
    assert any(row["post_text"].startswith("Seeds & books: 5 < 6") for row in texts)
    assert not any("Nobody but my friends" in row["post_text"] for row in texts)


@pytest.mark.skipif(not SAMPLE.exists(), reason="the folder of samples is absent")
def test_real_search_counts_72_reposts_over_16_originals(desk):
    desk.load(SAMPLE)
    statuses = json.loads(SAMPLE.read_text(encoding="utf-8"))["statuses"]
    assert sum(status["retweet_count"] for status in statuses) == 389
    assert desk.one(ORIGINALS) == {"posts": 16, "reposts": 72}
    (file,) = desk.manifest()
    retweets = sum("retweeted_status" in status for status in statuses)
    assert file["rows_landed"] == file["rows_in"] == len(statuses) + retweets == 110


def test_archive_holds_its_parts_and_nothing_private(desk, fixtures, monkeypatch):
    opened = set()
    read = JsonMember.read
    monkeypatch.setattr(
        JsonMember, "read", lambda self: opened.add(self.name) or read(self)
    )
    desk.load(fixtures / "x/archive_of_two_parts.zip")
    rows = desk.rows("select * from raw.x__archived_posts order by _row_number")
    assert [row["post_text"] for row in rows] == [
        "RT @ada_reads: The reading room is lovely",
        "Seeds & books: 5 < 6 copies left",
        "@ada_reads Yes, ask at the desk",
    ]
    assert [row["like_count"] for row in rows] == [0, 10, 0]
    assert rows[2]["reply_to_handle"] == "ada_reads"
    account = desk.one("select * from raw.x__archived_accounts")
    assert (account["account_id"], account["account_handle"]) == ("5001", "lindholm")
    assert "email" not in account
    assert opened == {"data/account.js", "data/tweets.js", "data/tweets-part1.js"}
    drift = json.loads(desk.manifest()[0]["drift_json"])
    assert drift == {"unread_parts": ["data/direct-messages.js"]}


@pytest.mark.parametrize(
    "names",
    [
        ["data/tweet.js"],
        ["twitter-2026/data/tweets.js", "twitter-2026/data/tweets-part1.js"],
    ],
)
def test_archive_is_known_by_older_names_and_in_a_folder(write, names):
    tweet = {"id_str": "7", "created_at": "Tue Dec 23 12:39:02 +0000 2025"}
    script = "window.YTD.tweets.part0 = "
    members = {name: script + json.dumps([{"tweet": tweet}]) for name in names}
    account = {"accountId": "9", "username": "lindholm"}
    of_account = f"{names[0].rpartition('/')[0]}/account.js"
    members[of_account] = script + json.dumps([{"account": account}])
    found = inspect_file(write("twitter.zip", archive(members)))
    assert (found.contract, found.rows_good) == ("x/archive", len(names) + 1)


def test_archive_that_does_not_say_whose_it_is_is_refused(write):
    tweet = {"id_str": "7", "created_at": "Tue Dec 23 12:39:02 +0000 2025"}
    script = f"window.YTD.tweets.part0 = {json.dumps([{'tweet': tweet}])}"
    path = write("twitter.zip", archive({"data/tweets.js": script}))
    with pytest.raises(UnreadableFileError, match="archived accounts is missing"):
        inspect_file(path)


def test_outbox_keeps_what_is_public_or_unlisted(desk, fixtures):
    desk.load(fixtures / "mastodon/outbox_with_key_twice.json")
    rows = desk.rows("select * from raw.mastodon__archived_posts order by post_uri")
    assert [row["post_text"] for row in rows] == [
        "Seeds & books, see https://lindholm.example.org/seeds",
        "Quietly public",
    ]
    assert rows[1]["reply_to_post_uri"].endswith("ada/statuses/1")
    boost = desk.one("select * from raw.mastodon__archived_boosts")
    assert boost["post_uri"] == "https://other.example.org/users/ada/statuses/1"
    rejects = desk.rejects()
    assert {(each["reason_code"], each["value_text"]) for each in rejects} == {
        ("not_public", "***")
    }
    assert len(rejects) == 2
    assert "orderedItems" in desk.manifest()[0]["drift_json"]


def test_outbox_inside_its_zip_is_the_same_rows(fixtures, write):
    outbox = (fixtures / "mastodon/outbox_with_key_twice.json").read_text()
    members = {
        "outbox.json": outbox,
        "actor.json": "{}",
        "likes.json": "{}",
        "media_attachments/files/1/picture.png": "no picture",
    }
    found = inspect_file(write("archive.zip", archive(members)))
    plain = inspect_file(fixtures / "mastodon/outbox_with_key_twice.json")
    assert found.contract == "mastodon/archive"
    assert (found.rows_good, found.rows_rejected) == (3, 2)
    assert (found.tables, found.drift) == (plain.tables, plain.drift)


def test_boosted_and_quoted_statuses_are_rows_of_their_own(desk, fixtures):
    desk.load(fixtures / "mastodon/account_statuses.json")
    rows = desk.rows("select * from raw.mastodon__statuses order by _row_number")
    assert [row["status_id"][-2:] for row in rows] == ["01", "06", "09", "07", "09"]
    assert rows[1]["quoted_post_uri"] == rows[3]["boosted_post_uri"]
    assert rows[2]["account_name"] == "ada@other.example.org"
    (reject,) = desk.rejects()
    assert (reject["reason_code"], reject["row_number"]) == ("not_public", 6)


def test_notifications_keep_nothing_of_direct_messages(desk, fixtures):
    desk.load(
        fixtures / "mastodon/notifications.json",
        fixtures / "mastodon/notifications_grouped.json",
    )
    rows = desk.rows("select * from raw.mastodon__notifications order by 1, 2")
    assert [row["notification_code"] for row in rows] == ["favourite", "follow"]
    group = desk.one("select * from raw.mastodon__notification_groups")
    assert group["notification_count"] == 9
    assert not [name for name in group if "account" in name]
    assert {each["table_name"] for each in desk.rejects()} == {
        "mastodon__notifications",
        "mastodon__statuses",
    }


@pytest.mark.parametrize(
    ("name", "table", "rows"),
    [
        ("mastodon/context_of_a_status.json", "mastodon__statuses", 2),
        ("mastodon/favourited_by.json", "mastodon__likers", 2),
        ("mastodon/reblogged_by.json", "mastodon__boosters", 1),
        ("mastodon/search_without_statuses.json", "mastodon__statuses", 0),
        ("bluesky/author_feed.json", "bluesky__posts", 7),
        ("bluesky/likes.json", "bluesky__likes", 2),
        ("bluesky/notifications.json", "bluesky__notifications", 2),
        ("bluesky/reposted_by.json", "bluesky__reposts", 1),
        ("bluesky/search_without_hits.json", "bluesky__posts", 0),
    ],
)
def test_answer_lands_whole(desk, fixtures, name, table, rows):
    desk.load(fixtures / name)
    found = desk.one(f"select count(*) as n from raw.{table}")
    assert (found["n"], desk.summary.rows_in, desk.rejects()) == (rows, rows, [])
    assert desk.manifest()[0]["drift_json"] is None


def test_thread_that_is_gone_holds_no_post(desk, write):
    gone = {"$type": "app.bsky.feed.defs#notFoundPost", "uri": "at://x", "notFound": 1}
    desk.load(write("thread.json", json.dumps({"thread": gone})))
    assert (desk.summary.files_new, desk.summary.rows_in) == (1, 0)
    assert desk.manifest()[0]["status_code"] == "loaded"


def test_post_that_somebody_brought_along_to_bluesky_is_no_act_there(
    desk, fixtures, write
):
    answer = json.loads((fixtures / "bluesky/author_feed.json").read_text())
    own, other = answer["feed"][0]["post"], answer["feed"][1]["post"]
    own["record"]["createdAt"] = "2013-04-01T10:00:00.000Z"
    other["record"]["createdAt"] = "2022-11-17T00:00:00.000Z"
    desk.load(write("feed.json", json.dumps(answer)))
    codes = [(row["row_number"], row["reason_code"]) for row in desk.rejects()]
    assert codes == [(1, "imported_row")]
    assert desk.one(
        "select min(posted_at)::date::varchar as day from raw.bluesky__posts"
    ) == {"day": "2022-11-17"}


def test_thread_is_read_to_its_leaves_without_what_is_blocked(desk, fixtures):
    desk.load(fixtures / "bluesky/post_thread.json")
    rows = desk.rows("select * from raw.bluesky__posts order by _row_number")
    assert [row["post_text"] for row in rows] == [
        "Seeds & books",
        "Is one kept for me?",
        "Yes, ask at the desk",
        "Mine came from the future",
    ]
    assert rows[2]["root_post_uri"] == rows[0]["post_uri"]
    assert rows[1]["posted_at"] == datetime(2026, 3, 2, 9, 0, 0, 123456)
    (file,) = desk.manifest()
    assert (file["period_end"], desk.rejects()) == (date(2026, 3, 2), [])
