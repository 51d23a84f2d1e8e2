"""A metric over a month: sums of its weeks, or sums over sums; never means of rates."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from babel.dates import format_date

from heartshare.language import locale, say
from heartshare.reporting.editions.parts import cell, words
from heartshare.reporting.scorecard import literal
from heartshare.reporting.wording import day_text, number_text, signed_text

if TYPE_CHECKING:
    from datetime import date

    from heartshare.reporting.editions.periods import Month, Period
    from heartshare.reporting.scorecard import Published

Row = dict[str, Any]

#: A ratio over weeks; a week whose figure is withheld lends neither half of it.
_RATIO = (
    "sum(numerator) filter (where value is not null) "
    "/ nullif(sum(denominator) filter (where value is not null), 0)"
)


@dataclass(frozen=True)
class Metric:
    """One metric as its definition has it: id, name, unit, kind, and the way up."""

    metric_id: str
    name: str
    unit: str
    kind: str
    is_signed: bool
    better_direction: str

    @classmethod
    def of(cls, metric_id: str, definitions: dict[str, Row]) -> Metric:
        """Return a metric by its id, with what is published of its definition."""
        known = definitions.get(metric_id, {})
        return cls(
            metric_id,
            say(known.get("metric_name", metric_id.replace("_", " "))),
            known.get("unit_code", "count"),
            known.get("metric_kind_code", "flow"),
            bool(known.get("is_signed")),
            known.get("better_direction_code") or "none",
        )

    @property
    def is_additive(self) -> bool:
        """Whether the weeks of a month add up to the month."""
        return self.kind == "flow" and self.unit == "count"


def within(period: Period, column: str = "week_start") -> str:
    """Return the condition that a row belongs to a week of a period."""
    first, last = period.weeks[0].key, period.weeks[-1].key
    return f"{column} between date '{first}' and date '{last}'"


def total(published: Published, metric: Metric, month: Month) -> Row:
    """Return a month's figure: the sum of its weeks, or sums over sums of a ratio.

    What there is of a stock at the month's end is its figure. Weeks without a figure
    are left out; ``known_weeks`` says how many there are.
    """
    formula = "sum(value)" if metric.is_additive else _over_weeks(metric, month)
    return _cell(published, metric, month, formula)


def weekly(published: Published, metric: Metric, month: Month) -> Row:
    """Return a month's average week, or of others the month's; null unless whole."""
    formula = "sum(value) / count(value)"
    if not metric.is_additive:
        formula = _over_weeks(metric, month)
    whole = f"case when count(value) = {len(month.weeks)} then {formula} end"
    found = _cell(published, metric, month, whole)
    if metric.is_additive and found["value"] is not None:
        write = signed_text if metric.is_signed else number_text
        return found | {"text": write(found["value"], 1)}
    return found


def compared(published: Published, metric: Metric, month: Month, with_: Month) -> Row:
    """Return an earlier month's average week, unless the definition changed since."""
    changed = published.rows(
        "select 1 from marts.fct_metric_weeks "
        f"where metric_id = {literal(metric.metric_id)} and segment_kind_code = 'all' "
        f"and is_definition_break and week_start > date '{with_.weeks[0].key}' "
        f"and week_start <= date '{month.weeks[-1].key}' limit 1"
    )
    if changed:
        return words(say("defined anew"))
    return weekly(published, metric, with_)


def known_weeks(published: Published, metric: Metric, month: Month) -> Row:
    """Return how many weeks of a month have a figure of a metric."""
    return _cell(published, metric, month, "count(value)", unit="count")


def week_values(published: Published, metric: Metric, month: Month) -> list[Row]:
    """Return each week of a month with its value and signal, oldest first."""
    return published.rows(
        "select metric.week_start as week, metric.value, limits.signal_code "
        "from marts.fct_metric_weeks as metric left join marts.fct_metric_limits as "
        "limits using (metric_id, segment_kind_code, segment_code, week_start) where "
        f"metric_id = {literal(metric.metric_id)} and segment_kind_code = 'all' "
        f"and {within(month)} order by week_start"
    )


def month_text(month: Month) -> str:
    """Return a month as people write it, October 2026."""
    return format_date(month.first_day, "LLLL y", locale=locale())


def short_month_text(month: Month) -> str:
    """Return a month in few letters, such as Oct."""
    return format_date(month.first_day, "LLL", locale=locale())


def long_day_text(day: date) -> str:
    """Return a day with its year, such as 7 July 2026."""
    return f"{day_text(day)} {day.year}"


def _over_weeks(metric: Metric, month: Month) -> str:
    """Return the formula of a figure whose weeks do not add up.

    Medians and other durations have no halves to add, so they come out as null.
    """
    if metric.kind == "stock":
        return f"max(value) filter (where week_start = date '{month.weeks[-1].key}')"
    return _RATIO


def _cell(
    published: Published, metric: Metric, month: Month, formula: str, unit: str = ""
) -> Row:
    query = (
        f"select {formula} from marts.fct_metric_weeks "
        f"where metric_id = {literal(metric.metric_id)} "
        f"and segment_kind_code = 'all' and {within(month)}"
    )
    signed = metric.is_signed and not unit
    found = unit or ("score" if signed and metric.unit == "rate" else metric.unit)
    return cell(published, query, found, is_change=signed)
