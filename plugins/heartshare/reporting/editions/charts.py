"""A metric's weeks of a month and the average weeks of months, as one chart."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from heartshare.language import say
from heartshare.reporting.editions.sums import (
    Metric,
    month_text,
    short_month_text,
    weekly,
)
from heartshare.reporting.wording import (
    MISSING,
    number_text,
    short_day_text,
    signed_text,
)

if TYPE_CHECKING:
    from heartshare.reporting.editions.periods import Month
    from heartshare.reporting.scorecard import Published

Row = dict[str, Any]

#: Months that a chart shows, the edition's own included.
MONTHS = 12
#: From this many points on, their values would touch each other.
_CROWD = 8


def month_chart(
    published: Published, metric: Metric, month: Month, values: list[Row]
) -> Row:
    """Return the weeks of a month beside the average week of up to twelve months.

    ``values`` are the weeks with value, oldest first. A month counts if all of its
    weeks have a figure; those before the first are left out.
    """
    weeks = _labelled(
        [_point(week_text(row["week"]), row["value"], metric, 0) for row in values]
    )
    averages = [
        (one, weekly(published, metric, one))
        for one in (month.shift(back) for back in range(1 - MONTHS, 1))
    ]
    known = [
        place for place, (_, one) in enumerate(averages) if one["value"] is not None
    ]
    months = _labelled(
        [
            _point(short_month_text(one), figure["value"], metric, 1)
            | {"query": figure["query"]}
            for one, figure in averages[known[0] if known else MONTHS :]
        ]
    )
    return {
        "title": metric.name,
        "description": say(
            "Weeks of {month}: {weeks}. Average week of each month: {months}.",
            month=month_text(month),
            weeks=_read_out(weeks),
            months=_read_out(months),
        ),
        "panels": [
            {"title": say("Weeks of {month}", month=month_text(month)),
             "points": weeks},
            {"title": say("Average week of each month"), "points": months},
        ],
    }  # fmt: skip


def week_text(monday: str) -> str:
    """Return the Monday of a week, given as ISO text, in few letters."""
    return short_day_text(date.fromisoformat(monday[:10]))


def _point(label: str, value: float | None, metric: Metric, decimals: int) -> Row:
    text = ""
    if value is not None:
        write = signed_text if metric.is_signed else number_text
        text = write(value, decimals)
    return {"label": label, "value": value, "told": text}


def _labelled(points: list[Row]) -> list[Row]:
    """Write values beside all points, of many beside every other up to the last.

    ``told`` keeps the value of each for the table that stands for the chart.
    """
    last = len(points) - 1
    return [
        one | {"text": one["told"] if last < _CROWD or (last - i) % 2 == 0 else ""}
        for i, one in enumerate(points)
    ]


def _read_out(points: list[Row]) -> str:
    parts = [f"{one['label']} {one['told'] or say(MISSING)}" for one in points]
    return "; ".join(parts) if parts else say("not known yet")
