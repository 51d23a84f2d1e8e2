"""YouTube Studio: a zip of table data, chart data and totals of one week."""

from __future__ import annotations

import io
import zipfile
from typing import TYPE_CHECKING

from heartshare.demo import audience, story, videos
from heartshare.demo.writers.export_file import ExportFile, csv_bytes

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date, datetime

    from heartshare.demo.videos import Video, VideoWeek
    from heartshare.weeks import ReportingWeek

SOURCE = "youtube_rivermark"
TABLE_HEADER = [
    "Content",
    "Video title",
    "Video publish time",
    "Duration",
    "Views",
    "Watch time (hours)",
    "Subscribers",
    "Impressions",
    "Impressions click-through rate (%)",
]
CHART_HEADER = ["Date", "Content", "Video title", "Video publish time", "Views"]
TOTALS_HEADER = ["Date", "Views"]
_CHARTED = 5
_ZIP_DATE = (1980, 1, 1, 0, 0, 0)


def studio_file(
    week: ReportingWeek, *, truncated: bool = False, again: datetime | None = None
) -> ExportFile:
    """Return the week's zip.

    ``truncated`` leaves out the last third of the videos while the total row still
    states the full sum; ``again`` is the moment at which a corrected zip arrived.
    """
    rows = videos.video_weeks(week)
    kept = rows[: len(rows) - len(rows) // 3] if truncated else rows
    days = audience.week_days(week)
    members = {
        "Table data.csv": csv_bytes(
            TABLE_HEADER, [_total_row(rows), *map(_table_row, kept)]
        ),
        "Chart data.csv": csv_bytes(
            CHART_HEADER,
            [_chart_row(day, row.video) for row in rows[:_CHARTED] for day in days],
        ),
        "Totals.csv": csv_bytes(TOTALS_HEADER, [_day_total(day, rows) for day in days]),
    }
    suffix = " (1)" if again else ""
    name = f"Content {week.monday}_{week.sunday} {story.AGENCY}{suffix}.zip"
    moment = again or story.export_moment(week, 21)
    return ExportFile(SOURCE, name, _zip(members), moment)


def _table_row(row: VideoWeek) -> list[object]:
    video = row.video
    return [
        _guarded(video.video_id),
        video.title,
        _words_date(video.published),
        video.duration,
        row.views,
        row.watch_hours,
        row.subscribers,
        row.impressions,
        row.click_rate,
    ]


def _total_row(rows: Sequence[VideoWeek]) -> list[object]:
    impressions = sum(row.impressions for row in rows)
    clicks = sum(row.impressions * row.click_rate for row in rows)
    return [
        "Total",
        "",
        "",
        "",
        sum(row.views for row in rows),
        round(sum(row.watch_hours for row in rows), 4),
        sum(row.subscribers for row in rows),
        impressions,
        round(clicks / impressions, 2),
    ]


def _chart_row(day: date, video: Video) -> list[object]:
    return [
        day.isoformat(),
        _guarded(video.video_id),
        video.title,
        _words_date(video.published),
        videos.views_on(video, day),
    ]


def _day_total(day: date, rows: Sequence[VideoWeek]) -> list[object]:
    return [day.isoformat(), sum(videos.views_on(row.video, day) for row in rows)]


def _guarded(video_id: str) -> str:
    # Studio puts a blank before a hyphen and a letter: a spreadsheet would calculate.
    is_formula = video_id[0] == "-" and video_id[1].isalpha()
    return f" {video_id}" if is_formula else video_id


def _words_date(day: date) -> str:
    return f"{day:%b} {day.day}, {day.year}"


def _zip(members: dict[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            info = zipfile.ZipInfo(name, _ZIP_DATE)
            info.compress_type = zipfile.ZIP_DEFLATED
            info.external_attr = 0o644 << 16
            archive.writestr(info, content)
    return buffer.getvalue()
