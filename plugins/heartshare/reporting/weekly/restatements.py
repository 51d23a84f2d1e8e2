"""What has changed since the last issue: figures of earlier weeks, and why."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from heartshare.language import mark, say, say_many
from heartshare.reporting.charts import series
from heartshare.reporting.wording import NOTHING, number_text, value_text

if TYPE_CHECKING:
    from heartshare.reporting.scorecard import Published
    from heartshare.weeks import ReportingWeek

Row = dict[str, Any]

_CAUSES = {
    "definition_change": mark("the metric is defined anew"),
    "deletion": mark("something was deleted"),
    "late_export": mark("an export came late"),
    "correction": mark("a newer export says so"),
    "still_counted": mark("it was still being counted"),
    "erasure": mark("somebody asked to be forgotten"),
    "programme_file": mark("our own lists changed"),
    "unexplained": mark("no file explains it"),
}
#: More rows than this fill a page and tell less.
_SHOWN = 12


def restatements(
    published: Published, week: ReportingWeek, definitions: dict[str, Row]
) -> Row:
    """Return the printed figures that are no longer what the last issue said.

    Figures of parts, such as one platform, are in the table but not in the box; nor are
    those that read the same as they did. The headline counts what the box lists, shown
    or further. What was expected to move stands last.
    """
    rows = published.rows(
        "select * from marts.rpt_restatements "
        f"where week_start = date '{week.key}' and segment_kind_code = 'all' "
        "order by cause_code = 'still_counted', restated_week desc, metric_id"
    )
    listed = [(row, _line(row, definitions)) for row in rows]
    changed = [
        (row, line) for row, line in listed if line["printed_text"] != line["now_text"]
    ]
    lines = [line for _, line in changed]
    return {
        "title": say("Restated since the last issue"),
        "headline": _headline([row for row, _ in changed]),
        "rows": lines[:_SHOWN],
        "further": max(len(lines) - _SHOWN, 0),
        "empty": "" if lines else say("Every printed figure still holds."),
    }


def restatement_caveat(restated: Row) -> list[str]:
    """Return the note on figures that changed without having been expected to."""
    return [restated["headline"]] if restated["headline"] else []


def _headline(rows: list[Row]) -> str:
    young = sum(row["cause_code"] == "still_counted" for row in rows)
    if young == len(rows):
        return ""
    if young:
        return say_many(
            "{count} figures that {issue} printed have changed since; {young} of them "
            "was still being counted then.",
            "{count} figures that {issue} printed have changed since; {young} of them "
            "were still being counted then.",
            young,
            count=number_text(len(rows)),
            issue=_issue(rows[0]["issue_code"]),
            young=number_text(young),
        )
    return say_many(
        "{count} figure that {issue} printed has changed since.",
        "{count} figures that {issue} printed have changed since.",
        len(rows),
        count=number_text(len(rows)),
        issue=_issue(rows[0]["issue_code"]),
    )


def _issue(code: str) -> str:
    """Return an issue as readers know it, such as issue 1 of week 45."""
    label, _, number = code.partition(".r")
    if "-W" not in label:
        return code
    return say(
        "issue {number} of week {week}",
        number=number,
        week=number_text(int(label.partition("-W")[2])),
    )


def _line(row: Row, definitions: dict[str, Row]) -> Row:
    definition = definitions.get(row["metric_id"], {})
    unit = definition.get("unit_code", "count")
    day = series.day(row["restated_week"])
    return {
        "metric_id": row["metric_id"],
        "name": definition.get("metric_name", row["metric_id"].replace("_", " ")),
        "week_text": say("Week {number}", number=day.isocalendar().week)
        if day
        else NOTHING,
        "printed_text": value_text(row["printed_value"], unit),
        "now_text": value_text(row["value"], unit),
        "cause": say(_CAUSES[row["cause_code"]]),
        "evidence": (row["evidence_source_name"] or NOTHING).replace("_", " "),
    }
