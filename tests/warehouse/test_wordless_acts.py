"""Is whoever likes, reposts or follows observed, from the export to the week's figure?

Ada and Ben like a post of ours on Bluesky, Ben twice over, by the list and by the
notification; Cleo reposts it, which only a list without moments tells; Dora follows us.
On Mastodon Emil boosts a post. We like our own post, and Fay, who works here, follows.
"""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any

import duckdb
import pytest
from warehouse.small_histories import build_exports

if TYPE_CHECKING:
    from pathlib import Path

#: Sunday of the week that run_dbt builds.
EXPORTED_AT = datetime(2026, 3, 1, 5, 0, tzinfo=UTC)
OURS = "at://did:plc:lindholm/app.bsky.feed.post/p1"
TOOT = "https://social.example/users/lindholm/statuses/1"
ACCOUNTS = (
    "platform_code,account_id,account_handle,account_name,actor_class_code,"
    "employee_code,source_name,valid_from\n"
    "bluesky,did:plc:lindholm,lindholm.example.org,Lindholm Library,org,,bluesky,"
    "2026-01-01\n"
    "bluesky,did:plc:fay,fay.example.org,Fay,employee,E7,bluesky,2026-01-01\n"
)

pytestmark = pytest.mark.slow


def actor(name: str) -> dict[str, str]:
    return {"did": f"did:plc:{name}", "handle": f"{name}.example.org"}


def like(name: str, day: int) -> dict[str, Any]:
    moment = f"2026-02-{day}T10:00:00.000Z"
    return {"actor": actor(name), "createdAt": moment, "indexedAt": moment}


def notification(name: str, reason: str, day: int, about: str | None) -> dict[str, Any]:
    return {
        "uri": f"at://did:plc:{name}/{reason}/1",
        "author": actor(name),
        "reason": reason,
        "reasonSubject": about,
        "indexedAt": f"2026-02-{day}T10:00:01.000Z",
    }


def exports() -> dict[str, str]:
    """Return the files by source and name."""
    likes = [like("ada", 24), like("ben", 25), like("lindholm", 24)]
    notifications = [
        notification("ben", "like", 25, OURS),
        notification("dora", "follow", 26, None),
        notification("fay", "follow", 26, None),
    ]
    boost = {
        "id": "9",
        "type": "reblog",
        "created_at": "2026-02-27T10:00:00.000Z",
        "account": {
            "id": "5",
            "acct": "emil@other.example",
            "uri": "https://other.example/users/emil",
        },
        "status": {"uri": TOOT, "visibility": "public"},
    }
    bluesky = {
        "likes": {"uri": OURS, "likes": likes},
        "reposts": {"uri": OURS, "repostedBy": [actor("cleo")]},
        "notifications": {"notifications": notifications},
    }
    return {
        "programme/owned_accounts.csv": ACCOUNTS,
        "mastodon/notifications.json": json.dumps([boost]),
        **{
            f"bluesky/{name}.json": json.dumps(content)
            for name, content in bluesky.items()
        },
    }


@pytest.fixture(scope="module")
def warehouse(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("wordless")
    return build_exports(home, exports(), EXPORTED_AT, "+agg_weekly_funnel_platforms")


def test_each_of_them_is_observed_since_the_act_became_known(warehouse: Path) -> None:
    with duckdb.connect(str(warehouse), read_only=True) as connection:
        moves = connection.execute(
            "select acts.platform_code, acts.act_kind_code, moves.moved_on, "
            "moves.to_stage_number, moves.rule_id, moves.rule_version "
            "from marts.fct_funnel_transitions as moves "
            "inner join marts.fct_wordless_acts as acts "
            "on moves.evidence_interaction_keys = acts.act_key order by all"
        ).fetchall()
    observed = (0, "observed", 2)
    assert moves == [
        ("bluesky", "follow", date(2026, 2, 26), *observed),
        ("bluesky", "reaction", date(2026, 2, 24), *observed),
        ("bluesky", "reaction", date(2026, 2, 25), *observed),
        ("bluesky", "repost", date(2026, 3, 1), *observed),
        ("mastodon", "repost", date(2026, 2, 27), *observed),
    ]


def test_they_are_people_at_home_on_their_platform(warehouse: Path) -> None:
    with duckdb.connect(str(warehouse), read_only=True) as connection:
        people = connection.execute(
            "select actor_class_code, count(*), sum(interaction_count) "
            "from marts.dim_people group by 1 order by 1"
        ).fetchall()
        members = connection.execute(
            "select platform_code, stage_code, member_count "
            "from marts.agg_weekly_funnel_platforms order by all"
        ).fetchall()
    assert people == [("employee", 1, 0), ("org", 1, 0), ("stakeholder", 5, 0)]
    assert members == [("bluesky", "observed", 4), ("mastodon", "observed", 1)]
