"""Amounts and parts as SVG: the funnel, tone, gaps to a target, and follower flow.

Pure functions over rows of facts.json, like charts.
"""

from __future__ import annotations

import math
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
from heartshare.reporting.wording import percent_text

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

#: Below this many letters of width the usual ranges are words, not strips.
_STRIP_EMS = 44


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
    has_strip = frame.width / size > _STRIP_EMS
    names = max(text_width(row["stage_name"], size * 1.1, bold=True) for row in steps)
    left = names + size * 1.2
    right = frame.width * (0.64 if has_strip else 1.0)
    longest = math.sqrt(max(max(_members(row) for row in steps), 1))
    bars = Scale(0, longest, left, right - size * 4.5)
    pitch = (frame.height - size * 2.0) / (len(steps) - 0.42)
    strip = _strip_scale(steps, frame, right) if has_strip else None
    elements = _funnel_head(frame, left, strip)
    for index, row in enumerate(steps):
        top = size * 1.9 + index * pitch
        elements += _stage(row, index, top, pitch * 0.54, left, bars, size)
        if index < len(steps) - 1:
            middle = top + pitch * 0.77
            elements += _step(row, middle, pitch * 0.42, left, frame, strip)
    return figure(name, frame, chart["title"], chart["description"], elements)


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


def _funnel_head(frame: Frame, left: float, strip: Scale | None) -> list[str]:
    size = frame.text
    elements = [text(left, size, "People at this stage now", size, fill=palette.MUTED)]
    if strip:
        label = "Moved on: this week and usual range"
        elements.append(
            text(frame.width, size, label, size, fill=palette.MUTED, anchor="end")
        )
    return elements


def _stage(
    row: Row,
    index: int,
    top: float,
    height: float,
    left: float,
    bars: Scale,
    size: float,
) -> list[str]:
    end = max(bars(math.sqrt(_members(row))), left + size * 0.3)
    base = top + height / 2 + size * 0.4
    fill = _STAGE_FILLS[min(index, len(_STAGE_FILLS) - 1)]
    elements = [
        text(0, base, row["stage_name"], size * 1.1, weight=600),
        rectangle(left, top, end - left, height, fill),
    ]
    count = row["figures"]["members"]["text"]
    width = text_width(count, size * 1.15, bold=True)
    if end - left > width + size and fill not in {
        palette.FILL_STRONG,
        palette.FILL_DEEP,
    }:
        elements.append(text(left + size * 0.5, base, count, size * 1.15, weight=700))
    else:
        elements.append(text(end + size * 0.5, base, count, size * 1.15, weight=700))
    return elements


def _step(
    row: Row,
    middle: float,
    height: float,
    left: float,
    frame: Frame,
    strip: Scale | None,
) -> list[str]:
    size = frame.text
    base = middle + size * 0.36
    colour = palette.BAD if row["is_stuck"] else palette.MUTED
    weight = 700 if row["is_stuck"] else 400
    words = row["rate_text"]
    if strip is None and row["usual_text"]:
        words = f"{words}; usual {row['usual_text']}"
    elements = []
    if row["is_stuck"]:
        elements.append(
            rectangle(
                left - size * 1.1,
                middle - height / 2,
                frame.width - left + size * 1.1,
                height,
                palette.FILL_BAD_LIGHT,
                radius=size * 0.3,
            )
        )
        colour = palette.TAGS["bad"][0]
    shape = "down" if row["is_stuck"] else "dot"
    elements += [
        mark(
            shape,
            left - size * 0.4,
            middle,
            size * (0.34 if row["is_stuck"] else 0.12),
            colour,
        ),
        text(left + size * 0.4, base, words, size, fill=colour, weight=weight),
    ]
    if strip is not None:
        elements += _strip(row, middle, base, frame, strip, colour, weight)
    return elements


def _strip(
    row: Row,
    middle: float,
    base: float,
    frame: Frame,
    strip: Scale,
    colour: str,
    weight: int,
) -> list[str]:
    size = frame.text
    elements = [
        line((strip.start, middle), (strip.end, middle), palette.HAIRLINE, size * 0.1)
    ]
    if row["usual_low_ratio"] is not None and row["usual_high_ratio"] is not None:
        start, end = (
            strip(max(row["usual_low_ratio"], 0)),
            strip(row["usual_high_ratio"]),
        )
        elements.append(
            rectangle(
                start,
                middle - size * 0.32,
                max(end - start, size * 0.2),
                size * 0.64,
                palette.FILL_LIGHT,
            )
        )
    if row["move_on_ratio"] is not None:
        shape = "down" if row["is_stuck"] else "dot"
        x = strip(min(row["move_on_ratio"], strip.high))
        fill = palette.BAD if row["is_stuck"] else palette.INK
        elements.append(mark(shape, x, middle, size * 0.36, fill))
    label = row["usual_text"] or "not known"
    elements.append(
        text(
            frame.width - size * 0.3,
            base,
            label,
            size,
            fill=colour,
            weight=weight,
            anchor="end",
        )
    )
    return elements


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
    step = 0.1 if highest <= 0.5 else 0.2
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
