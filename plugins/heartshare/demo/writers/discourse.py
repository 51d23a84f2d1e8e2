"""Discourse topics as the API gives them: twenty posts a page, HTML, likes."""

from __future__ import annotations

import html
import json
import math
from functools import lru_cache
from typing import TYPE_CHECKING

from heartshare.demo import community, story
from heartshare.demo.writers.export_file import ExportFile

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from heartshare.demo.turns import Thread, Turn
    from heartshare.weeks import ReportingWeek

SOURCE = "discourse_community"
_PAGE = 20
_FIRST_TOPIC = 4100
_FIRST_POST = 50_000
_CATEGORIES = {
    "permits": 5,
    "streets": 6,
    "parks": 7,
    "recycling": 8,
    "digital": 9,
    "none": 4,
}


def topic_files(week: ReportingWeek) -> Iterator[ExportFile]:
    """Yield every topic that changed during a week, one file per page of posts."""
    seen_at = story.export_moment(week, 30)
    for thread in _changed_threads().get(week, ()):
        posts = [turn for turn in thread.turns if turn.at < week.ends_at(story.ZONE)]
        name = f"topic_{_FIRST_TOPIC + thread.number}_{seen_at:%Y%m%d}"
        document = _topic(thread, posts, seen_at)
        yield ExportFile(SOURCE, f"{name}.json", _json(document), seen_at)
        for page, start in enumerate(range(_PAGE, len(posts), _PAGE), start=2):
            stream = [_post(turn, seen_at) for turn in posts[start : start + _PAGE]]
            rest = {"post_stream": {"posts": stream}, "id": document["id"]}
            file_name = f"{name}_page_{page}.json"
            yield ExportFile(SOURCE, file_name, _json(rest), seen_at)


@lru_cache(maxsize=1)
def _changed_threads() -> dict[ReportingWeek, list[Thread]]:
    found: dict[ReportingWeek, list[Thread]] = {}
    for thread in community.play().threads:
        if thread.platform == "discourse":
            for week in _weeks_of_change(thread):
                found.setdefault(week, []).append(thread)
    return found


def _weeks_of_change(thread: Thread) -> list[ReportingWeek]:
    moments = [turn.at for turn in thread.turns]
    for turn in thread.turns:
        moments += [at for at in (turn.edited_at, turn.deleted_at) if at]
    days = {at.astimezone(story.ZONE).date() for at in moments}
    return sorted({type(story.FIRST_WEEK).containing(day) for day in days})


def _topic(thread: Thread, posts: list[Turn], seen_at: datetime) -> dict[str, object]:
    number = _FIRST_TOPIC + thread.number
    slug = "-".join("".join(c if c.isalnum() else " " for c in thread.title).split())
    first, last = posts[0], posts[-1]
    return {
        "post_stream": {
            "posts": [_post(turn, seen_at) for turn in posts[:_PAGE]],
            "stream": [_FIRST_POST + turn.sequence for turn in posts],
        },
        "id": number,
        "title": thread.title,
        "fancy_title": html.escape(thread.title, quote=False),
        "posts_count": len(posts),
        "created_at": _iso(first.at),
        "views": _views(thread, posts, seen_at),
        "reply_count": sum(turn.parent is not None for turn in posts),
        "like_count": sum(_likes(turn, seen_at) for turn in posts),
        "last_posted_at": _iso(last.at),
        "visible": True,
        "closed": False,
        "archived": False,
        "has_summary": len(posts) > _PAGE,
        "archetype": "regular",
        "slug": slug.lower(),
        "category_id": _CATEGORIES[thread.theme],
        "word_count": sum(len(turn.text.split()) for turn in posts),
        "deleted_at": None,
        "user_id": int(first.person.account_id),
        "pinned": False,
        "chunk_size": _PAGE,
        "participant_count": len({turn.person.account_id for turn in posts}),
        "highest_post_number": len(posts),
    }


def _post(turn: Turn, seen_at: datetime) -> dict[str, object]:
    person = turn.person
    is_gone = turn.deleted_at is not None and turn.deleted_at < seen_at
    is_edited = turn.edited_at is not None and turn.edited_at < seen_at
    is_staff = person.actor_class == "org"
    replies = [one for one in turn.thread.turns if one.parent is turn]
    parent = turn.parent.number if turn.parent and turn.parent.number > 1 else None
    likes = _likes(turn, seen_at)
    return {
        "id": _FIRST_POST + turn.sequence,
        "name": person.display_name,
        "username": person.handle,
        "avatar_template": f"/letter_avatar_proxy/v4/letter/{person.handle[0]}"
        "/a1c2e3/{size}.png",
        "created_at": _iso(turn.at),
        "cooked": "<p>(post deleted by author)</p>" if is_gone else _cooked(turn),
        "post_number": turn.number,
        "post_type": 1,
        "updated_at": _iso(_updated_at(turn, seen_at)),
        "reply_count": sum(one.at < seen_at for one in replies),
        "reply_to_post_number": parent,
        "quote_count": 0,
        "incoming_link_count": 0,
        "reads": 8 + turn.sequence % 37,
        "score": round(likes * 15 + 8.4, 1),
        "yours": False,
        "topic_id": _FIRST_TOPIC + turn.thread.number,
        "topic_slug": None,
        "display_username": person.display_name,
        "version": 2 if is_edited or is_gone else 1,
        "user_title": "Rivermark team" if is_staff else None,
        "actions_summary": [{"id": 2, "count": likes}] if likes else [],
        "moderator": is_staff,
        "admin": False,
        "staff": is_staff,
        "user_id": int(person.account_id),
        "hidden": False,
        "trust_level": 4 if is_staff else 1 + person.number % 2,
        "deleted_at": _iso(turn.deleted_at) if is_gone and turn.deleted_at else None,
        "user_deleted": is_gone,
        "wiki": False,
    }


def _updated_at(turn: Turn, seen_at: datetime) -> datetime:
    moments = [turn.at, turn.edited_at, turn.deleted_at]
    return max(at for at in moments if at is not None and at < seen_at)


def _cooked(turn: Turn) -> str:
    text = html.escape(turn.text, quote=False)
    words = text.split(" ", 1)
    if words[0].startswith("@") and len(words) > 1:
        handle = words[0][1:]
        text = f'<a class="mention" href="/u/{handle}">@{handle}</a> {words[1]}'
    return f"<p>{text}</p>"


def _likes(turn: Turn, seen_at: datetime) -> int:
    age = (seen_at - turn.at).total_seconds() / 86_400
    return round(turn.likes * (1 - math.exp(-age / 3)))


def _views(thread: Thread, posts: list[Turn], seen_at: datetime) -> int:
    age = (seen_at - posts[0].at).total_seconds() / 86_400
    return int(len(posts) * (9 + thread.number % 7) * (1 - math.exp(-age / 4))) + 3


def _iso(at: datetime) -> str:
    return f"{at:%Y-%m-%dT%H:%M:%S}.{at.microsecond // 1000:03d}Z"


def _json(document: object) -> bytes:
    return json.dumps(document, ensure_ascii=False, separators=(",", ":")).encode()
