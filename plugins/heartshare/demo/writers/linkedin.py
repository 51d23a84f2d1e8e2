"""LinkedIn page exports: content and followers, as legacy .xls workbooks."""

from __future__ import annotations

import io
from datetime import date, timedelta
from typing import TYPE_CHECKING

import xlwt

from heartshare.demo import audience, channels, ids, story
from heartshare.demo.people import person_name
from heartshare.demo.writers.export_file import ExportFile

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from heartshare.demo.channels import Post
    from heartshare.weeks import ReportingWeek

SOURCE = "linkedin_rivermark"
_SPLIT = ("organic", "sponsored", "total")
METRICS_HEADER = [
    "Date",
    *(f"Impressions ({part})" for part in _SPLIT),
    "Unique impressions (organic)",
    *(
        f"{name} ({part})"
        for name in ("Clicks", "Reactions", "Comments", "Reposts", "Engagement rate")
        for part in _SPLIT
    ),
]
POSTS_HEADER = [
    "Post title",
    "Post link",
    "Post type",
    "Campaign name",
    "Posted by",
    "Created date",
    "Campaign start date",
    "Campaign end date",
    "Audience",
    "Impressions",
    "Views (Excluding offsite video views)",
    "Offsite Views",
    "Clicks",
    "Click through rate (CTR)",
    "Likes",
    "Comments",
    "Reposts",
    "Follows",
    "Engagement rate",
    "Content Type",
]
FOLLOWERS_HEADER = [
    "Date",
    "Sponsored followers",
    "Organic followers",
    "Auto-invited followers",
    "Total followers",
]
_DIMENSIONS = {
    "Location": ("Rivermark Metropolitan Area", "Northgate", "Harbour County"),
    "Job function": ("Operations", "Education", "Engineering"),
    "Seniority": ("Senior", "Entry", "Manager"),
    "Industry": ("Government Administration", "Education", "Retail"),
    "Company size": ("11-50", "51-200", "1001-5000"),
}
_METRICS_NOTE = "Aggregated engagement metrics of your page's posts over the range."
_POSTS_NOTE = "Metrics of each post published during the selected range."


def content_file(week: ReportingWeek) -> ExportFile:
    """Return daily metrics and posts of the last 28 days."""
    seen_at = story.export_moment(week, 16)
    days = [week.sunday - timedelta(days=back) for back in range(27, -1, -1)]
    posts = channels.posts_in_window("linkedin", week)
    sheets: dict[str, list[Sequence[object]]] = {
        "Metrics": [[_METRICS_NOTE], METRICS_HEADER, *map(_metrics_row, days)],
        "All posts": [
            [_POSTS_NOTE],
            POSTS_HEADER,
            *(_post_row(post, seen_at) for post in reversed(posts)),
        ],
    }
    name = f"rivermark-city-services_content_{ids.milliseconds(seen_at)}.xls"
    return ExportFile(SOURCE, name, _workbook(sheets), seen_at)


def followers_file(week: ReportingWeek) -> ExportFile:
    """Return the new followers of the week by day, and audience sheets."""
    seen_at = story.export_moment(week, 17)
    flows = [
        audience.follower_days()["linkedin", day] for day in audience.week_days(week)
    ]
    rows = [[_us_date(flow.day), 0, flow.gained, 0, flow.gained] for flow in flows]
    sheets: dict[str, list[Sequence[object]]] = {
        "New followers": [FOLLOWERS_HEADER, *rows]
    }
    for dimension, values in _DIMENSIONS.items():
        table = [
            [value, flows[-1].closing // (index + 3)]
            for index, value in enumerate(values)
        ]
        sheets[dimension] = [[dimension, "Total followers"], *table]
    name = f"rivermark-city-services_followers_{ids.milliseconds(seen_at)}.xls"
    return ExportFile(SOURCE, name, _workbook(sheets), seen_at)


def _metrics_row(day: date) -> list[object]:
    chance = story.dice(f"linkedin day {day}")
    posted = [
        post
        for post in channels.posts()
        if post.platform == "linkedin" and (day - post.at.date()).days in range(5)
    ]
    shown = int(sum(post.final["exposure"] for post in posted) * 0.2) + 40
    counts = [
        int(sum(post.final[name] for post in posted) * 0.2 * chance.uniform(0.6, 1.4))
        for name in ("clicks", "likes", "comments", "reposts")
    ]
    if story.happens(chance, 0.02):
        counts[2] = -1
    rate = round(sum(counts) / shown, 6)
    row: list[object] = [_us_date(day), shown, 0, shown, int(shown * 0.7)]
    for count in counts:
        row += [count, 0, count]
    return [*row, rate, 0, rate]


def _post_row(post: Post, seen_at: datetime) -> list[object]:
    def count(name: str) -> int:
        return channels.counter(post, name, seen_at)

    shown = max(count("exposure"), 1)
    acts = [count(name) for name in ("likes", "comments", "reposts")]
    return [
        post.text,
        f"https://www.linkedin.com/feed/update/urn:li:activity:{post.post_id}",
        post.kind_name,
        "",
        person_name(1500 + post.number % 5),
        _us_date(post.at.date()),
        "",
        "",
        "All followers",
        shown,
        "",
        "",
        count("clicks"),
        round(count("clicks") / shown, 6),
        *acts,
        count("follows"),
        round((sum(acts) + count("clicks")) / shown, 6),
        "Article" if post.number % 3 else "Image",
    ]


def _us_date(day: date) -> str:
    return day.strftime("%m/%d/%Y")


def _workbook(sheets: dict[str, list[Sequence[object]]]) -> bytes:
    book = xlwt.Workbook(encoding="utf-8")
    for title, rows in sheets.items():
        sheet = book.add_sheet(title)
        for number, row in enumerate(rows):
            for column, value in enumerate(row):
                if value != "":
                    sheet.write(number, column, value)
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()
