"""What parts the weeks that the charts show: new definitions, and stated changes."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from heartshare.reporting.programme_text import definition_break, process_change

if TYPE_CHECKING:
    from heartshare.reporting.scorecard import Published
    from heartshare.weeks import ReportingWeek

Row = dict[str, Any]

_WEEKS = 26


def definition_breaks(
    published: Published, week: ReportingWeek, definitions: dict[str, Row]
) -> list[Row]:
    """Return each break of a whole metric, then each stated change of process.

    Each with its note, the newest of its kind first.
    """
    breaks = published.rows(
        "select metric_id, metric_version, week_start from marts.fct_metric_weeks "
        "where is_definition_break and segment_kind_code = 'all' "
        f"and {_is_charted('week_start', week)} order by week_start desc, metric_id"
    )
    changes = published.rows(
        "select metric_id, limits_since_week, reason_text, is_judged "
        "from marts.fct_process_changes "
        f"where {_is_charted('limits_since_week', week)} "
        "order by limits_since_week desc, metric_id, changed_on"
    )
    return [
        *(_note(row, definitions.get(row["metric_id"], {})) for row in breaks),
        *(_stated(row, definitions.get(row["metric_id"], {})) for row in changes),
    ]


def _is_charted(column: str, week: ReportingWeek) -> str:
    """Return the condition that a week is among those that the charts show."""
    first = week.shift(1 - _WEEKS)
    return f"{column} between date '{first.key}' and date '{week.key}'"


def _note(row: Row, definition: Row) -> Row:
    name = definition.get("metric_name", row["metric_id"].replace("_", " "))
    day = date.fromisoformat(row["week_start"])
    return {
        "metric_id": row["metric_id"],
        "week": row["week_start"],
        "text": definition_break(name, row["metric_version"], day),
    }


def _stated(row: Row, definition: Row) -> Row:
    name = definition.get("metric_name", row["metric_id"])
    day = date.fromisoformat(row["limits_since_week"])
    return {
        "metric_id": row["metric_id"],
        "week": row["limits_since_week"],
        "text": process_change(
            None if row["metric_id"] == "all" else name,
            row["reason_text"],
            day,
            is_judged=row["is_judged"],
        ),
    }
