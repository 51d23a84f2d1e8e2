"""Time series as SVG: a metric with its usual range, and small lines beside words.

Pure functions. Rows come from facts.json; a row's ``tone`` and ``mark`` were decided
with its tag, so a chart cannot call a movement something else than the text does.
"""

from __future__ import annotations

from datetime import date
from itertools import groupby
from typing import TYPE_CHECKING, Any

from heartshare.language import say
from heartshare.reporting.charts import palette
from heartshare.reporting.charts.drawing import (
    Frame,
    Scale,
    figure,
    line,
    path,
    polygon,
    sign,
    spread,
    text,
    text_width,
)
from heartshare.reporting.wording import short_day_text, short_month_text

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

Row = dict[str, Any]

#: Below this width in letters, the panels of a split line stand one above the other.
_SIDE_BY_SIDE_EMS = 50
_SHAPES = {"▲": "up", "▼": "down", "◆": "diamond", "●": "dot", "○": "dot"}


def limit_chart(
    name: str,
    frame: Frame,
    series: Row,
    *,
    show_weeks: bool = True,
) -> str:
    """Return a line over its usual range, with marks where a week was not routine.

    ``series`` holds title, description, points (week, value, lower, upper, mean, mark,
    tone, is_provisional), end_text, low_text and high_text.
    """
    points = _known(series["points"])
    unit = frame.unit
    if len(points) <= 1:
        words = _no_line(points, series["end_text"])
        note = text(0, frame.text * 1.5, words, frame.text)
        frame = Frame(frame.width, frame.text * 2.2, frame.text)
        return figure(name, frame, series["title"], series["description"], [note])
    labels = [series["end_text"], series["low_text"], series["high_text"]]
    room = max(text_width(label, frame.text * 1.3, bold=True) for label in labels)
    across = Scale(0, max(len(points) - 1, 1), 4 * unit, frame.width - room - 8 * unit)
    foot = frame.text * 2 if show_weeks else frame.text * 0.6
    up = Scale(*_domain(points), frame.height - foot, frame.text * 0.9)
    elements = [
        *_band(points, across, up, unit),
        *_zero_line(points, across, up, unit),
        *_breaks(points, across, frame, foot),
        *(_weeks(points, across, frame) if show_weeks else ()),
        path(
            [(across(i), up(row["value"])) for i, row in enumerate(points)],
            palette.LINE,
            1.1 * unit,
        ),
        *_marks(points, across, up, unit),
        *_end_labels(series, points, across, up, frame),
    ]
    return figure(name, frame, series["title"], series["description"], elements)


def _no_line(points: Sequence[Row], value: str) -> str:
    """Return what stands where a line would: one dot says less than its number."""
    if not points:
        return say("No values yet.")
    return say("First week with a figure: {value}. No line yet.", value=value)


def _domain(points: Sequence[Row]) -> tuple[float, float]:
    values = [
        row[key]
        for row in points
        for key in ("value", "lower", "upper")
        if row.get(key) is not None
    ]
    low, high = min(values), max(values)
    margin = (high - low or abs(high) or 1) * 0.06
    return low - margin, high + margin


def _band(points: Sequence[Row], across: Scale, up: Scale, unit: float) -> list[str]:
    """Draw the usual range that held in each week; weeks without one leave a gap."""
    elements = []
    dash = f"{unit:.2f} {2 * unit:.2f}"
    for is_known, weeks in _runs(points, lambda row: row["lower"] is not None):
        if not is_known:
            continue
        top = _edge(points, weeks, "upper", across, up)
        bottom = _edge(points, weeks, "lower", across, up)
        mean = _edge(points, weeks, "mean", across, up)
        elements.append(polygon([*top, *reversed(bottom)], palette.BAND))
        elements.append(path(mean, palette.MEAN, 0.6 * unit))
    for is_provisional, weeks in _runs(points, _has_provisional_range):
        if not is_provisional:
            continue
        for key in ("upper", "lower"):
            edge = _edge(points, weeks, key, across, up)
            elements.append(path(edge, palette.MEAN, 0.8 * unit, dash=dash))
    return elements


def _has_provisional_range(row: Row) -> bool:
    return row["is_provisional"] and row["lower"] is not None


def _runs(
    points: Sequence[Row], of: Callable[[Row], bool]
) -> Iterator[tuple[bool, list[int]]]:
    groups = groupby(enumerate(points), key=lambda one: bool(of(one[1])))
    for answer, group in groups:
        yield answer, [index for index, _ in group]


def _edge(
    points: Sequence[Row], weeks: Sequence[int], key: str, across: Scale, up: Scale
) -> list[tuple[float, float]]:
    """Return one line of the band: through its weeks, half a week beyond each end."""
    half = (across(1) - across(0)) / 2
    places = [(across(index), up(points[index][key])) for index in weeks]
    first = (max(places[0][0] - half, across(0)), places[0][1])
    last = (min(places[-1][0] + half, across(len(points) - 1)), places[-1][1])
    return [first, *places, last]


def _zero_line(
    points: Sequence[Row], across: Scale, up: Scale, unit: float
) -> list[str]:
    if not up.low < 0 < up.high or min(row["value"] for row in points) >= 0:
        return []
    right = across(len(points) - 1)
    dash = f"{1.5 * unit:.2f} {2 * unit:.2f}"
    y = up(0)
    return [
        line((across(0), y), (right, y), palette.MUTED, 0.6 * unit, dash=dash),
        text(across(0), y - 1.6 * unit, "0", 7 * unit, fill=palette.MUTED),
    ]


def _breaks(
    points: Sequence[Row], across: Scale, frame: Frame, foot: float
) -> list[str]:
    """Draw an upright line before each week from which another definition holds."""
    elements = []
    dash = f"{2 * frame.unit:.2f} {1.5 * frame.unit:.2f}"
    for index, row in enumerate(points):
        if not row.get("is_break"):
            continue
        x = across(max(index - 0.5, 0))
        ends = ((x, 0), (x, frame.height - foot))
        colour = palette.CAUTION
        elements += [
            line(*ends, colour, 0.8 * frame.unit, dash=dash),
            text(
                x - 2 * frame.unit,
                frame.text,
                say("new definition"),
                frame.text,
                fill=colour,
                anchor="end",
            ),
        ]
    return elements


def _weeks(points: Sequence[Row], across: Scale, frame: Frame) -> list[str]:
    base = frame.height - frame.text * 0.45
    tick = frame.height - frame.text * 1.6
    days = [date.fromisoformat(row["week"]) for row in points]
    elements = []
    last = text_width(short_day_text(days[-1]), frame.text)
    limit = across(len(points) - 1) - last - frame.text
    free_from = across(0)
    for index, day in enumerate(days):
        starts_month = index and day.month != days[index - 1].month
        label = short_month_text(day)
        x = across(index)
        width = text_width(label, frame.text)
        if starts_month and x >= free_from and x + width < limit:
            top = tick - 1.5 * frame.unit
            elements += [
                line((x, top), (x, tick), palette.MEAN, 0.6 * frame.unit),
                text(x, base, label, frame.text, fill=palette.MUTED, anchor="middle"),
            ]
            free_from = x + width * 1.6
    x = across(len(points) - 1)
    elements.append(
        text(
            x if x >= last else 0,
            base,
            short_day_text(days[-1]),
            frame.text,
            fill=palette.MUTED,
            anchor="end" if x >= last else "start",
        )
    )
    return elements


def _marks(points: Sequence[Row], across: Scale, up: Scale, unit: float) -> list[str]:
    elements = []
    for index, row in enumerate(points):
        is_last = index == len(points) - 1
        shape = _SHAPES[row["mark"]]
        size = (2.6 if shape != "dot" else 2.4 if is_last else 1.2) * unit
        colour = palette.MARKS[row["tone"]]
        if shape == "dot" and is_last:
            colour = palette.INK
        elements.append(sign(shape, across(index), up(row["value"]), size, colour))
    return elements


def _end_labels(
    series: Row, points: Sequence[Row], across: Scale, up: Scale, frame: Frame
) -> list[str]:
    last = points[-1]
    size = frame.text
    colour = {"good": palette.GOOD, "bad": palette.BAD}.get(last["tone"], palette.INK)
    labels = [(up(last["value"]), series["end_text"], colour, 700, size * 1.3)]
    if last["upper"] is not None:
        muted = palette.MUTED
        labels.append((up(last["upper"]), series["high_text"], muted, 400, size))
        labels.append((up(last["lower"]), series["low_text"], muted, 400, size))
    places = spread(
        [y for y, *_ in labels], size * 1.25, size * 0.7, frame.height - size * 1.6
    )
    x = across(len(points) - 1) + 5 * frame.unit
    return [
        text(x, y + big * 0.36, label, big, fill=fill, weight=weight)
        for y, (_, label, fill, weight, big) in zip(places, labels, strict=True)
    ]


def sparkline(name: str, frame: Frame, series: Row) -> str:
    """Return a small line of weekly counts against their usual level.

    ``series`` holds title, description, values (oldest first), usual and tone.
    """
    values = [value or 0 for value in series["values"]]
    unit = frame.unit
    if not values:
        return figure(name, frame, series["title"], series["description"], [])
    across = Scale(0, max(len(values) - 1, 1), 3 * unit, frame.width - 4 * unit)
    up = Scale(
        0, max([*values, series["usual"] or 0, 1]), frame.height - 3 * unit, 3.5 * unit
    )
    elements = []
    if series["usual"] is not None:
        y = up(series["usual"])
        dash = f"{1.5 * unit:.2f} {1.5 * unit:.2f}"
        ends = ((across(0), y), (across(len(values) - 1), y))
        elements.append(line(*ends, palette.MEAN, 0.7 * unit, dash=dash))
    places = [(across(i), up(value)) for i, value in enumerate(values)]
    is_signal = series["tone"] in {"good", "bad"}
    end = palette.MARKS[series["tone"]] if is_signal else palette.INK
    elements += [
        path(places, palette.LINE, 1.1 * unit),
        sign("up" if is_signal else "dot", *places[-1], 2.2 * unit, end),
    ]
    return figure(name, frame, series["title"], series["description"], elements)


def split_line(name: str, frame: Frame, series: Row) -> str:
    """Return two panels on their own scales: the last six weeks, then longer blocks.

    ``series`` holds title, description and panels; each panel has title and points
    (label, value).
    """
    gap = 16 * frame.unit
    panels = series["panels"]
    elements: list[str] = []
    is_stacked = frame.width / frame.text < _SIDE_BY_SIDE_EMS
    if all(len(_known(panel["points"])) <= 1 for panel in panels):
        lines = frame.text * 5.4
        height = len(panels) * (lines + gap) - gap if is_stacked else lines
        frame = Frame(frame.width, height, frame.text)
    if is_stacked:
        height = (frame.height - gap) / len(panels)
        for index, panel in enumerate(panels):
            corner = (0.0, index * (height + gap))
            elements += _panel(panel, corner, Frame(frame.width, height, frame.text))
        return figure(name, frame, series["title"], series["description"], elements)
    left = 0.0
    for panel, part in zip(panels, (0.46, 0.54), strict=True):
        width = (frame.width - gap) * part
        size = Frame(width, frame.height, frame.text)
        elements += _panel(panel, (left, 0.0), size)
        left += width + gap
    return figure(name, frame, series["title"], series["description"], elements)


def _known(points: Sequence[Row]) -> list[Row]:
    return [row for row in points if row["value"] is not None]


def _panel(panel: Row, corner: tuple[float, float], frame: Frame) -> list[str]:
    size, unit = frame.text, frame.unit
    left, top = corner
    foot = top + frame.height - size * 1.7
    points = _known(panel["points"])
    axis = line((left, foot), (left + frame.width, foot), palette.HAIRLINE, 0.7 * unit)
    title = text(left, top + size, panel["title"], size, fill=palette.MUTED)
    if len(points) <= 1:
        note = _no_line(points, points[0]["text"] if points else "")
        return [title, axis, text(left, top + size * 3, note, size)]
    ends = [
        max(text_width(row["label"], size), _figure_width(row, size))
        for row in (points[0], points[-1])
    ]
    inset = max(size * 1.7, *(width / 2 for width in ends))
    across = Scale(0, max(len(points) - 1, 1), left + inset, left + frame.width - inset)
    values = [row["value"] for row in points]
    low = min(values) - (max(values) - min(values) or 1) * 0.25
    up = Scale(low, max(values) or 1, foot - size * 0.5, top + size * 3.1)
    places = [(across(i), up(row["value"])) for i, row in enumerate(points)]
    elements = [title, axis, path(places, palette.FILL_STRONG, 1.4 * unit)]
    figures = _figures_apart(points, [x for x, _ in places], size)
    for index, (place, row) in enumerate(zip(places, points, strict=True)):
        is_last = row is points[-1]
        elements += _panel_point(row, place, foot, frame, is_last=is_last)
        if index in figures:
            x, above = place[0], place[1] - 3.6 * unit
            weight = 700 if is_last else 400
            elements.append(
                text(x, above, row["text"], size, weight=weight, anchor="middle")
            )
    return elements


def _figure_width(row: Row, size: float) -> float:
    """Return how wide a point's figure may be: bold digits are wider than letters."""
    return text_width(row["text"], size * 1.1, bold=True)


def _figures_apart(
    points: Sequence[Row], across: Sequence[float], size: float
) -> set[int]:
    """Return which points bear their figure: all that have room, the last one first.

    Then the highest and the lowest; figures of nine digits would cover each other.
    """
    order = sorted(range(len(points)), key=lambda index: points[index]["value"])
    kept: dict[int, tuple[float, float]] = {}
    for index in (len(points) - 1, order[-1], order[0], *range(len(points))):
        half = _figure_width(points[index], size) / 2
        left, right = across[index] - half, across[index] + half
        if all(right < start or left > end for start, end in kept.values()):
            kept[index] = (left, right)
    return set(kept)


def _panel_point(
    row: Row, place: tuple[float, float], foot: float, frame: Frame, *, is_last: bool
) -> list[str]:
    x, y = place
    size, unit = frame.text, frame.unit
    below = foot + size * 1.2
    return [
        sign("dot", x, y, (2.2 if is_last else 1.5) * unit, palette.FILL_STRONG),
        text(x, below, row["label"], size, fill=palette.MUTED, anchor="middle"),
    ]
