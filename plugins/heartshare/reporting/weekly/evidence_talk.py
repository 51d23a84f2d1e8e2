"""What people say and whether we talk with them: the first half of page two.

A section without rows says why it is empty.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from heartshare.language import mark, say
from heartshare.reporting.charts import series
from heartshare.reporting.scorecard import Published, Reading, literal
from heartshare.reporting.signals_text import tag_for
from heartshare.reporting.weekly import evidence_tone, headlines, narrative
from heartshare.reporting.weekly.evidence_absence import silence
from heartshare.reporting.wording import (
    MISSING,
    number_text,
    percent_text,
    range_text,
    short_day_text,
    value_text,
)

if TYPE_CHECKING:
    from heartshare.weeks import ReportingWeek

Row = dict[str, Any]

_SPARK_WEEKS = 8
_SMALLEST_SCORED_RATIO = 0.7
_HISTORY_WEEKS = 40
_STRENGTH = {
    "signal": 0,
    "watch": 1,
    "routine": 2,
    "too": 3,
    "no": 3,
    "not": 3,
    "absent": 3,
}
#: Always drawn first; beside it the strongest movement, else the first of these.
_FIRST_CHART = "response_rate_24h"
_STILL_COUNTED = mark("still being counted")
_NOT_KNOWN = mark("not known")
_NO_RANGE = mark("no range")
_READ_LATE = mark("usual range from posts read late")
#: Has a section of its own.
_CONVERSATIONS = "two_way_conversations"
_SECOND_CHARTS = (
    "personal_address_ratio",
    "dialogic_loop_ratio",
    "broadcast_ratio",
    "time_to_first_response_p50_hours",
)


def listen(
    published: Published, week: ReportingWeek, definitions: dict[str, Row]
) -> Row:
    """Return the issue table: talk, usual talk, reading and tone of each theme."""
    issues = published.week_rows("rpt_weekly_issues", week, "rank")
    names = {row["theme_code"]: row["theme_name"] for row in issues}
    rows = [_issue(published, week, row) for row in issues]
    measures = _section(published, week, definitions, "listen")
    moved = [(one.name, one.tag) for one in measures]
    return {
        "title": say("Listen: issues and tone"),
        "headline": " ".join(
            one for one in (headlines.listen(rows), narrative.signals(moved)) if one
        ),
        "tone": evidence_tone.tone(published, week),
        "emerging": evidence_tone.emerging(published, week, names),
        "rows": rows,
        "measures": [metric_row(one) for one in measures],
        "empty": ""
        if rows
        else silence(published, week)
        or say("No published conversation of this week carries a strategy theme."),
    }


def _section(
    published: Published,
    week: ReportingWeek,
    definitions: dict[str, Row],
    section: str,
) -> list[Reading]:
    ids = published.rows(
        "select metric_id from marts.rpt_weekly_scorecard where week_start = "
        f"date '{week.key}' and section_code = {literal(section)} order by position"
    )
    readings = [
        published.reading(row["metric_id"], week, definitions, weeks=1) for row in ids
    ]
    return [one for one in readings if one.figure.value is not None]


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
    usual_text = say(_NOT_KNOWN) if usual is None else number_text(usual)
    burst_day = series.day(row["burst_on"])
    return {
        "name": row["theme_name"],
        "mentions": row["mention_count"],
        "mentions_text": value_text(row["mention_count"], "count"),
        "authors": row["author_count"],
        "authors_text": value_text(row["author_count"], "count"),
        "usual_text": usual_text,
        "tag": tag.to_dict(),
        "tag_note": say("peak {day}", day=short_day_text(burst_day))
        if row["is_burst"] and burst_day
        else "",
        "needs": _needs(row),
        "spark": {
            "title": say("{theme}: mentions a week", theme=row["theme_name"]),
            "description": say(
                "Weekly mentions, oldest first: {counts}. Usual: {usual}.",
                counts=", ".join(
                    value_text(one["mention_count"], "count") for one in history
                ),
                usual=usual_text,
            ),
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
    words = say("too few of these posts could be scored")
    if negative is not None and positive is not None:
        words = say(
            "{negative} negative, {positive} positive",
            negative=percent_text(negative),
            positive=percent_text(positive),
        )
    return {
        "title": say("{theme}: tone", theme=name),
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
    shown = [
        one
        for one in known
        if definitions.get(one.metric_id, {}).get("amec_level_code") != "output"
    ]
    others = [
        one
        for one in shown
        if one.metric_id != _CONVERSATIONS or one.tag.family == "signal"
    ]
    ranked = sorted(others, key=_headline_place)
    charts = _charted(
        [one for one, row in zip(readings, ids, strict=True) if _in_dialogue(row)]
    )
    first = ranked[0] if ranked else None
    return {
        "title": say("Dialogue: do we talk with people?"),
        "headline": headlines.movement(
            first.name,
            first.figure.text,
            first.tag,
            _usual(first),
            is_final=first.is_mature,
        )
        if first
        else say("No conversation of this week asked for a reply.")
        if shown
        else "",
        "charts": [
            series.limit_series(one, one.name) | {"tag": one.tag.to_dict()}
            for one in charts
        ],
        "rows": [metric_row(one) for one in shown],
        "empty": ""
        if shown
        else silence(published, week)
        or say("People wrote, and no figure of a dialogue could be made of it."),
    }


def _headline_place(one: Reading) -> tuple[int, bool, bool]:
    """Return how early a measure is named: signals first, of equals the final ones."""
    return (
        _STRENGTH[one.tag.family],
        not one.is_mature,
        one.metric_id == _CONVERSATIONS,
    )


def _in_dialogue(row: Row) -> bool:
    return row["section_code"] == "dialogue"


def _charted(readings: list[Reading]) -> list[Reading]:
    """Return the reply rate and the dialogue metric that moved most."""
    known = [one for one in readings if one.figure.value is not None]
    first = [one for one in known if one.metric_id == _FIRST_CHART]
    known = [one for one in known if one.metric_id != _CONVERSATIONS]
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
    value = reading.figure.value
    return range_text(reading.low, reading.high, reading.unit, value)


def metric_row(reading: Reading) -> Row:
    """Return one line of a table of metrics: figure, usual range and tag."""
    return {
        "metric_id": reading.metric_id,
        "name": reading.name,
        "figure": reading.figure.to_dict(),
        "usual_text": _usual(reading) or say(_NO_RANGE),
        "tag": reading.tag.to_dict(),
        "note": _note(reading),
    }


def _note(reading: Reading) -> str:
    if not reading.is_mature:
        return say(_STILL_COUNTED)
    last = reading.history[-1] if reading.history else {}
    if last.get("is_break"):
        return say("defined anew")
    return say(_READ_LATE) if reading.rests_on_late_posts else ""


def still_counted(dialogue: Row) -> int:
    """Return how many measures of the dialogue section are still being counted."""
    return _noted(dialogue, _STILL_COUNTED)


def read_late(dialogue: Row) -> int:
    """Return how many of its measures are held against posts that were read late."""
    return _noted(dialogue, _READ_LATE)


def _noted(dialogue: Row, note: str) -> int:
    text = say(note)
    return sum(1 for row in dialogue["rows"] if row["note"] == text)


def conversations(
    published: Published, week: ReportingWeek, definitions: dict[str, Row]
) -> Row:
    """Return quality conversations: six weeks, longer blocks and reference boxes."""
    reading = published.reading(_CONVERSATIONS, week, definitions, weeks=_HISTORY_WEEKS)
    panels = series.conversation_panels(reading)
    values = [row["value"] for row in reading.history if row["value"] is not None]
    boxes = [
        {"name": say("This week"), "text": reading.figure.text},
        {"name": say("Average of 4 weeks"), "text": _average(values[-4:], 4)},
        {"name": say("Average of 13 weeks"), "text": _average(values[-13:], 13)},
        {"name": say("Usual range"), "text": _usual(reading) or say(_NO_RANGE)},
    ]
    last = panels[0]["points"]
    return {
        "title": say("Quality conversations"),
        "headline": headlines.movement(
            say("Conversations with a real exchange"),
            reading.figure.text,
            reading.tag,
            _usual(reading),
            is_final=reading.is_mature,
        ),
        "tag": reading.tag.to_dict(),
        "boxes": boxes,
        "chart": {
            "title": say("Two-way conversations a week"),
            "description": say(
                "Last six weeks: {counts}. {reading}.",
                counts=", ".join(row["text"] or say(MISSING) for row in last),
                reading=reading.tag.word,
            ),
            "panels": panels,
        },
        "empty": ""
        if values
        else silence(published, week)
        or say("People wrote, and no conversation has gone both ways yet."),
    }


def _average(values: list[float], wanted: int) -> str:
    if len(values) < wanted:
        return say("too early")
    return value_text(sum(values) / len(values), "rate")
