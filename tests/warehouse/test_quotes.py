"""Does a quote of our post count as advocacy, from the export to the week's figure?

Three people quote our post on Bluesky and one on X: glad, cross, asking, glad. Another
quotes a post that is not ours, and one passes ours on without a word.
"""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import duckdb
import pytest
from warehouse.small_histories import build_exports

if TYPE_CHECKING:
    from pathlib import Path

#: Monday after the week that run_dbt builds.
EXPORTED_AT = datetime(2026, 3, 2, 5, 0, tzinfo=UTC)
OURS = "at://did:plc:lindholm/app.bsky.feed.post/p1"
ELSEWHERE = "at://did:plc:someone/app.bsky.feed.post/p2"
ACCOUNTS = (
    "platform_code,account_id,account_handle,account_name,actor_class_code,"
    "employee_code,source_name,valid_from\n"
    "bluesky,did:plc:lindholm,lindholm.example.org,Lindholm Library,org,,bluesky,"
    "2026-01-01\n"
    "x,5001,lindholm,Lindholm Library,org,,x,2026-01-01\n"
)
X_POSTS = (
    "Post id,Date,Post text,Post Link,Impressions,Likes,Engagements,Bookmarks,Shares,"
    "New follows,Replies,Reposts,Profile visits,Detail Expands,URL Clicks,"
    "Hashtag Clicks,Permalink Clicks\n"
    '2026581234567890123,"Wed, Feb 25, 2026",The reading room is open,'
    "https://x.com/lindholm/status/2026581234567890123,900,9,12,0,1,0,1,1,0,0,0,0,0\n"
)

pytestmark = pytest.mark.slow


def bluesky_post(name: str, person: str, text: str, quoted: str = "") -> dict[str, Any]:
    record: dict[str, Any] = {"createdAt": "2026-02-26T10:00:00.000Z", "text": text}
    if quoted:
        record["embed"] = {"$type": "app.bsky.embed.record", "record": {"uri": quoted}}
    return {
        "uri": f"at://did:plc:{person}/app.bsky.feed.post/{name}",
        "cid": name,
        "author": {
            "did": f"did:plc:{person}",
            "handle": f"{person}.example.org",
            "displayName": person,
        },
        "record": record,
        "replyCount": 0,
        "repostCount": 0,
        "likeCount": 0,
        "quoteCount": 0,
        "bookmarkCount": 0,
        "indexedAt": "2026-02-26T10:00:00.000Z",
    }


def x_status(number: int, person: int, text: str, **shared: object) -> dict[str, Any]:
    return {
        "created_at": "Thu Feb 26 09:00:00 +0000 2026",
        "id": number,
        "id_str": str(number),
        "text": text,
        "truncated": False,
        "in_reply_to_status_id_str": None,
        "in_reply_to_user_id_str": None,
        "user": {
            "id_str": str(person),
            "screen_name": f"person_{person}",
            "name": f"Person {person}",
            "protected": False,
            "followers_count": 1,
        },
        "retweet_count": 0,
        "favorite_count": 0,
        "lang": "en",
        **shared,
    }


def exports() -> dict[str, str]:
    """Return the files by source and name."""
    posts = [
        bluesky_post("p1", "lindholm", "The reading room is open"),
        bluesky_post("glad", "ada", "A wonderful room", OURS),
        bluesky_post("cross", "ben", "Terrible, noisy and horrible", OURS),
        bluesky_post("asking", "cleo", "Is it open on Sunday?", OURS),
        bluesky_post("other", "dora", "As in the hall on Mill Street", ELSEWHERE),
    ]
    ours = "2026581234567890123"
    statuses = [
        x_status(2026900000000000001, 61, "Lovely place", quoted_status_id_str=ours),
        x_status(
            2026900000000000002,
            62,
            "RT @lindholm: The reading room is open",
            retweeted_status=x_status(int(ours), 5001, "The reading room is open"),
        ),
    ]
    return {
        "programme/owned_accounts.csv": ACCOUNTS,
        "bluesky/search.json": json.dumps({"posts": posts}),
        "x/content.csv": X_POSTS,
        "x/search.json": json.dumps({"statuses": statuses}),
    }


@pytest.fixture(scope="module")
def warehouse(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("quotes")
    return build_exports(home, exports(), EXPORTED_AT, "+int_listening_weeks__counted")


def test_quotes_of_our_posts_are_known_and_others_are_not(warehouse: Path) -> None:
    with duckdb.connect(str(warehouse), read_only=True) as connection:
        quoting = connection.execute(
            "select acts.platform_code, count(*) from marts.fct_interactions as acts "
            "inner join intermediate.int_interactions__quoting using (interaction_key) "
            "group by 1 order by 1"
        ).fetchall()
    assert quoting == [("bluesky", 3), ("x", 1)]


def test_a_quote_in_own_words_is_advocacy_unless_it_is_cross_or_asks(
    warehouse: Path,
) -> None:
    with duckdb.connect(str(warehouse), read_only=True) as connection:
        kinds = connection.execute(
            "select platform_code, advocacy_kind_code, count(*) "
            "from marts.fct_funnel_acts where advocacy_kind_code is not null "
            "group by all order by all"
        ).fetchall()
        weeks = connection.execute(
            "select segment_code, advocacy_count "
            "from intermediate.int_listening_weeks__counted "
            "where week_start = date '2026-02-23' order by segment_code"
        ).fetchall()
    assert kinds == [("bluesky", "share_own_words", 1), ("x", "share_own_words", 1)]
    assert weeks == [("all", 2), ("bluesky", 1), ("x", 1)]
