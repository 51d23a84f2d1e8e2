"""Amounts and parts as SVG: tone, gaps to a target, and follower flow.

Pure functions over rows of facts.json, like charts.
"""

from __future__ import annotations

from typing import Any

from heartshare.language import say
from heartshare.reporting.charts import palette
from heartshare.reporting.charts.drawing import (
    Frame,
    Scale,
    figure,
    line,
    rectangle,
    sign,
    text,
    text_width,
)
from heartshare.reporting.wording import percent_text

Row = dict[str, Any]

#: Axes of parts up to this value are marked every tenth, longer ones every fifth.
_FINE_AXIS_END = 0.5


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
            say("too few scored"),
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
                say("{number}%", number=round(index * step * 100)),
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
        elements.append(sign("ring", across(row["talk"]), y, size * 0.34, palette.LINE))
    if row["ours"] is not None:
        shape = "down" if row["is_wide"] else "dot"
        elements.append(sign(shape, across(row["ours"]), y, size * 0.42, colour))
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
            elements.append(sign("dot", across(row["end"]), y, size * 0.42, colour))
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
        sign(
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
