"""What the agency posts on its own channels, and how the counters grow."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import timedelta
from functools import lru_cache
from typing import TYPE_CHECKING

from heartshare.demo import ids, people, story, texts

if TYPE_CHECKING:
    import random
    from datetime import datetime

    from heartshare.weeks import ReportingWeek

EXPORT_WINDOW = timedelta(days=28)
_SETTLING_DAYS = 2.4
_FALLS_ABOVE, _FALLS_AFTER_DAYS = 12, 9


@dataclass(frozen=True)
class Post:
    """One post of an owned account; ``final`` holds its counters in the long run."""

    platform: str
    number: int
    post_id: str
    link_code: str
    at: datetime
    style: str
    theme: str
    text: str
    kind_name: str
    duration: int
    is_boosted: bool
    final: dict[str, float]


@dataclass(frozen=True)
class _Channel:
    """How often an account posts and which parts of its exposure become acts."""

    platform: str
    per_week: int
    exposure: float
    kinds: tuple[str, ...]
    rates: dict[str, float]


_CHANNELS = (
    _Channel(
        "facebook",
        7,
        1900,
        ("Photos", "Photos", "Links", "Videos", "Text"),
        {
            "reach": 0.78,
            "reactions": 0.021,
            "comments": 0.004,
            "shares": 0.0045,
            "link_clicks": 0.008,
            "other_clicks": 0.012,
            "photo_clicks": 0.006,
            "video_views": 0.2,
        },
    ),
    _Channel(
        "instagram",
        5,
        1300,
        ("IG image", "IG carousel", "IG reel"),
        {
            "reach": 0.74,
            "likes": 0.046,
            "comments": 0.0042,
            "shares": 0.005,
            "saves": 0.006,
            "follows": 0.001,
        },
    ),
    _Channel(
        "x",
        12,
        1500,
        ("",),
        {
            "likes": 0.011,
            "replies": 0.004,
            "reposts": 0.003,
            "bookmarks": 0.001,
            "shares": 0.001,
            "follows": 0.0005,
            "profile_visits": 0.003,
            "detail_expands": 0.011,
            "url_clicks": 0.006,
            "hashtag_clicks": 0.0004,
            "permalink_clicks": 0.0005,
        },
    ),
    _Channel(
        "linkedin",
        4,
        950,
        ("Organic",),
        {
            "views": 0.12,
            "clicks": 0.026,
            "likes": 0.022,
            "comments": 0.003,
            "reposts": 0.0025,
            "follows": 0.001,
        },
    ),
)
_TALKING = {"dialogue": 4, "reply": 0, "help": 3, "promo": 1, "broadcast": 3}
_STYLE_MIX = {
    "facebook": _TALKING,
    "instagram": {"dialogue": 4, "help": 3, "promo": 1, "broadcast": 2},
    "linkedin": {"dialogue": 2, "help": 3, "promo": 1, "broadcast": 4},
}
#: Styles of X posts in one week, before and after the change.
X_TALKING = (
    ("reply",) * 6 + ("dialogue", "dialogue", "help", "help", "promo") + ("broadcast",)
)
X_PROMOTING = ("promo",) * 7 + ("broadcast",) * 4 + ("reply",)
_STYLE_EFFECT = {
    "dialogue": {"comments": 2.6, "replies": 2.6, "shares": 1.1},
    "help": {"saves": 2.0, "bookmarks": 2.0, "shares": 1.4, "reposts": 1.4},
    "promo": {"comments": 0.4, "replies": 0.5, "likes": 0.6, "reactions": 0.6},
    "broadcast": {"comments": 0.5, "replies": 0.5},
    "reply": {"replies": 1.2},
}


@lru_cache(maxsize=1)
def posts() -> tuple[Post, ...]:
    """Return all posts of the year on all owned accounts, in time order."""
    found: list[Post] = []
    for channel in _CHANNELS:
        rng = story.dice(f"channel {channel.platform}")
        for week in range(-4, story.WEEK_COUNT):
            for style in _styles(rng, channel, week):
                found.append(_post(rng, channel, week, style, len(found)))
    return tuple(sorted(found, key=lambda post: (post.at, post.number)))


def posts_in_window(platform: str, week: ReportingWeek) -> list[Post]:
    """Return an account's posts of the 28 days that end with a week."""
    end = week.ends_at(story.ZONE)
    return [
        post
        for post in posts()
        if post.platform == platform and end - EXPORT_WINDOW <= post.at < end
    ]


def counter(post: Post, name: str, seen_at: datetime) -> int:
    """Return a lifetime counter as an export of a moment states it.

    Counters grow towards their final value. One observation in sixty is a little
    lower than the one before, as platforms withdraw acts of removed accounts.
    """
    age = (seen_at - post.at).total_seconds() / 86_400
    value = round(post.final[name] * (1 - math.exp(-age / _SETTLING_DAYS)))
    chance = story.dice(f"fall {post.platform} {post.number} {name} {seen_at:%G%V}")
    falls = value > _FALLS_ABOVE and age > _FALLS_AFTER_DAYS
    return (
        value - chance.randrange(1, 3)
        if falls and story.happens(chance, 1 / 60)
        else value
    )


def _styles(rng: random.Random, channel: _Channel, week: int) -> list[str]:
    if channel.platform == "x":
        changed = week >= story.week_index(story.STYLE_CHANGES)
        return list(X_PROMOTING if changed else X_TALKING)
    mix = _STYLE_MIX[channel.platform]
    count = channel.per_week + rng.choice((-1, 0, 0, 1))
    return rng.choices(list(mix), list(mix.values()), k=count)


def _post(
    rng: random.Random, channel: _Channel, week: int, style: str, number: int
) -> Post:
    at = story.local_moment(week * 7 + rng.randrange(7), rng.uniform(8, 19.5))
    at += timedelta(milliseconds=rng.randrange(1000))
    theme = rng.choices(
        [theme.code for theme in story.THEMES], [theme.posts for theme in story.THEMES]
    )[0]
    boosted = channel.platform == "facebook" and story.happens(rng, 0.04)
    exposure = channel.exposure * rng.lognormvariate(0, 0.42) * (6 if boosted else 1)
    exposure *= 0.2 if style == "reply" else 1
    effect = _STYLE_EFFECT[style]
    final = {"exposure": exposure} | {
        name: exposure * rate * effect.get(name, 1.0) * rng.lognormvariate(0, 0.3)
        for name, rate in channel.rates.items()
    }
    kind_name = rng.choice(channel.kinds)
    moving = kind_name in ("Videos", "IG reel")
    user = rng.choice(people.stakeholders()).handle
    return Post(
        platform=channel.platform,
        number=number,
        post_id=_post_id(rng, channel.platform, at),
        link_code=_link_code(rng, channel.platform, at),
        at=at,
        style=style,
        theme=theme,
        text=texts.post_text(rng, style, theme, user),
        kind_name=kind_name,
        duration=rng.randrange(12, 95) if moving else 0,
        is_boosted=boosted,
        final=final,
    )


def _post_id(rng: random.Random, platform: str, at: datetime) -> str:
    if platform == "x":
        return ids.x_post_id(rng, at)
    if platform == "linkedin":
        return ids.linkedin_activity_id(rng, at)
    if platform == "instagram":
        return ids.digits(rng, "180", 17)
    return ids.digits(rng, "12", 16)


def _link_code(rng: random.Random, platform: str, at: datetime) -> str:
    if platform == "instagram":
        return ids.instagram_shortcode(rng, at)
    letters = "abcdefghijkmnopqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ123456789"
    return "pfbid0" + "".join(rng.choice(letters) for _ in range(30))
