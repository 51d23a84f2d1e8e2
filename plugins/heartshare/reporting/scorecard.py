"""What the published marts say: figures with the query that yields them, and series.

Every figure keeps its SQL, so that anyone can run it on the published file and get
the number that is printed. Nothing here decides what a number means.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from functools import cached_property
from typing import TYPE_CHECKING, Any, Protocol

from heartshare.errors import InputError
from heartshare.language import mark, say
from heartshare.reporting.signals_text import JUDGED_KINDS, Tag, tag_for
from heartshare.reporting.wording import (
    change_text,
    percent_text,
    telling_decimals,
    value_text,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from heartshare.weeks import ReportingWeek

#: Tables that every report reads; a revision without one of them is not ours.
REQUIRED_TABLES = (
    "fct_metric_weeks",
    "fct_metric_limits",
    "fct_process_changes",
    "agg_weekly_funnel",
    "agg_weekly_topics",
    "rpt_metric_definitions",
    "rpt_weekly_scorecard",
    "rpt_weekly_funnel",
    "rpt_weekly_issues",
    "rpt_weekly_emerging",
    "rpt_weekly_tone",
    "rpt_weekly_followers",
    "rpt_weekly_styles",
    "rpt_weekly_alignment",
    "rpt_weekly_volume",
    "rpt_weekly_sources",
    "rpt_weekly_actions",
    "rpt_restatements",
    "agg_weekly_employees",
    "agg_halfyear_recognition",
    "fct_employee_zones",
    "rpt_employee_programme",
    "rpt_content_to_share",
    "rpt_blind_spots",
    "agg_segment_aspine",
)

Row = dict[str, Any]

AMEC_LEVELS = {
    "input": mark("input"),
    "activity": mark("activity"),
    "output": mark("output"),
    "out_take": mark("out-take"),
    "outcome": mark("outcome"),
    "impact": mark("impact"),
}
#: Texts of a metric's definition that the catalogue knows.
_SAID = ("metric_name", "question_text", "formula_text", "grain_text")


class Connection(Protocol):
    """An open connection to a published heartshare.duckdb."""

    def execute(self, query: str) -> Any:  # noqa: ANN401 - DuckDB's own result type
        """Run one query."""


class PublishedTableMissingError(InputError):
    """A published revision lacks tables that the report reads."""

    def __init__(self, tables: list[str]) -> None:
        super().__init__(
            f"the published file lacks marts.{', marts.'.join(tables)}. "
            "Publish the week again: heartshare publish --week WEEK."
        )


class FigureQueryError(InputError):
    """A figure's query gives more or less than one value."""

    def __init__(self, query: str, rows: int) -> None:
        super().__init__(
            f"expected at most one row, found {rows}: {query}. "
            "The table has rows that share one grain; look at its unique test."
        )


@dataclass(frozen=True)
class Figure:
    """One printed number: its value, its text and the query that yields the value."""

    value: float | None
    text: str
    query: str

    def to_dict(self) -> Row:
        """Return the figure as facts.json stores it."""
        return {"value": self.value, "text": self.text, "query": self.query}


@dataclass(frozen=True)
class Reading:
    """One metric in one week: its definition, figure, tag, usual range and history.

    ``history`` holds the last weeks in time order, each with week, value, lower,
    upper, mean, signal_code, is_mature, baseline_weeks and late_weeks; nulls where not
    known.
    """

    metric_id: str
    name: str
    unit: str
    amec_level: str
    better_direction: str
    figure: Figure
    tag: Tag
    low: float | None
    high: float | None
    mean: float | None
    moving_range: float | None
    baseline_weeks: int | None
    late_weeks: int | None
    size: int | None
    coverage: float | None
    is_mature: bool
    history: list[Row]

    @property
    def rests_on_late_posts(self) -> bool:
        """Whether posts that were read late are in its usual range."""
        return self.low is not None and bool(self.late_weeks)


class Published:
    """A published revision, read through one connection."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def require_tables(self, wanted: Sequence[str] = REQUIRED_TABLES) -> None:
        """Refuse a file that lacks a table of the report, or of those named.

        Raises:
            PublishedTableMissingError: naming every absent table.
        """
        found = {
            row["table_name"]
            for row in self.rows(
                "select table_name from information_schema.tables "
                "where table_schema = 'marts'"
            )
        }
        missing = [name for name in wanted if name not in found]
        if missing:
            raise PublishedTableMissingError(missing)

    def has_table(self, name: str) -> bool:
        """Return whether a revision has a table that older ones lack."""
        return bool(
            self.rows(
                "select table_name from information_schema.tables "
                f"where table_schema = 'marts' and table_name = {literal(name)}"
            )
        )

    @cached_property
    def _late_weeks(self) -> str:
        """What counts a range's weeks that were read late; null in older revisions."""
        known = self.rows(
            "select column_name from information_schema.columns "
            "where table_schema = 'marts' and table_name = 'fct_metric_limits' "
            "and column_name = 'late_week_count'"
        )
        return "limits.late_week_count" if known else "null"

    def rows(self, query: str) -> list[Row]:
        """Return a query's rows as dictionaries of plain JSON-ready values."""
        result = self._connection.execute(query)
        names = [column[0] for column in result.description]
        return [
            {name: plain(value) for name, value in zip(names, row, strict=True)}
            for row in result.fetchall()
        ]

    def week_rows(self, table: str, week: ReportingWeek, order: str) -> list[Row]:
        """Return a published table's rows of one week, in an order of columns."""
        return self.rows(
            f"select * from marts.{table} where week_start = date '{week.key}' "
            f"order by {order}"
        )

    def figure(self, query: str, unit: str, *, is_change: bool = False) -> Figure:
        """Return the one value of a query as a figure; no row is a null figure.

        Raises:
            FigureQueryError: when the query gives more than one row.
        """
        rows = self.rows(query)
        if len(rows) > 1:
            raise FigureQueryError(query, len(rows))
        value = next(iter(rows[0].values())) if rows else None
        text = change_text(value, unit) if is_change else value_text(value, unit)
        return Figure(value, text, query)

    def definitions(self, week: ReportingWeek) -> dict[str, Row]:
        """Return the definition of each metric that holds in a week, by id."""
        rows = self.rows(
            "select * from marts.rpt_metric_definitions "
            f"where valid_from <= date '{week.key}' "
            "order by metric_id, valid_from, metric_version"
        )
        return {row["metric_id"]: _said(row) for row in rows}

    def theme_names(self, week: ReportingWeek) -> dict[str, str]:
        """Return the name of each theme that is in force in a week, by its code."""
        rows = self.week_rows("rpt_weekly_alignment", week, "theme_code")
        return {row["theme_code"]: row["theme_name"] for row in rows}

    def reading(
        self,
        metric_id: str,
        week: ReportingWeek,
        definitions: dict[str, Row],
        *,
        weeks: int = 26,
        segment: tuple[str, str] = ("all", "all"),
    ) -> Reading:
        """Return one metric's reading of a week with its history up to that week."""
        definition = definitions.get(metric_id, {})
        unit = definition.get("unit_code", "count")
        better = definition.get("better_direction_code") or "none"
        is_signed = bool(definition.get("is_signed"))
        if is_signed and unit == "rate":
            unit = "score"
        where = f"metric_id = {literal(metric_id)} and {_segment(segment)}"
        figure = self.figure(
            f"select value from marts.fct_metric_weeks where {where} "
            f"and week_start = date '{week.key}'",
            unit,
            is_change=is_signed,
        )
        history = self._history(where, week, weeks)
        if unit == "ratio":
            history = [_within_one(row) for row in history]
        kind = definition.get("metric_kind_code", "flow")
        unjudged = "too_early" if kind in JUDGED_KINDS else "not_judged"
        if figure.value is None:
            unjudged = "absent"
        last = history[-1] if history and history[-1]["week"] == week.key else {}
        if unit == "ratio" and figure.value is not None:
            decimals = telling_decimals(
                figure.value, last.get("lower"), last.get("upper"), unit
            )
            figure = replace(figure, text=percent_text(figure.value, decimals))
        return Reading(
            metric_id=metric_id,
            name=definition.get("metric_name", metric_id.replace("_", " ")),
            unit=unit,
            amec_level=amec_level(definition.get("amec_level_code") or ""),
            better_direction=better,
            figure=figure,
            tag=tag_for(last.get("signal_code") or unjudged, better),
            low=last.get("lower"),
            high=last.get("upper"),
            mean=last.get("mean"),
            moving_range=last.get("moving_range"),
            baseline_weeks=last.get("baseline_weeks"),
            late_weeks=last.get("late_weeks"),
            size=last.get("size"),
            coverage=last.get("coverage"),
            is_mature=last.get("is_mature") is not False,
            history=history,
        )

    def limit_figures(
        self,
        reading: Reading,
        week: ReportingWeek,
        *,
        segment: tuple[str, str] = ("all", "all"),
    ) -> Row:
        """Return a reading's usual range and average as figures: low, high, mean."""
        where = (
            f"metric_id = {literal(reading.metric_id)} and {_segment(segment)} "
            f"and week_start = date '{week.key}'"
        )
        cut = "least(upper_limit, 1)" if reading.unit == "ratio" else "upper_limit"
        columns = {"low": "lower_limit", "high": cut, "mean": "mean_value"}
        return {
            name: self.figure(
                f"select {column} from marts.fct_metric_limits where {where}",
                reading.unit,
            ).to_dict()
            for name, column in columns.items()
        }

    def _history(self, where: str, week: ReportingWeek, weeks: int) -> list[Row]:
        rows = self.rows(
            f"""
            select
                metric.week_start as week,
                metric.value,
                metric.n as size,
                metric.coverage_ratio as coverage,
                metric.is_mature,
                metric.is_definition_break as is_break,
                limits.lower_limit as lower,
                limits.upper_limit as upper,
                limits.mean_value as mean,
                limits.moving_range_value as moving_range,
                limits.baseline_week_count as baseline_weeks,
                {self._late_weeks} as late_weeks,
                limits.signal_code
            from marts.fct_metric_weeks as metric
            left join marts.fct_metric_limits as limits
                using (metric_id, segment_kind_code, segment_code, week_start)
            where {where}
                and week_start between date '{week.shift(1 - weeks).key}'
                and date '{week.key}'
            order by week_start
            """
        )
        first = next((i for i, row in enumerate(rows) if row["value"] is not None), 0)
        return rows[first:]


def amec_level(code: str) -> str:
    """Return the level of measurement of a metric as readers know it."""
    return say(AMEC_LEVELS.get(code, code.replace("_", "-")))


def _said(definition: Row) -> Row:
    """Say what is ours in a definition in the language in force."""
    return definition | {name: say(definition[name] or "") for name in _SAID}


def _within_one(row: Row) -> Row:
    """Cut a usual range off at 100%, which no ratio can exceed."""
    upper = row["upper"]
    return row if upper is None else row | {"upper": min(upper, 1.0)}


def plain(value: object) -> Any:  # noqa: ANN401 - any JSON value
    """Return a database value as JSON can hold it: dates as ISO text."""
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return float(value)
    return value


def literal(text: str) -> str:
    """Return a text as an SQL literal."""
    return "'" + text.replace("'", "''") + "'"


def _segment(segment: tuple[str, str]) -> str:
    kind, code = segment
    return f"segment_kind_code = {literal(kind)} and segment_code = {literal(code)}"
