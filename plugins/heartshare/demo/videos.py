"""The YouTube channel: its videos and how often each is watched on each day."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from typing import TYPE_CHECKING

from heartshare.demo import ids, story, texts

if TYPE_CHECKING:
    from heartshare.weeks import ReportingWeek

_OLD_VIDEOS = 34
_SETTLING_DAYS = 5.0


@dataclass(frozen=True)
class Video:
    """One video; ``final`` is what it gathers, ``trickle`` its views a day after."""

    video_id: str
    title: str
    published: date
    duration: int
    final: float
    trickle: float


@lru_cache(maxsize=1)
def videos() -> tuple[Video, ...]:
    """Return all videos, oldest first; some ids begin with a hyphen."""
    rng = story.dice("videos")
    days = sorted(rng.randrange(40, 700) for _ in range(_OLD_VIDEOS))
    published = [story.day_of(0) - timedelta(days=day) for day in reversed(days)]
    for week in range(story.WEEK_COUNT):
        for _ in range(rng.choice((1, 1, 2))):
            published.append(story.day_of(week * 7 + rng.randrange(5)))
    found = []
    for index, day in enumerate(sorted(published)):
        theme = rng.choice(story.THEMES).code
        style = rng.choice(("help", "help", "dialogue", "broadcast"))
        first = {5: "-V", 11: "-7", 40: "-k"}.get(index, "")
        found.append(
            Video(
                video_id=ids.youtube_video_id(rng, first=first),
                title=texts.post_text(rng, style, theme),
                published=day,
                duration=rng.randrange(35, 560),
                final=rng.lognormvariate(6.1, 0.5),
                trickle=rng.lognormvariate(0.9, 0.7),
            )
        )
    return tuple(found)


def views_on(video: Video, day: date) -> int:
    """Return how often a video was watched on a day."""
    age = (day - video.published).days
    if age < 0:
        return 0
    fresh = video.final * (
        math.exp(-age / _SETTLING_DAYS) - math.exp(-(age + 1) / _SETTLING_DAYS)
    )
    chance = story.dice(f"views {video.video_id} {day:%Y%m%d}")
    return int((fresh + video.trickle) * chance.lognormvariate(0, 0.25))


@dataclass(frozen=True)
class VideoWeek:
    """What YouTube Studio shows of one video for one week."""

    video: Video
    views: int
    watch_hours: float
    subscribers: int
    impressions: int
    click_rate: float


def video_weeks(week: ReportingWeek) -> list[VideoWeek]:
    """Return the week's figures of every video that was watched, most watched first."""
    days = [week.monday + timedelta(days=offset) for offset in range(7)]
    found = []
    for video in videos():
        views = sum(views_on(video, day) for day in days)
        if not views:
            continue
        chance = story.dice(f"week {video.video_id} {week.key}")
        impressions = int(views * chance.uniform(7, 14))
        hours = round(views * video.duration * chance.uniform(0.3, 0.5) / 3600, 4)
        gained = int(chance.expovariate(1 / (0.004 * views + 0.02)))
        lost = int(story.happens(chance, 0.08))
        rate = round(100 * views * chance.uniform(0.5, 0.8) / impressions, 2)
        found.append(VideoWeek(video, views, hours, gained - lost, impressions, rate))
    return sorted(found, key=lambda row: (-row.views, row.video.video_id))
