"""Where nobody listens: themes that we leave out, and people we hardly know."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from heartshare.language import say
from heartshare.reporting import programme_text
from heartshare.reporting.weekly.evidence_wants import wants
from heartshare.reporting.wording import (
    NOTHING,
    percent_text,
    platform_name,
    signed_text,
)

if TYPE_CHECKING:
    from heartshare.reporting.scorecard import Published
    from heartshare.weeks import ReportingWeek

Row = dict[str, Any]

#: More rows than this fill a page and tell less.
_SHOWN = 8


def blind_spots(published: Published, week: ReportingWeek) -> Row:
    """Return the flagged segments and themes, widest gap first, then unknown ones."""
    names = published.theme_names(week)
    stages = {
        row["stage_code"]: say(row["stage_name"])
        for row in published.week_rows("rpt_weekly_funnel", week, "stage_number")
    }
    rows = [
        row
        | {
            "segment": _segment(row, stages),
            "theme": names.get(row["theme_code"], row["theme_code"].replace("_", " ")),
        }
        for row in published.week_rows(
            "rpt_blind_spots",
            week,
            "gap_value desc nulls last, coverage_ratio nulls last, segment_kind_code, "
            "segment_code, theme_code",
        )
    ]
    segments = [row for row in rows if row["blind_spot_kind_code"] == "no_data"]
    themes = [row for row in rows if row["blind_spot_kind_code"] == "theme"]
    wide = [row for row in themes if row["is_blind_spot"]]
    unknown = [row for row in segments if row["is_blind_spot"]]
    shown = [*map(_theme, wide), *map(_unknown, unknown)]
    return {
        "title": say("Blind spots"),
        "headline": programme_text.blind_spots(wide, len(unknown), len(segments))
        if rows
        else "",
        "wants": wants(published, week),
        "rows": shown[:_SHOWN],
        "further": max(len(shown) - _SHOWN, 0),
        "empty": ""
        if rows
        else say("Too early: no segment of people has acts in the last ninety days."),
    }


def _segment(row: Row, stages: dict[str, str]) -> str:
    code: str = row["segment_code"]
    if row["segment_kind_code"] == "platform":
        return platform_name(code)
    if row["segment_kind_code"] == "audience":
        return say("Audience {name}", name=code)
    return stages.get(code, code)


def _theme(row: Row) -> Row:
    return {
        "segment": row["segment"],
        "what": row["theme"],
        "talk_text": percent_text(row["conversation_ratio"]),
        "ours_text": percent_text(row["org_content_ratio"]),
        "why": say(
            "{points} points in the talk", points=signed_text(row["gap_value"] * 100)
        ),
    }


def _unknown(row: Row) -> Row:
    if row["suppression_code"]:
        why = say("too few people")
    elif row["coverage_ratio"] is None:
        why = say("no evidence")
    else:
        why = say(
            "evidence for {ratio} of what we would want to know",
            ratio=percent_text(row["coverage_ratio"]),
        )
    return {
        "segment": row["segment"],
        "what": say("not known"),
        "talk_text": NOTHING,
        "ours_text": NOTHING,
        "why": why,
    }
