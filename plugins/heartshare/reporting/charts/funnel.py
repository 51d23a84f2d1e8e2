"""The funnel as SVG: people at each stage, and what part of them moved on."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from heartshare.language import say
from heartshare.reporting.charts import palette
from heartshare.reporting.charts.drawing import (
    Frame,
    Scale,
    figure,
    fitting_size,
    line,
    rectangle,
    sign,
    text,
    text_width,
)
from heartshare.reporting.wording import NOTHING

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
        note = text(0, frame.text * 1.5, say("No stages yet."), frame.text)
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
    counts = (row["figures"]["members"]["text"] for row in steps)
    beside = max(text_width(count, size * 1.15, bold=True) for count in counts) + size
    end = right - max(size * 4.5, beside)
    bars = Scale(0, math.sqrt(largest), left, end)
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
    people = say("People at this stage now")
    elements = [text(columns.left, size, people, size, fill=muted)]
    if columns.strip:
        label = say("Moved on: this week and usual range")
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
        words = say("{rate}; usual {usual}", rate=words, usual=row["usual_text"])
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
    base, x = middle + size * 0.36, left + size * 0.4
    end = columns.strip.start if columns.strip else width
    letters = fitting_size(words, size, end - x, bold=is_stuck)
    elements += [
        sign(shape, left - size * 0.4, middle, half, colour),
        text(x, base, words, letters, fill=colour, weight=weight),
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
        elements.append(sign(shape, x, middle, size * 0.36, fill))
    label = row["usual_text"] or NOTHING
    x, y = frame.width - size * 0.3, middle + size * 0.36
    end_text = text(x, y, label, size, fill=colour, weight=weight, anchor="end")
    return [*elements, end_text]
