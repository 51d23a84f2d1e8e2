"""Who moved, who left and what we spoke about: funnel, followers, style and strategy.

A figure that a platform does not report says so.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from heartshare.language import mark, say
from heartshare.reporting.charts import series
from heartshare.reporting.signals_text import tag_for
from heartshare.reporting.weekly import headlines
from heartshare.reporting.weekly.evidence_absence import (
    NO_ACCOUNT,
    NO_FOLLOWERS,
    silence,
    unreported,
)
from heartshare.reporting.wording import (
    MISSING,
    NOTHING,
    day_text,
    list_text,
    number_text,
    percent_text,
    platform_name,
    range_text,
    signed_text,
    value_text,
)

if TYPE_CHECKING:
    from heartshare.reporting.scorecard import Published
    from heartshare.weeks import ReportingWeek

Row = dict[str, Any]

_WIDE_GAP = 0.10
#: What an account mostly posts, by its code.
_STYLES = {
    "broadcast": mark("broadcast"),
    "dialogue": mark("dialogue"),
    "help": mark("help"),
    "promo": mark("promo"),
}


def funnel(published: Published, week: ReportingWeek) -> Row:
    """Return the funnel's books: who entered, left and moved at each stage."""
    rows = published.week_rows("rpt_weekly_funnel", week, "stage_number")
    counts = ("member", "entered", "left", "moved_up", "moved_down", "held")
    table = [
        {
            "name": say(row["stage_name"]),
            **{name: value_text(row[f"{name}_count"], "count") for name in counts},
            "move_on_text": _part(row["move_on_ratio"], row["move_on_base_count"]),
            "usual_text": range_text(
                row["usual_low_ratio"],
                row["usual_high_ratio"],
                "ratio",
                row["move_on_ratio"],
            )
            or NOTHING,
            "quarter_text": _part(
                row["conversion_90d_ratio"], row["conversion_90d_base_count"]
            ),
            "days_text": NOTHING
            if row["median_days_in_stage"] is None
            else number_text(row["median_days_in_stage"]),
            "tag": tag_for(row["signal_code"], "up").to_dict()
            if row is not rows[-1]
            else None,
            "is_stuck": bool(row["is_stuck"]),
        }
        for row in rows
    ]
    return {
        "title": say("Funnel: who moved"),
        "headline": say("At each stage: people now = last week + entered, minus left."),
        "rows": table,
        "empty": ""
        if table
        else silence(published, week)
        or say("People wrote, and nobody has evidence of a step of the funnel yet."),
    }


def _part(ratio: float | None, base: int | None) -> str:
    if ratio is None:
        return NOTHING
    return say(
        "{ratio} of {count}", ratio=percent_text(ratio), count=number_text(base or 0)
    )


def followers(published: Published, week: ReportingWeek) -> Row:
    """Return follower flow over all accounts, from last week's total to this week's."""
    rows = published.week_rows(
        "rpt_weekly_followers", week, "platform_code, account_handle"
    )
    accounts = [row | {"platform": platform_name(row["platform_code"])} for row in rows]
    steps = series.flow_rows(accounts)
    return {
        "title": say("Follower flow"),
        "headline": _flow_headline(steps),
        "chart": {
            "title": say("Followers from last week to this week"),
            "description": "; ".join(f"{row['name']} {row['text']}" for row in steps)
            + ".",
            "rows": steps,
        },
        "empty": "" if steps else _no_flow(published, week, accounts),
    }


def _no_flow(published: Published, week: ReportingWeek, accounts: list[Row]) -> str:
    if not accounts:
        return unreported(published, week, NO_FOLLOWERS)
    return say(
        "No account has a follower count at both ends of the week: {platforms} told "
        "only one of them, or none.",
        platforms=list_text(list(dict.fromkeys(one["platform"] for one in accounts))),
    )


def _flow_headline(steps: list[Row]) -> str:
    if not steps:
        return ""
    net = steps[-1]["end"] - steps[0]["start"]
    return say(
        "Net {change} over all accounts; joined and left where reported.",
        change=signed_text(net),
    )


def styles(published: Published, week: ReportingWeek) -> Row:
    """Return each account's style of posting beside the followers it loses."""
    rows = published.week_rows(
        "rpt_weekly_styles", week, "platform_code, account_handle"
    )
    kinds = ("broadcast", "dialogue", "help", "promo")
    table = [
        {
            "account": platform_name(row["platform_code"]),
            "style": _style(row["dominant_style_code"]),
            "posts_text": " · ".join(
                value_text(row[f"{kind}_post_count"] or 0, "count") for kind in kinds
            ),
            "lost_per_1000": row["lost_per_1000"],
            "lost_text": value_text(row["lost_per_1000"], "rate"),
            "usual_lost_per_1000": row["usual_lost_per_1000"],
            "usual_text": value_text(row["usual_lost_per_1000"], "rate"),
            "changed_text": _changed_text(row),
            "is_churn_signal": bool(row["is_churn_signal"]),
            "tag": tag_for(_style_code(row), "down").to_dict(),
        }
        for row in rows
    ]
    return {
        "title": say("Style and followers lost"),
        "headline": headlines.followers(table),
        "rows": table,
        "empty": "" if table else unreported(published, week, NO_ACCOUNT),
    }


def _style(code: str | None) -> str:
    return say(_STYLES.get(code, code)) if code else NOTHING


def _changed_text(row: Row) -> str:
    day = series.day(row["style_changed_week"])
    return day_text(day) if day else ""


def _style_code(row: Row) -> str:
    if row["lost_per_1000"] is None:
        return "not_judged"
    if row["usual_lost_per_1000"] is None:
        return "too_early"
    return "signal_up" if row["is_churn_signal"] else "routine"


def alignment(published: Published, week: ReportingWeek) -> Row:
    """Return strategy themes: their weight, our content and people's conversation."""
    rows = published.week_rows(
        "rpt_weekly_alignment", week, "weight_ratio desc, theme_code"
    )
    table = [_theme(row) for row in rows]
    return {
        "title": say("Strategy alignment"),
        "headline": headlines.alignment(table),
        "chart": {
            "title": say("Weight of each theme, our content and the conversation"),
            "description": "; ".join(row["text"] for row in table) + ".",
            "rows": table,
        },
        "empty": "" if table else say("No strategy themes are in force this week."),
    }


def _theme(row: Row) -> Row:
    ours, weight = row["org_content_ratio"], row["weight_ratio"]
    gap = row["content_gap_ratio"]
    return {
        "name": row["theme_name"],
        "weight": weight,
        "ours": ours,
        "talk": row["conversation_ratio"],
        "gap": gap,
        "gap_text": _points(gap),
        "is_wide": gap is not None and gap >= _WIDE_GAP,
        "weight_text": percent_text(weight),
        "ours_text": _ratio(ours),
        "talk_text": _ratio(row["conversation_ratio"]),
        "text": say(
            "{theme}: weight {weight}, our content {ours}, conversation {talk}",
            theme=row["theme_name"],
            weight=percent_text(weight),
            ours=_ratio(ours),
            talk=_ratio(row["conversation_ratio"]),
        ),
    }


def _points(gap: float | None) -> str:
    if gap is None:
        return NOTHING
    return say("{points} pt", points=signed_text(-gap * 100))


def _ratio(value: float | None) -> str:
    return say(MISSING) if value is None else percent_text(value)
