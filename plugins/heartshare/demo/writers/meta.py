"""Meta Business Suite content exports: Facebook (2025 columns) and Instagram."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from heartshare.demo import channels, ids, story
from heartshare.demo.writers.export_file import ExportFile, meta_csv_bytes

if TYPE_CHECKING:
    from datetime import datetime

    from heartshare.demo.channels import Post
    from heartshare.weeks import ReportingWeek

PACIFIC = ZoneInfo("America/Los_Angeles")
PAGE_ID = "104417230958861"
ACCOUNT_ID = "17841458203341907"
FACEBOOK_HEADER = [
    "Post ID",
    "Page ID",
    "Page name",
    "Title",
    "Description",
    "Duration (sec)",
    "Publish time",
    "Caption type",
    "Permalink",
    "Is crosspost",
    "Is share",
    "Post type",
    "Languages",
    "Custom labels",
    "Funded content status",
    "Data comment",
    "Date",
    "Views",
    "Reach",
    "Reactions, Comments and Shares",
    "Reactions",
    "Comments",
    "Shares",
    "Total clicks",
    "Views",
    "Reach from Organic posts",
    "Reach from Boosted posts",
    "3-second video views",
    "1-minute video views",
    "3-Second viewers",
    "1-minute viewers",
    "3-second video views from Boosted posts",
    "3-second video views from Organic posts",
    "Negative feedback from users",
    "Unique negative feedback from users",
    "Other Clicks",
    "Matched Audience Targeting Consumption (Photo Click)",
    "Link Clicks",
]
INSTAGRAM_HEADER = [
    "Post ID",
    "Account ID",
    "Account username",
    "Account name",
    "Description",
    "Duration (sec)",
    "Publish time",
    "Permalink",
    "Post type",
    "Data comment",
    "Date",
    "Views",
    "Reach",
    "Likes",
    "Shares",
    "Comments",
    "Saves",
    "Follows",
]
#: Weeks whose Facebook export has a row that the platform could not compute.
_ERROR_ROW_EVERY = 6
#: Weeks whose export has one spoilt cell: (week, position of the post).
_SPOILT_FACEBOOK = {9: 4, 27: 11}
_SPOILT_INSTAGRAM = {18: 3}


def facebook_file(week: ReportingWeek) -> ExportFile:
    """Return the page's posts of the last 28 days with lifetime counters."""
    seen_at = story.export_moment(week, 4)
    rows = []
    for index, post in enumerate(_unsorted("facebook", week)):
        row = _facebook_row(post, seen_at)
        if _SPOILT_FACEBOOK.get(story.week_index(week)) == index:
            row[18] = "1.2K"
        rows.append(row)
    if story.week_index(week) % _ERROR_ROW_EVERY == 1:
        rows.insert(3, _error_row(week))
    content = meta_csv_bytes(FACEBOOK_HEADER, rows)
    return ExportFile("facebook_rivermark", _name(week, "10"), content, seen_at)


def instagram_file(week: ReportingWeek) -> ExportFile:
    """Return the account's posts of the last 28 days with lifetime counters."""
    seen_at = story.export_moment(week, 7)
    rows = []
    for index, post in enumerate(_unsorted("instagram", week)):
        row = _instagram_row(post, seen_at)
        if _SPOILT_INSTAGRAM.get(story.week_index(week)) == index:
            row[12] = "n/a"
        rows.append(row)
    content = meta_csv_bytes(INSTAGRAM_HEADER, rows)
    return ExportFile("instagram_rivermark", _name(week, "17"), content, seen_at)


def _unsorted(platform: str, week: ReportingWeek) -> list[Post]:
    found = channels.posts_in_window(platform, week)
    story.dice(f"row order {platform} {week.key}").shuffle(found)
    return found


def _facebook_row(post: Post, seen_at: datetime) -> list[object]:
    def count(name: str) -> int:
        return channels.counter(post, name, seen_at)

    acts = [count(name) for name in ("reactions", "comments", "shares")]
    clicks = [count(f"{kind}_clicks") for kind in ("other", "photo", "link")]
    reach, views = count("reach"), count("exposure")
    is_video = post.kind_name == "Videos"
    watched = count("video_views") if is_video else 0
    viewing = [round(watched * part) for part in (1.0, 0.2, 0.9, 0.18, 0.0, 1.0)]
    boosted_reach = round(reach * 0.8) if post.is_boosted else 0
    shown_code = f"{post.link_code}{seen_at:%V}"
    return [
        post.post_id,
        PAGE_ID,
        story.AGENCY,
        post.text,
        "",
        post.duration,
        _pacific(post.at),
        "N/A",
        f"https://www.facebook.com/{story.HANDLE}/posts/{shown_code}",
        0,
        0,
        post.kind_name,
        "",
        "",
        "Boosted" if post.is_boosted else "",
        "",
        "Lifetime",
        views,
        reach,
        sum(acts),
        *acts,
        sum(clicks),
        views,
        reach - boosted_reach,
        boosted_reach,
        *(viewing if is_video else ("",) * len(viewing)),
        0,
        0,
        *clicks,
    ]


def _instagram_row(post: Post, seen_at: datetime) -> list[object]:
    names = ("exposure", "reach", "likes", "shares", "comments", "saves", "follows")
    folder = "reel" if post.kind_name == "IG reel" else "p"
    return [
        post.post_id,
        ACCOUNT_ID,
        story.HANDLE,
        story.AGENCY,
        f"{post.text}\n\n#rivermark #{post.theme}",
        post.duration,
        _pacific(post.at),
        f"https://www.instagram.com/{folder}/{post.link_code}/",
        post.kind_name,
        "",
        "Lifetime",
        *(channels.counter(post, name, seen_at) for name in names),
    ]


def _error_row(week: ReportingWeek) -> list[object]:
    rng = story.dice(f"error row {week.key}")
    number = ids.digits(rng, "93", 15)
    row: list[object] = [""] * len(FACEBOOK_HEADER)
    row[15] = (
        f"An error occurred while computing metadata for content with ID {number}."
    )
    row[16] = "Lifetime"
    row[17] = rng.randrange(20, 90)
    return row


def _pacific(at: datetime) -> str:
    return at.astimezone(PACIFIC).strftime("%m/%d/%Y %H:%M")


def _name(week: ReportingWeek, prefix: str) -> str:
    first = week.sunday - timedelta(days=27)
    export_id = ids.digits(story.dice(f"export {prefix} {week.key}"), prefix, 16)
    return f"{first:%b-%d-%Y}_{week.sunday:%b-%d-%Y}_{export_id}.csv"
