"""X account analytics: content (one row per post) and overview (one row per day)."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

from heartshare.demo import audience, channels, story
from heartshare.demo.writers.export_file import ExportFile, csv_bytes

if TYPE_CHECKING:
    from datetime import datetime

    from heartshare.demo.channels import Post
    from heartshare.weeks import ReportingWeek

SOURCE = "x_rivermark"
CONTENT_HEADER = [
    "Post id",
    "Date",
    "Post text",
    "Post Link",
    "Impressions",
    "Likes",
    "Engagements",
    "Bookmarks",
    "Shares",
    "New follows",
    "Replies",
    "Reposts",
    "Profile visits",
    "Detail Expands",
    "URL Clicks",
    "Hashtag Clicks",
    "Permalink Clicks",
]
OVERVIEW_HEADER = [
    "Date",
    "Impressions",
    "Engagements",
    "Likes",
    "Replies",
    "Reposts",
    "New follows",
    "Unfollows",
    "Bookmarks",
    "Shares",
    "Profile visits",
    "Create Post",
    "Video views",
    "Media views",
]
_ACTS = (
    "likes",
    "bookmarks",
    "shares",
    "follows",
    "replies",
    "reposts",
    "profile_visits",
    "detail_expands",
    "url_clicks",
    "hashtag_clicks",
    "permalink_clicks",
)
#: Weeks in which a spreadsheet damaged one id: the link still knows it.
_DAMAGED_ID = {13: 2}
_SPOILT_CELL = {31: 5}


def content_file(week: ReportingWeek) -> ExportFile:
    """Return the posts of the last 28 days, replies among them."""
    seen_at = story.export_moment(week, 11)
    found = channels.posts_in_window("x", week)
    story.dice(f"row order x {week.key}").shuffle(found)
    rows = [_content_row(post, seen_at) for post in found]
    index = story.week_index(week)
    if index in _DAMAGED_ID:
        rows[_DAMAGED_ID[index]][0] = f"{float(found[_DAMAGED_ID[index]].post_id):.2E}"
    if index in _SPOILT_CELL:
        rows[_SPOILT_CELL[index]][4] = "about 900"
    first = week.sunday - timedelta(days=27)
    name = f"account_analytics_content_{first}_{week.sunday}.csv"
    return ExportFile(SOURCE, name, csv_bytes(CONTENT_HEADER, rows), seen_at)


def overview_file(
    week: ReportingWeek, *, days: int = 7, again: datetime | None = None
) -> ExportFile:
    """Return the week by day, newest first.

    ``days`` below seven gives an export that was made too early; ``again`` is the
    moment at which a corrected one arrived.
    """
    name = f"account_overview_analytics_{week.monday}_{week.sunday}"
    seen_at = again or story.export_moment(week, 12)
    rows = [_overview_row(day) for day in audience.week_days(week)[:days]]
    content = csv_bytes(OVERVIEW_HEADER, rows[::-1])
    suffix = " (1)" if again else ""
    return ExportFile(SOURCE, f"{name}{suffix}.csv", content, seen_at)


def words_date(day: date) -> str:
    """Return a day as X writes it: Tue, Jul 14, 2026."""
    return f"{day:%a, %b} {day.day}, {day.year}"


def _content_row(post: Post, seen_at: datetime) -> list[object]:
    acts = {name: channels.counter(post, name, seen_at) for name in _ACTS}
    engagements = sum(acts.values()) - acts["follows"]
    return [
        post.post_id,
        words_date(post.at.date()),
        post.text,
        f"https://x.com/{story.HANDLE}/status/{post.post_id}",
        channels.counter(post, "exposure", seen_at),
        acts["likes"],
        engagements,
        *(acts[name] for name in _ACTS[1:]),
    ]


def _overview_row(day: date) -> list[object]:
    flow = audience.follower_days()["x", day]
    posted = [
        post
        for post in channels.posts()
        if post.platform == "x" and post.at.date() == day
    ]
    chance = story.dice(f"overview {day}")
    impressions = int(
        sum(post.final["exposure"] for post in posted) * 0.8
        + chance.lognormvariate(5.6, 0.2)
    )
    part = {
        name: int(sum(post.final[name] for post in posted) * 0.8)
        for name in ("likes", "replies", "reposts", "bookmarks", "shares")
    }
    visits = int(sum(post.final["profile_visits"] for post in posted)) + 6
    return [
        words_date(day),
        impressions,
        sum(part.values()) + visits,
        part["likes"],
        part["replies"],
        part["reposts"],
        flow.gained,
        flow.lost,
        part["bookmarks"],
        part["shares"],
        visits,
        len(posted),
        0,
        0,
    ]
