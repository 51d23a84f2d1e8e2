"""The evidence behind page one: the sections of pages two and three, as facts.

A section without rows says why it is empty; a figure that a platform does not report
says so.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from heartshare.reporting import narrative, series
from heartshare.reporting.scorecard import Published, Reading, literal
from heartshare.reporting.signals_text import tag_for
from heartshare.reporting.wording import (
    MISSING,
    NOTHING,
    day_text,
    moment_text,
    number_text,
    owner_name,
    percent_text,
    platform_name,
    range_text,
    short_day_text,
    signed_text,
    value_text,
)

if TYPE_CHECKING:
    from heartshare.weeks import ReportingWeek

Row = dict[str, Any]

_SPARK_WEEKS = 8
_SMALLEST_SCORED_RATIO = 0.7
_WIDE_GAP = 0.10
_HISTORY_WEEKS = 40
_STRENGTH = {"signal": 0, "watch": 1, "routine": 2, "too": 3, "no": 3, "not": 3}
#: Always drawn first; beside it the strongest movement, else the first of these.
_FIRST_CHART = "response_rate_24h"
_SECOND_CHARTS = (
    "personal_address_ratio",
    "dialogic_loop_ratio",
    "broadcast_ratio",
    "time_to_first_response_p50_hours",
)


def _rows(
    published: Published, table: str, week: ReportingWeek, order: str
) -> list[Row]:
    return published.rows(
        f"select * from marts.{table} where week_start = date '{week.key}' "
        f"order by {order}"
    )


def listen(
    published: Published, week: ReportingWeek, definitions: dict[str, Row]
) -> Row:
    """Return the issue table: talk, usual talk, reading and tone of each theme."""
    rows = [
        _issue(published, week, row)
        for row in _rows(published, "rpt_weekly_issues", week, "rank")
    ]
    return {
        "title": "Listen: issues and tone",
        "headline": narrative.listen(rows),
        "rows": rows,
        "measures": _section_rows(published, week, definitions, "listen"),
        "empty": ""
        if rows
        else "No published conversation of this week carries a strategy theme.",
    }


def _section_rows(
    published: Published,
    week: ReportingWeek,
    definitions: dict[str, Row],
    section: str,
) -> list[Row]:
    ids = published.rows(
        "select metric_id from marts.rpt_weekly_scorecard where week_start = "
        f"date '{week.key}' and section_code = {literal(section)} order by position"
    )
    readings = [
        published.reading(row["metric_id"], week, definitions, weeks=1) for row in ids
    ]
    return [metric_row(one) for one in readings if one.figure.value is not None]


def _issue(published: Published, week: ReportingWeek, row: Row) -> Row:
    history = published.rows(
        "select week_start as week, mention_count, positive_count, negative_count, "
        "neutral_count, scored_ratio from marts.agg_weekly_topics "
        f"where theme_code = {literal(row['theme_code'])} and week_start between "
        f"date '{week.shift(1 - _SPARK_WEEKS).key}' and date '{week.key}' "
        "order by week_start"
    )
    code = "signal_up" if row["is_burst"] else "routine"
    if row["burst_score"] is None and not row["is_burst"]:
        code = "too_early"
    tag = tag_for(code, "down")
    usual = row["usual_weekly_mentions"]
    usual_text = MISSING if usual is None else number_text(usual)
    burst_day = series.day(row["burst_on"])
    return {
        "name": row["theme_name"],
        "mentions": row["mention_count"],
        "mentions_text": value_text(row["mention_count"], "count"),
        "authors": row["author_count"],
        "authors_text": value_text(row["author_count"], "count"),
        "usual_text": usual_text,
        "tag": tag.to_dict(),
        "tag_note": f"peak {short_day_text(burst_day)}"
        if row["is_burst"] and burst_day
        else "",
        "needs": _needs(row),
        "spark": {
            "title": f"{row['theme_name']}: mentions a week",
            "description": "Weekly mentions, oldest first: "
            + ", ".join(value_text(one["mention_count"], "count") for one in history)
            + f". Usual: {usual_text}.",
            "values": [one["mention_count"] for one in history],
            "usual": usual,
            "tone": tag.tone,
        },
        "tone": _tone(row["theme_name"], history, week),
    }


def _needs(row: Row) -> list[str]:
    kinds = ("question", "request", "complaint")
    return [value_text(row[f"{kind}_count"], "count") for kind in kinds]


def _tone(name: str, history: list[Row], week: ReportingWeek) -> Row:
    last = history[-1] if history and history[-1]["week"] == week.key else {}
    counts = [last.get(f"{part}_count") for part in ("negative", "neutral", "positive")]
    scored = last.get("scored_ratio")
    total = sum(count or 0 for count in counts)
    enough = scored is not None and scored >= _SMALLEST_SCORED_RATIO and total > 0
    negative = (counts[0] or 0) / total if enough else None
    positive = (counts[2] or 0) / total if enough else None
    words = "too few of these posts could be scored"
    if negative is not None and positive is not None:
        words = f"{percent_text(negative)} negative, {percent_text(positive)} positive"
    return {
        "title": f"{name}: tone",
        "description": f"{words}.",
        "text": words,
        "negative": negative,
        "positive": positive,
    }


def dialogue(
    published: Published, week: ReportingWeek, definitions: dict[str, Row]
) -> Row:
    """Return the dialogue and engagement metrics with two charts of replying."""
    ids = published.rows(
        "select section_code, metric_id from marts.rpt_weekly_scorecard "
        f"where week_start = date '{week.key}' and section_code in "
        "('dialogue', 'engagement') order by section_code, position"
    )
    readings = [published.reading(row["metric_id"], week, definitions) for row in ids]
    known = [one for one in readings if one.figure.value is not None]
    shown = [one for one in known if one.amec_level != "output"]
    ranked = sorted(shown, key=lambda one: _STRENGTH[one.tag.family])
    charts = _charted(
        [one for one, row in zip(readings, ids, strict=True) if _in_dialogue(row)]
    )
    first = ranked[0] if ranked else None
    return {
        "title": "Dialogue: do we talk with people?",
        "headline": narrative.movement(
            first.name, first.figure.text, first.tag, _usual(first)
        )
        if first
        else "No conversation of this week asked for a reply.",
        "charts": [
            series.limit_series(one, one.name) | {"tag": one.tag.to_dict()}
            for one in charts
        ],
        "rows": [metric_row(one) for one in shown],
        "empty": "" if shown else "The published scorecard holds no dialogue metrics.",
    }


def _in_dialogue(row: Row) -> bool:
    return row["section_code"] == "dialogue"


def _charted(readings: list[Reading]) -> list[Reading]:
    """Return the reply rate and the dialogue metric that moved most."""
    known = [one for one in readings if one.figure.value is not None]
    first = [one for one in known if one.metric_id == _FIRST_CHART]
    rest = [one for one in known if one not in first]
    preference = {name: place for place, name in enumerate(_SECOND_CHARTS)}
    rest.sort(
        key=lambda one: (
            min(_STRENGTH[one.tag.family], _STRENGTH["routine"]),
            preference.get(one.metric_id, len(preference)),
        )
    )
    return first + rest[: 2 - len(first)]


def _usual(reading: Reading) -> str:
    return range_text(reading.low, reading.high, reading.unit)


def metric_row(reading: Reading) -> Row:
    """Return one line of a table of metrics: figure, usual range and tag."""
    return {
        "metric_id": reading.metric_id,
        "name": reading.name,
        "figure": reading.figure.to_dict(),
        "usual_text": _usual(reading) or "not known",
        "tag": reading.tag.to_dict(),
        "note": "" if reading.is_mature else "still being counted",
    }


def conversations(
    published: Published, week: ReportingWeek, definitions: dict[str, Row]
) -> Row:
    """Return quality conversations: six weeks, longer blocks and reference boxes."""
    reading = published.reading(
        "two_way_conversations", week, definitions, weeks=_HISTORY_WEEKS
    )
    panels = series.conversation_panels(reading)
    values = [row["value"] for row in reading.history if row["value"] is not None]
    boxes = [
        {"name": "This week", "text": reading.figure.text},
        {"name": "Average of 4 weeks", "text": _average(values[-4:], 4)},
        {"name": "Average of 13 weeks", "text": _average(values[-13:], 13)},
        {"name": "Usual range", "text": _usual(reading) or "not known"},
    ]
    last = panels[0]["points"]
    return {
        "title": "Quality conversations",
        "headline": narrative.movement(
            "Conversations with a real exchange",
            reading.figure.text,
            reading.tag,
            _usual(reading),
        ),
        "tag": reading.tag.to_dict(),
        "boxes": boxes,
        "chart": {
            "title": "Two-way conversations a week",
            "description": "Last six weeks: "
            + ", ".join(row["text"] or MISSING for row in last)
            + f". {reading.tag.word}.",
            "panels": panels,
        },
        "empty": "" if values else "No threads with a reply are published yet.",
    }


def _average(values: list[float], wanted: int) -> str:
    if len(values) < wanted:
        return "too early"
    return number_text(sum(values) / len(values), 1)


def funnel(published: Published, week: ReportingWeek) -> Row:
    """Return the funnel's books: who entered, left and moved at each stage."""
    rows = _rows(published, "rpt_weekly_funnel", week, "stage_number")
    counts = ("member", "entered", "left", "moved_up", "moved_down", "held")
    table = [
        {
            "name": row["stage_name"],
            **{name: value_text(row[f"{name}_count"], "count") for name in counts},
            "move_on_text": _part(row["move_on_ratio"], row["move_on_base_count"]),
            "usual_text": range_text(
                row["usual_low_ratio"], row["usual_high_ratio"], "ratio"
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
        "title": "Funnel: who moved",
        "headline": "At each stage: people now = last week + entered, minus left.",
        "rows": table,
        "empty": "" if table else "No person has funnel evidence yet.",
    }


def _part(ratio: float | None, base: int | None) -> str:
    if ratio is None:
        return NOTHING
    return f"{percent_text(ratio)} of {number_text(base or 0)}"


def followers(published: Published, week: ReportingWeek) -> Row:
    """Return follower flow over all accounts, from last week's total to this week's."""
    rows = _rows(
        published, "rpt_weekly_followers", week, "platform_code, account_handle"
    )
    accounts = [row | {"platform": platform_name(row["platform_code"])} for row in rows]
    steps = series.flow_rows(accounts)
    return {
        "title": "Follower flow",
        "headline": _flow_headline(steps),
        "chart": {
            "title": "Followers from last week to this week",
            "description": "; ".join(f"{row['name']} {row['text']}" for row in steps)
            + ".",
            "rows": steps,
        },
        "empty": ""
        if steps
        else "No account has a follower count at both ends of the week.",
    }


def _flow_headline(steps: list[Row]) -> str:
    if not steps:
        return ""
    net = steps[-1]["end"] - steps[0]["start"]
    return f"Net {signed_text(net)} over all accounts; joined and left where reported."


def styles(published: Published, week: ReportingWeek) -> Row:
    """Return each account's style of posting beside the followers it loses."""
    rows = _rows(published, "rpt_weekly_styles", week, "platform_code, account_handle")
    kinds = ("broadcast", "dialogue", "help", "promo")
    table = [
        {
            "account": platform_name(row["platform_code"]),
            "style": row["dominant_style_code"] or NOTHING,
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
        "title": "Style and followers lost",
        "headline": narrative.followers(table),
        "rows": table,
        "empty": "" if table else "No account posted or reported followers this week.",
    }


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
    rows = _rows(
        published, "rpt_weekly_alignment", week, "weight_ratio desc, theme_code"
    )
    table = [_theme(row) for row in rows]
    return {
        "title": "Strategy alignment",
        "headline": narrative.alignment(table),
        "chart": {
            "title": "Weight of each theme, our content and the conversation",
            "description": "; ".join(row["text"] for row in table) + ".",
            "rows": table,
        },
        "empty": "" if table else "No strategy themes are in force this week.",
    }


def _theme(row: Row) -> Row:
    ours, weight = row["org_content_ratio"], row["weight_ratio"]
    gap = row["content_gap_ratio"]
    parts = [f"{row['theme_name']}: weight {percent_text(weight)}"]
    parts.append(f"our content {_ratio(ours)}")
    parts.append(f"conversation {_ratio(row['conversation_ratio'])}")
    return {
        "name": row["theme_name"],
        "weight": weight,
        "ours": ours,
        "talk": row["conversation_ratio"],
        "gap": gap,
        "gap_text": NOTHING if gap is None else f"{signed_text(-gap * 100)} pt",
        "is_wide": gap is not None and gap >= _WIDE_GAP,
        "weight_text": percent_text(weight),
        "ours_text": _ratio(ours),
        "talk_text": _ratio(row["conversation_ratio"]),
        "text": ", ".join(parts),
    }


def _ratio(value: float | None) -> str:
    return MISSING if value is None else percent_text(value)


def sources(published: Published, week: ReportingWeek) -> Row:
    """Return which exports arrived, and how many of their rows could be read."""
    rows = _rows(published, "rpt_weekly_sources", week, "source_name")
    return {
        "title": "Sources",
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
        "empty": "" if rows else "No export of this week is recorded.",
    }


def _day_text(value: str | None) -> str:
    day = series.day(value)
    return short_day_text(day) if day else NOTHING


def definition_rows(definitions: dict[str, Row]) -> list[Row]:
    """Return the meaning of each metric, in the order of their names."""
    rows = [
        {
            "metric_id": metric_id,
            "name": row["metric_name"],
            "question": row["question_text"],
            "formula": row["formula_text"],
            "grain": row["grain_text"],
            "owner": owner_name(row["owner_name"]),
            "amec_level": (row["amec_level_code"] or "").replace("_", "-"),
            "version": row["metric_version"],
        }
        for metric_id, row in definitions.items()
    ]
    return sorted(rows, key=lambda row: row["name"].lower())


def volume(published: Published, week: ReportingWeek) -> Row:
    """Return the appendix of volume counts: for reference, without targets."""
    rows = _rows(published, "rpt_weekly_volume", week, "platform_code, account_handle")
    counts = ("follower", "post", "impression", "view", "reach", "reaction")
    return {
        "title": "Appendix: volume counts",
        "headline": "For reference only; no target is set on them.",
        "rows": [
            {
                "account": platform_name(row["platform_code"]),
                **{name: value_text(row[f"{name}_count"], "count") for name in counts},
            }
            for row in rows
        ],
        "empty": "" if rows else "No platform reported volume counts.",
    }
