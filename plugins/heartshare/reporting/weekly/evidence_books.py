"""What the report rests on: sources, definitions, and volume counts for reference."""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING, Any

from heartshare.language import say
from heartshare.reporting.charts import series
from heartshare.reporting.scorecard import amec_level
from heartshare.reporting.weekly.evidence_absence import NO_VOLUME, unreported
from heartshare.reporting.wording import (
    NOTHING,
    moment_text,
    owner_name,
    platform_name,
    short_day_text,
    value_text,
)

if TYPE_CHECKING:
    from heartshare.reporting.scorecard import Published
    from heartshare.weeks import ReportingWeek

Row = dict[str, Any]


def sources(published: Published, week: ReportingWeek) -> Row:
    """Return which exports arrived, and how many of their rows could be read."""
    rows = published.week_rows("rpt_weekly_sources", week, "source_name")
    return {
        "title": say("Sources"),
        "rows": [
            {
                "source_name": row["source_name"].replace("_", " "),
                "rows_rejected": row["rows_rejected"],
                "files_text": value_text(row["file_count"], "count"),
                "in_text": value_text(row["rows_in"], "count"),
                "landed_text": value_text(row["rows_landed"], "count"),
                "rejected_text": value_text(row["rows_rejected"], "count"),
                "exported_text": moment_text(series.moment(row["last_exported_at"])),
                "until_text": _day_text(row["period_end"]),
            }
            for row in rows
        ],
        "empty": "" if rows else say("No export of this week is recorded."),
    }


def _day_text(value: str | None) -> str:
    day = series.day(value)
    return short_day_text(day) if day else NOTHING


def definition_rows(definitions: dict[str, Row]) -> list[Row]:
    """Return the meaning of each weekly metric, in the order of their names."""
    rows = [
        {
            "metric_id": metric_id,
            "name": row["metric_name"],
            "question": row["question_text"],
            "formula": row["formula_text"],
            "grain": row["grain_text"],
            "owner": owner_name(row["owner_name"]),
            "amec_level": amec_level(row["amec_level_code"] or ""),
            "version": row["metric_version"],
        }
        for metric_id, row in definitions.items()
        if row["is_weekly"]
    ]
    return sorted(rows, key=lambda row: _in_alphabet(row["name"]))


def _in_alphabet(name: str) -> str:
    """Return a name as it is sorted: without marks, so that Ü stands by U."""
    letters = unicodedata.normalize("NFD", name.lower())
    return "".join(letter for letter in letters if not unicodedata.combining(letter))


def volume(published: Published, week: ReportingWeek) -> Row:
    """Return the appendix of volume counts: for reference, without targets."""
    rows = published.week_rows(
        "rpt_weekly_volume", week, "platform_code, account_handle"
    )
    counts = ("follower", "post", "impression", "view", "reach", "reaction")
    return {
        "title": say("Appendix: volume counts"),
        "headline": say("For reference only; no target is set on them."),
        "rows": [
            {
                "account": platform_name(row["platform_code"]),
                **{name: value_text(row[f"{name}_count"], "count") for name in counts},
            }
            for row in rows
        ],
        "empty": "" if rows else unreported(published, week, NO_VOLUME),
    }
