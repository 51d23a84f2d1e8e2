"""Readings and rows turned into what a chart draws, with the words that describe it."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from heartshare.language import mark, say
from heartshare.reporting.signals_text import FIRM_BASELINE_WEEKS, tag_for
from heartshare.reporting.wording import (
    change_text,
    number_text,
    range_text,
    short_day_text,
    signed_text,
    value_text,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from heartshare.reporting.scorecard import Reading
    from heartshare.reporting.signals_text import Tag

Row = dict[str, Any]

#: Index of an outcome that stands at its target.
_TARGET_INDEX = 100


def day(text: str | None) -> date | None:
    """Return the day that an ISO text begins with; null stays null."""
    return date.fromisoformat(text[:10]) if text else None


def moment(text: str | None) -> datetime | None:
    """Return the moment that an ISO text holds; null stays null."""
    return datetime.fromisoformat(text) if text else None


def limit_series(
    reading: Reading,
    title: str,
    usual_text: Callable[[float | None, float | None], str] | None = None,
) -> Row:
    """Return a reading's history as a limit chart with its description."""
    is_change = usual_text is not None

    def text(value: float | None) -> str:
        return _short(value, reading.unit, is_change=is_change)

    def usual(row: Row) -> str:
        low, high = row["lower"], row["upper"]
        if usual_text is not None:
            return usual_text(low, high)
        return range_text(low, high, reading.unit, row["value"])

    points = [
        _point(row, reading, text(row["value"]), usual(row)) for row in reading.history
    ]
    return {
        "title": title,
        "description": " ".join(_sentences(title, points, reading)),
        "points": points,
        "end_text": text(reading.figure.value),
        "low_text": text(reading.low) if reading.low is not None else "",
        "high_text": text(reading.high) if reading.high is not None else "",
    }


def _sentences(title: str, points: Sequence[Row], reading: Reading) -> Iterator[str]:
    """Describe a line: its length, its last week and what is unusual in it."""
    yield say("{title}, {count} weeks.", title=title, count=len(points))
    if points:
        last = points[-1]
        word = _tag(reading.history[-1], reading).spoken
        yield say(
            "Last week shown: {value}, {reading}.", value=last["text"], reading=word
        )
        if last["usual_text"]:
            yield say("Usual range {range}.", range=last["usual_text"])
        unusual = sum(point["is_signal"] for point in points)
        yield say(
            "{count} of these weeks lay outside their range.",
            count=number_text(unusual),
        )
    for point in points:
        if point.get("is_break"):
            yield say("Defined anew from the week of {day}.", day=point["week_text"])


def _point(row: Row, reading: Reading, text: str, usual: str) -> Row:
    tag = _tag(row, reading)
    weeks = row["baseline_weeks"]
    return {
        "week": row["week"],
        "week_text": short_day_text(date.fromisoformat(row["week"])),
        "value": row["value"],
        "text": text,
        "usual_text": usual,
        "lower": row["lower"],
        "upper": row["upper"],
        "mean": row["mean"],
        "mark": tag.mark,
        "tone": tag.tone,
        "word": tag.word,
        "is_signal": tag.family == "signal",
        "is_provisional": weeks is not None and weeks < FIRM_BASELINE_WEEKS,
    } | ({"is_break": True} if row["is_break"] else {})


def _tag(row: Row, reading: Reading) -> Tag:
    code = row["signal_code"] or (
        "not_judged" if reading.tag.code == "not_judged" else None
    )
    if row["value"] is None:
        code = "absent"
    return tag_for(code, reading.better_direction)


def _short(value: float | None, unit: str, *, is_change: bool) -> str:
    if value is None:
        return ""
    if is_change:
        return signed_text(value, 0 if float(value).is_integer() else 1)
    if unit == "count":
        return number_text(value)
    return value_text(value, unit)


def target_chart(reading: Reading, baseline: Row, target: Row, index: Row) -> Row:
    """Return the way from baseline to target, and how far along the outcome is."""
    place = index["value"]
    words = say(
        "{place} of 100 on the way to {target}",
        place=number_text(place),
        target=target["text"],
    )
    if place >= _TARGET_INDEX:
        words = say("Target {target} reached", target=target["text"])
    elif place < 0:
        words = say("Behind the baseline of {baseline}", baseline=baseline["text"])
    ends = say(
        "Baseline {baseline}, target {target}, now {now}.",
        baseline=baseline["text"],
        target=target["text"],
        now=reading.figure.text,
    )
    return {
        "title": say("{metric}: way to the target", metric=reading.name),
        "description": f"{ends} {words}.",
        "baseline_text": baseline["text"],
        "target_text": target["text"],
        "index": place,
        "text": words,
        "figures": {"baseline": baseline, "target": target, "index": index},
    }


def funnel_description(steps: Sequence[Row]) -> str:
    """Return the funnel in words: each stage's people and how many moved on."""
    parts = [_step_description(step) for step in steps]
    return f"{'; '.join(parts)}." if parts else say("No stages are published.")


def _step_description(step: Row) -> str:
    stage = f"{step['stage_name']} {step['figures']['members']['text']}"
    if step["is_last"] or step["move_on_ratio"] is None:
        return stage
    if not step["usual_text"]:
        return f"{stage} ({step['rate_text']})"
    usual = say("usual {range}", range=step["usual_text"])
    return f"{stage} ({step['rate_text']}, {usual})"


def conversation_panels(reading: Reading) -> list[Row]:
    """Return the last six weeks, and the average week of four-week blocks."""
    rows = reading.history
    blocks = []
    for end in range(len(rows), 3, -4):
        block = [row["value"] for row in rows[end - 4 : end]]
        known = [value for value in block if value is not None]
        mean = sum(known) / len(known) if known else None
        blocks.append((rows[end - 1]["week"], mean))
    return [
        {
            "title": say("Last six weeks"),
            "points": [_labelled(row["week"], row["value"]) for row in rows[-6:]],
        },
        {
            "title": say("Average week, in blocks of four weeks"),
            "points": [_labelled(week, mean) for week, mean in reversed(blocks[:7])],
        },
    ]


def _labelled(week: str, value: float | None) -> Row:
    return {
        "label": short_day_text(date.fromisoformat(week)),
        "value": value,
        "text": "" if value is None else number_text(value),
    }


def flow_rows(accounts: Sequence[Row]) -> list[Row]:
    """Return follower flow as steps from last week's total to this week's.

    Accounts that report only totals give one net step; others a gain and a loss.
    """
    known = [
        row
        for row in accounts
        if row["opening_count"] is not None and row["closing_count"] is not None
    ]
    if not known:
        return []
    level = sum(row["opening_count"] for row in known)
    rows = [_flow_row(say("Followers last week"), level, level, "total")]
    for row in known:
        for label, change in _changes(row):
            rows.append(_flow_row(label, level, level + change, ""))
            level += change
    return [*rows, _flow_row(say("Followers this week"), level, level, "total")]


def _changes(row: Row) -> list[tuple[str, float]]:
    name = row["platform"]
    if row["gained_count"] is None and row["lost_count"] is None:
        net = row["closing_count"] - row["opening_count"]
        return [(say("{platform}: net", platform=name), net)]
    gained, lost = row["gained_count"] or 0, row["lost_count"] or 0
    rest = row["closing_count"] - row["opening_count"] - gained + lost
    changes: list[tuple[str, float]] = [
        (say("{platform}: joined", platform=name), gained)
    ]
    if row["lost_count"] is not None:
        changes.append((say("{platform}: left", platform=name), -lost))
    if rest:
        message = mark("{platform}: correction")
        if row["lost_count"] is None:
            message = mark("{platform}: left, inferred")
        changes.append((say(message, platform=name), rest))
    return changes


def _flow_row(name: str, start: float, end: float, kind: str) -> Row:
    change = end - start
    text = number_text(end) if kind == "total" else change_text(change, "count")
    return {
        "name": name,
        "start": start,
        "end": end,
        "text": text,
        "kind": kind or ("gain" if change >= 0 else "loss"),
    }


def usual_note(reading: Reading) -> str:
    """Return a reading's usual range in words, or why there is none."""
    value = reading.figure.value
    usual = range_text(reading.low, reading.high, reading.unit, value)
    return say("usual {range}", range=usual) if usual else reading.tag.meaning
