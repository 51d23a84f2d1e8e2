"""Reddit submissions and comments as newline-delimited JSON, crawled weekly."""

from __future__ import annotations

import json
import math
from datetime import timedelta
from typing import TYPE_CHECKING

from heartshare.demo import community, story
from heartshare.demo.people import base36
from heartshare.demo.writers.export_file import ExportFile

if TYPE_CHECKING:
    from datetime import datetime

    from heartshare.demo.turns import Thread, Turn
    from heartshare.weeks import ReportingWeek

SOURCE = "reddit_community"
SUBREDDIT = "RivermarkCity"
_WINDOW = timedelta(days=28)
_FIRST_SUBMISSION = 60_466_176 * 29
_FIRST_COMMENT = 2_176_782_336 * 31
_EIGHT_HOURS = 28_800


def submissions_file(week: ReportingWeek) -> ExportFile:
    """Return the submissions of the last 28 days."""
    seen_at = story.export_moment(week, 41)
    rows = [_submission(thread, week, seen_at) for thread in _threads(week)]
    name = f"{SUBREDDIT}_submissions_{week.sunday:%Y%m%d}.ndjson"
    return ExportFile(SOURCE, name, _ndjson(rows), seen_at)


def comments_file(week: ReportingWeek) -> ExportFile:
    """Return the comments of the last 28 days, also under older submissions."""
    seen_at = story.export_moment(week, 42)
    end = week.ends_at(story.ZONE)
    rows = [
        _comment(turn, seen_at)
        for thread in community.play().threads
        if thread.platform == "reddit"
        for turn in thread.turns[1:]
        if end - _WINDOW <= turn.at < end
    ]
    story.dice(f"row order reddit {week.key}").shuffle(rows)
    name = f"{SUBREDDIT}_comments_{week.sunday:%Y%m%d}.ndjson"
    return ExportFile(SOURCE, name, _ndjson(rows), seen_at)


def _threads(week: ReportingWeek) -> list[Thread]:
    end = week.ends_at(story.ZONE)
    return [
        thread
        for thread in community.play().threads
        if thread.platform == "reddit" and end - _WINDOW <= thread.turns[0].at < end
    ]


def _submission(
    thread: Thread, week: ReportingWeek, seen_at: datetime
) -> dict[str, object]:
    root = thread.turns[0]
    number = base36(_FIRST_SUBMISSION + thread.number * 977)
    seen = sum(turn.at < week.ends_at(story.ZONE) for turn in thread.turns)
    link = f"/r/{SUBREDDIT}/comments/{number}/"
    return {
        "id": number,
        "name": f"t3_{number}",
        "subreddit": SUBREDDIT,
        "subreddit_id": "t5_8rvmk1",
        "title": thread.title,
        "selftext": root.text,
        "is_self": True,
        "permalink": link,
        "url": f"https://www.reddit.com{link}",
        "num_comments": seen - 1,
        "upvote_ratio": 0.9,
        **_common(root, seen_at),
    }


def _comment(turn: Turn, seen_at: datetime) -> dict[str, object]:
    number = _comment_id(turn)
    submission = base36(_FIRST_SUBMISSION + turn.thread.number * 977)
    parent = turn.parent
    return {
        "id": number,
        "name": f"t1_{number}",
        "parent_id": _parent_name(parent, submission),
        "link_id": f"t3_{submission}",
        "subreddit": SUBREDDIT,
        "subreddit_id": "t5_8rvmk1",
        "body": turn.text,
        "is_submitter": turn.person.account_id == turn.root.person.account_id,
        "permalink": f"/r/{SUBREDDIT}/comments/{submission}/_/{number}/",
        "controversiality": 0,
        **_common(turn, seen_at),
    }


def _common(turn: Turn, seen_at: datetime) -> dict[str, object]:
    age = (seen_at - turn.at).total_seconds() / 86_400
    score = 1 + round(turn.likes * (1 - math.exp(-age / 2)))
    created = float(int(turn.at.timestamp()))
    is_edited = turn.edited_at is not None and turn.edited_at < seen_at
    fields: dict[str, object] = {
        "score": score,
        "ups": score,
        "downs": 0,
        "gilded": 0,
        "created": created + _EIGHT_HOURS,
        "created_utc": created,
        "edited": float(int(turn.edited_at.timestamp()))
        if is_edited and turn.edited_at
        else False,
        "distinguished": "moderator" if turn.person.actor_class == "org" else None,
        "stickied": False,
    }
    if turn.deleted_at is not None and turn.deleted_at < seen_at:
        return fields | {"author": "[deleted]"}
    return fields | {
        "author": turn.person.handle,
        "author_fullname": turn.person.account_id,
    }


def _parent_name(parent: Turn | None, submission: str) -> str:
    if parent is None or parent.number == 1:
        return f"t3_{submission}"
    return f"t1_{_comment_id(parent)}"


def _comment_id(turn: Turn) -> str:
    return base36(_FIRST_COMMENT + turn.sequence * 4_001)


def _ndjson(rows: list[dict[str, object]]) -> bytes:
    return "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows).encode()
