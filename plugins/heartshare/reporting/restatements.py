"""What has changed since the last issue: figures of earlier weeks, and why."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from heartshare.reporting import series
from heartshare.reporting.wording import NOTHING, count_noun, value_text

if TYPE_CHECKING:
    from heartshare.reporting.scorecard import Published
    from heartshare.weeks import ReportingWeek

Row = dict[str, Any]

_CAUSES = {
    "definition_change": "the metric is defined anew",
    "deletion": "something was deleted",
    "late_export": "an export came late",
    "correction": "a newer export says so",
    "still_counted": "it was still being counted",
    "programme_file": "our own lists changed",
    "unexplained": "no file explains it",
}
#: More rows than this fill a page and tell less.
_SHOWN = 12


def restatements(
    published: Published, week: ReportingWeek, definitions: dict[str, Row]
) -> Row:
    """Return the printed figures that are no longer what the last issue said.

    Figures of parts, such as one platform, are in the table but not in the box. What
    was expected to move stands last.
    """
    rows = published.rows(
        "select * from marts.rpt_restatements "
        f"where week_start = date '{week.key}' and segment_kind_code = 'all' "
        "order by cause_code = 'still_counted', restated_week desc, metric_id"
    )
    return {
        "title": "Restated since the last issue",
        "headline": _headline(rows),
        "rows": [_line(row, definitions) for row in rows[:_SHOWN]],
        "further": max(len(rows) - _SHOWN, 0),
        "empty": "" if rows else "Every printed figure still holds.",
    }


def restatement_caveat(restated: Row) -> list[str]:
    """Return the note on figures that changed without having been expected to."""
    return [restated["headline"]] if restated["headline"] else []


def _headline(rows: list[Row]) -> str:
    unforeseen = [row for row in rows if row["cause_code"] != "still_counted"]
    if not unforeseen:
        return ""
    verb = "is" if len(unforeseen) == 1 else "are"
    return (
        f"{count_noun(len(unforeseen), 'figure')} of earlier weeks {verb} no longer "
        f"what {unforeseen[0]['issue_code']} printed."
    )


def _line(row: Row, definitions: dict[str, Row]) -> Row:
    definition = definitions.get(row["metric_id"], {})
    unit = definition.get("unit_code", "count")
    day = series.day(row["restated_week"])
    return {
        "metric_id": row["metric_id"],
        "name": definition.get("metric_name", row["metric_id"].replace("_", " ")),
        "week_text": f"Week {day.isocalendar().week}" if day else NOTHING,
        "printed_text": value_text(row["printed_value"], unit),
        "now_text": value_text(row["value"], unit),
        "cause": _CAUSES[row["cause_code"]],
        "evidence": (row["evidence_source_name"] or NOTHING).replace("_", " "),
    }
