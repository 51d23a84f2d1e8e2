"""Amounts and parts as SVG: the funnel, tone, gaps to a target, and follower flow.

Pure functions over rows of facts.json, like charts.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from heartshare.reporting import palette
from heartshare.reporting.drawing import (
    Frame,
    Scale,
    figure,
    line,
    mark,
    rectangle,
    text,
    text_width,
)
from heartshare.reporting.wording import NOTHING, percent_text

if TYPE_CHECKING:
    from collections.abc import Sequence

Row = dict[str, Any]

_STAGE_FILLS = (
    palette.FILL_LIGHT,
    palette.FILL_LIGHT,
    palette.FILL_MIDDLE,
    palette.FILL_MIDDLE,
    palette.FILL_STRONG,
    palette.FILL_STRONG,
    palette.FILL_DEEP,
)

#: Axes of parts up to this value are marked every tenth, longer ones every fifth.
_FINE_AXIS_END = 0.5

#: Below this many letters of width the usual ranges are words, not strips.
_STRIP_EMS = 44


@dataclass(frozen=True)
class _Columns:
    """Where the funnel's columns stand: bars from left, strips of usual range right."""

    frame: Frame
    left: float
    bars: Scale
    strip: Scale | None


def funnel(name: str, frame: Frame, chart: Row) -> str:
    """Return the stages as bars with the move-on rate between them.

    Bars grow with the square root of the members, so that seven stages fit one
    scale. ``chart`` holds title, description and steps (stage_name, figures,
    move_on_ratio, rate_text, usual_text, usual_low_ratio, usual_high_ratio, is_stuck).
    """
    steps = chart["steps"]
    if not steps:
        note = text(0, frame.text * 1.5, "No stages yet.", frame.text)
        return figure(name, frame, chart["title"], chart["description"], [note])
    size = frame.text
    columns = _columns(steps, frame)
    pitch = (frame.height - size * 2.0) / (len(steps) - 0.42)
    elements = _funnel_head(columns)
    for index, row in enumerate(steps):
        top = size * 1.9 + index * pitch
        fill = _STAGE_FILLS[min(index, len(_STAGE_FILLS) - 1)]
        elements += _stage(row, fill, (top, pitch * 0.54), columns)
        if index < len(steps) - 1:
            elements += _step(row, (top + pitch * 0.77, pitch * 0.42), columns)
    return figure(name, frame, chart["title"], chart["description"], elements)


def _columns(steps: Sequence[Row], frame: Frame) -> _Columns:
    size = frame.text
    names = max(text_width(row["stage_name"], size * 1.1, bold=True) for row in steps)
    left = names + size * 1.2
    has_strip = frame.width / size > _STRIP_EMS
    right = frame.width * (0.64 if has_strip else 1.0)
    largest = max(1.0, *(_members(row) for row in steps))
    bars = Scale(0, math.sqrt(largest), left, right - size * 4.5)
    strip = _strip_scale(steps, frame, right) if has_strip else None
    return _Columns(frame, left, bars, strip)


def _members(row: Row) -> float:
    return row["figures"]["members"]["value"] or 0


def _strip_scale(steps: Sequence[Row], frame: Frame, right: float) -> Scale:
    ratios = [
        row[key]
        for row in steps
        for key in ("move_on_ratio", "usual_high_ratio")
        if row[key] is not None
    ]
    room = frame.text * 5.2
    return Scale(0, max([*ratios, 0.05]), right + frame.text, frame.width - room)


def _funnel_head(columns: _Columns) -> list[str]:
    size, muted = columns.frame.text, palette.MUTED
    elements = [text(columns.left, size, "People at this stage now", size, fill=muted)]
    if columns.strip:
        label = "Moved on: this week and usual range"
        right = columns.frame.width
        elements.append(text(right, size, label, size, fill=muted, anchor="end"))
    return elements


def _stage(
    row: Row, fill: str, place: tuple[float, float], columns: _Columns
) -> list[str]:
    top, height = place
    size, left = columns.frame.text, columns.left
    end = max(columns.bars(math.sqrt(_members(row))), left + size * 0.3)
    base = top + height / 2 + size * 0.4
    count = row["figures"]["members"]["text"]
    is_dark = fill in {palette.FILL_STRONG, palette.FILL_DEEP}
    fits = end - left > text_width(count, size * 1.15, bold=True) + size
    inside = fits and not is_dark
    x = (left if inside else end) + size * 0.5
    return [
        text(0, base, row["stage_name"], size * 1.1, weight=600),
        rectangle(left, top, end - left, height, fill),
        text(x, base, count, size * 1.15, weight=700),
    ]


def _step(row: Row, place: tuple[float, float], columns: _Columns) -> list[str]:
    middle, height = place
    size, left, width = columns.frame.text, columns.left, columns.frame.width
    is_stuck = row["is_stuck"]
    words = row["rate_text"]
    if columns.strip is None and row["usual_text"]:
        words = f"{words}; usual {row['usual_text']}"
    elements = []
    if is_stuck:
        ground = left - size * 1.1
        elements.append(
            rectangle(
                ground,
                middle - height / 2,
                width - ground,
                height,
                palette.FILL_BAD_LIGHT,
                radius=size * 0.3,
            )
        )
    colour, weight = _step_style(row)
    shape, half = ("down", size * 0.34) if is_stuck else ("dot", size * 0.12)
    base = middle + size * 0.36
    elements += [
        mark(shape, left - size * 0.4, middle, half, colour),
        text(left + size * 0.4, base, words, size, fill=colour, weight=weight),
    ]
    if columns.strip is not None:
        elements += _strip(row, middle, columns.strip, columns.frame)
    return elements


def _step_style(row: Row) -> tuple[str, int]:
    return (palette.TAGS["bad"][0], 700) if row["is_stuck"] else (palette.MUTED, 400)


def _strip(row: Row, middle: float, strip: Scale, frame: Frame) -> list[str]:
    size = frame.text
    colour, weight = _step_style(row)
    axis = ((strip.start, middle), (strip.end, middle))
    elements = [line(*axis, palette.HAIRLINE, size * 0.1)]
    low, high = row["usual_low_ratio"], row["usual_high_ratio"]
    if low is not None and high is not None:
        start, end = strip(max(low, 0)), strip(high)
        width = max(end - start, size * 0.2)
        top, height = middle - size * 0.32, size * 0.64
        elements.append(rectangle(start, top, width, height, palette.FILL_LIGHT))
    if row["move_on_ratio"] is not None:
        shape = "down" if row["is_stuck"] else "dot"
        fill = palette.BAD if row["is_stuck"] else palette.INK
        x = strip(min(row["move_on_ratio"], strip.high))
        elements.append(mark(shape, x, middle, size * 0.36, fill))
    label = row["usual_text"] or NOTHING
    x, y = frame.width - size * 0.3, middle + size * 0.36
    end_text = text(x, y, label, size, fill=colour, weight=weight, anchor="end")
    return [*elements, end_text]


def tone_bar(name: str, frame: Frame, row: Row) -> str:
    """Return negative and positive parts of a theme's posts, either side of a line.

    ``row`` holds title, description, negative and positive ratios, null if tone is
    not scored.
    """
    size = frame.text
    middle = frame.width / 2
    if row["negative"] is None or row["positive"] is None:
        note = text(
            middle,
            frame.height / 2 + size * 0.36,
            "too few scored",
            size,
            fill=palette.MUTED,
            anchor="middle",
        )
        return figure(name, frame, row["title"], row["description"], [note])
    room = middle - size * 2.6
    bad, good = room * row["negative"], room * row["positive"]
    top, height = frame.height * 0.16, frame.height * 0.68
    base = frame.height / 2 + size * 0.36
    elements = [
        rectangle(middle - bad, top, bad, height, palette.FILL_BAD),
        rectangle(middle, top, good, height, palette.FILL_MIDDLE),
        line((middle, 0), (middle, frame.height), palette.INK, size * 0.11),
        text(
            middle - bad - size * 0.3,
            base,
            percent_text(row["negative"]),
            size,
            fill=palette.TAGS["bad"][0],
            anchor="end",
        ),
        text(
            middle + good + size * 0.3,
            base,
            percent_text(row["positive"]),
            size,
            fill=palette.TAGS["good"][0],
        ),
    ]
    return figure(name, frame, row["title"], row["description"], elements)


def dumbbell(name: str, frame: Frame, chart: Row) -> str:
    """Return each theme's weight as a line, our content and the talk as marks.

    ``chart`` holds title, description and rows (name, weight, ours, talk, gap_text,
    is_wide).
    """
    size = frame.text
    rows = chart["rows"]
    names = max((text_width(row["name"], size) for row in rows), default=0)
    highest = max(
        (row[k] or 0 for row in rows for k in ("weight", "ours", "talk")), default=0
    )
    across = Scale(0, highest or 1, names + size * 1.5, frame.width - size * 5)
    foot = size * 1.7
    pitch = (frame.height - foot) / max(len(rows), 1)
    elements = []
    step = 0.1 if highest <= _FINE_AXIS_END else 0.2
    for index in range(int(highest / step + 1e-9) + 1):
        x = across(index * step)
        elements += [
            line((x, 0), (x, frame.height - foot), palette.HAIRLINE, size * 0.08),
            text(
                x,
                frame.height - size * 0.4,
                f"{round(index * step * 100)}%",
                size,
                fill=palette.MUTED,
                anchor="middle",
            ),
        ]
    for index, row in enumerate(rows):
        elements += _dumbbell_row(row, pitch * (index + 0.5), across, frame)
    return figure(name, frame, chart["title"], chart["description"], elements)


def _dumbbell_row(row: Row, y: float, across: Scale, frame: Frame) -> list[str]:
    size = frame.text
    colour = palette.BAD if row["is_wide"] else palette.GOOD
    elements = [text(0, y + size * 0.36, row["name"], size)]
    weight = across(row["weight"])
    if row["ours"] is not None:
        ours = across(row["ours"])
        elements.append(line((weight, y), (ours, y), colour, size * 0.28))
    if row["talk"] is not None:
        elements.append(mark("ring", across(row["talk"]), y, size * 0.34, palette.LINE))
    if row["ours"] is not None:
        shape = "down" if row["is_wide"] else "dot"
        elements.append(mark(shape, across(row["ours"]), y, size * 0.42, colour))
    half = size * 0.75
    elements += [
        line((weight, y - half), (weight, y + half), palette.INK, size * 0.24),
        text(
            frame.width,
            y + size * 0.36,
            row["gap_text"],
            size,
            fill=palette.TAGS["bad" if row["is_wide"] else "neutral"][0],
            weight=600,
            anchor="end",
        ),
    ]
    return elements


def waterfall(name: str, frame: Frame, chart: Row) -> str:
    """Return follower flow from last week's total to this week's, one row a movement.

    Totals are dots, not bars, because the axis does not start at zero. ``chart``
    holds title, description and rows (name, text, start, end, kind: total, gain or
    loss).
    """
    size = frame.text
    rows = chart["rows"]
    names = max((text_width(row["name"], size) for row in rows), default=0)
    ends = [row[key] for row in rows for key in ("start", "end")]
    low, high = (min(ends), max(ends)) if ends else (0, 1)
    across = Scale(low, high, names + size * 2, frame.width - size * 5)
    pitch = frame.height / max(len(rows), 1)
    elements = []
    for index, row in enumerate(rows):
        y = pitch * (index + 0.5)
        is_total = row["kind"] == "total"
        elements.append(
            text(0, y + size * 0.36, row["name"], size, weight=600 if is_total else 400)
        )
        colours = {"total": palette.INK, "gain": palette.GOOD, "loss": palette.BAD}
        colour = colours[row["kind"]]
        if is_total:
            elements.append(mark("dot", across(row["end"]), y, size * 0.42, colour))
        else:
            left, right = sorted((across(row["start"]), across(row["end"])))
            width = max(right - left, size * 0.2)
            elements.append(
                rectangle(left, y - pitch * 0.3, width, pitch * 0.6, colour)
            )
        if index + 1 < len(rows):
            x = across(row["end"])
            below = (x, y + pitch * 0.7)
            elements.append(
                line((x, y + pitch * 0.3), below, palette.MEAN, size * 0.08)
            )
        elements.append(
            text(
                frame.width,
                y + size * 0.36,
                row["text"],
                size,
                fill=colour,
                weight=600,
                anchor="end",
            )
        )
    return figure(name, frame, chart["title"], chart["description"], elements)


def target_bar(name: str, frame: Frame, chart: Row) -> str:
    """Return the way from baseline to target with a mark where the outcome stands.

    ``chart`` holds title, description, baseline_text, target_text and index (0 at the
    baseline, 100 at the target).
    """
    size = frame.text
    ends = (
        text_width(chart["baseline_text"], size),
        text_width(chart["target_text"], size),
    )
    across = Scale(0, 100, ends[0] + size * 0.9, frame.width - ends[1] - size * 0.9)
    y = frame.height / 2
    place = across(min(max(chart["index"], 0), 100))
    is_behind = chart["index"] < 0
    elements = [
        text(0, y + size * 0.36, chart["baseline_text"], size, fill=palette.MUTED),
        line((across(0), y), (across(100), y), palette.HAIRLINE, size * 0.36),
        line((across(0), y), (place, y), palette.FILL_STRONG, size * 0.36),
        line(
            (across(100), y - size * 0.6),
            (across(100), y + size * 0.6),
            palette.INK,
            size * 0.22,
        ),
        mark(
            "down" if is_behind else "dot",
            place,
            y,
            size * 0.44,
            palette.BAD if is_behind else palette.FILL_DEEP,
        ),
        text(
            frame.width,
            y + size * 0.36,
            chart["target_text"],
            size,
            fill=palette.MUTED,
            anchor="end",
        ),
    ]
    return figure(name, frame, chart["title"], chart["description"], elements)
