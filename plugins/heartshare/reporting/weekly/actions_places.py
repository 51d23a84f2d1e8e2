"""What an action is compared with, and where the people are that it speaks of."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from heartshare.reporting.scorecard import literal
from heartshare.reporting.wording import (
    number_text,
    platform_name,
    range_text,
    telling_decimals,
    value_text,
)

if TYPE_CHECKING:
    from heartshare.reporting.scorecard import Published
    from heartshare.weeks import ReportingWeek

Row = dict[str, Any]


class Usual(NamedTuple):
    """What is usual, and with how many decimals a ratio beside it is seen to differ."""

    text: str = ""
    decimals: int = 0


def usual_of_reason(
    published: Published, week: ReportingWeek, row: Row, definitions: dict[str, Row]
) -> Usual:
    """Return what the metric behind an action usually is; empty where not known.

    A theme's talk, an account's followers lost and a stage's moving on are compared
    with their own past, not with that of the whole organisation.
    """
    metric, subject = row["reason_metric_id"], row["subject_code"] or ""
    if metric == "mention_volume" and row["theme_code"]:
        usual = _one(
            published,
            week,
            "usual_weekly_mentions from marts.rpt_weekly_issues",
            f"theme_code = {literal(row['theme_code'])}",
        )
        if usual is None:
            return Usual()
        return Usual(number_text(usual["usual_weekly_mentions"]))
    if metric == "churn_rate":
        platform, _, handle = subject.partition("|")
        usual = _one(
            published,
            week,
            "usual_lost_per_1000 from marts.rpt_weekly_styles",
            f"platform_code = {literal(platform)} "
            f"and account_handle = {literal(handle)}",
        )
        if usual is None:
            return Usual()
        unit = definitions.get(metric, {}).get("unit_code", "rate")
        return Usual(value_text(usual["usual_lost_per_1000"] / 1000, unit))
    if metric == "move_on_ratio":
        usual = _one(
            published,
            week,
            "usual_low_ratio, usual_high_ratio from marts.rpt_weekly_funnel",
            f"stage_code = {literal(subject)}",
        )
        low, high = usual.values() if usual else (None, None)
        value = row["reason_value"]
        return Usual(
            range_text(low, high, "ratio", value),
            telling_decimals(value, low, high, "ratio"),
        )
    return Usual()


def places_of_evidence(published: Published, row: Row) -> str:
    """Return on which platforms people wait for a reply, most of them first.

    The messages of an action are the last unanswered ones of its theme, so many as its
    evidence counts. Empty for other actions, and where the table is not published.
    """
    table = "fct_reply_requests"
    if row["action_code"] != "answer_open_requests" or not published.has_table(table):
        return ""
    theme = row["theme_code"]
    rows = published.rows(
        "select platform_code, count(*) as message_count from (select platform_code "
        f"from marts.{table} where answered_at is null and theme_code "
        f"{'is null' if theme is None else '= ' + literal(theme)} "
        f"order by occurred_at desc limit {int(row['evidence_count'] or 0)}) "
        "group by platform_code order by message_count desc, platform_code"
    )
    return ", ".join(
        f"{platform_name(one['platform_code'])} {number_text(one['message_count'])}"
        for one in rows
    )


def _one(
    published: Published, week: ReportingWeek, what: str, where: str
) -> Row | None:
    rows = published.rows(
        f"select {what} where week_start = date '{week.key}' and {where}"
    )
    return rows[0] if rows and None not in rows[0].values() else None
