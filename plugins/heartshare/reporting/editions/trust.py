"""How far a month's figures can be trusted: what was held, corrected and redefined."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from heartshare.language import mark, say, say_many
from heartshare.reporting.editions.charts import week_text
from heartshare.reporting.editions.parts import cell, section, table, words
from heartshare.reporting.editions.sums import Metric, known_weeks, month_text, within
from heartshare.reporting.weekly.definition_breaks import definition_breaks
from heartshare.reporting.wording import NOTHING, list_text, number_text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from heartshare.reporting.editions.periods import Month
    from heartshare.reporting.scorecard import Published

Row = dict[str, Any]

_VERDICTS = {
    "clean": mark("passed"),
    "published_with_notes": mark("passed with notes"),
    "blocked": mark("held"),
}


def holds(published: Published, month: Month) -> Row:
    """Return what the gate decided on each week of a month, and how often it held."""
    weeks = published.rows(
        "select week_start, verdict_code from marts.agg_gate_weeks "
        f"where {within(month)} order by week_start"
    )
    title = say("What the data gate held")
    if not weeks:
        return section("holds", title, empty=say("No gate run of this month is kept."))
    query = (
        "select cast(count(*) as bigint) from marts.agg_gate_weeks "
        f"where {within(month)} and blocked_run_count > 0"
    )
    held = cell(published, query, "count")
    headline = say("No week was held.")
    if held["value"]:
        headline = say_many(
            "{count} of {weeks} weeks was held before it passed.",
            "{count} of {weeks} weeks were held before they passed.",
            held["value"],
            count=held["text"],
            weeks=number_text(len(month.weeks)),
        )
    heads = (say("Week of"), say("Runs"), say("Held"), say("Passed"),
             say("Checks"), say("Waived"), say("Ended"))  # fmt: skip
    columns = ("run_count", "blocked_run_count", "passed_count", "check_count",
               "waived_count")  # fmt: skip
    rows = [
        [
            words(week_text(row["week_start"])),
            *(
                cell(
                    published,
                    f"select {column} from marts.agg_gate_weeks "
                    f"where week_start = date '{row['week_start']}'",
                    "count",
                )
                for column in columns
            ),
            words(say(_VERDICTS[row["verdict_code"]])),
        ]
        for row in weeks
    ]
    caption = say("Gate runs of {month}", month=month_text(month))
    return section(
        "holds",
        title,
        headline,
        tables=[table(caption, heads, rows)],
        figures={"held": held},
    )


def corrections(published: Published, month: Month, issues: Sequence[Row]) -> Row:
    """Return which printed figures were restated in the month, and issues corrected.

    ``issues`` are the archived weekly issues of the month before its last week: each
    with key, revision, restated (figures of earlier weeks that changed) and headline.
    The last week's restatements come from its marts: its issue may not be filed yet.
    """
    title = say("Restated and corrected")
    last = cell(
        published,
        "select cast(count(*) as bigint) from marts.rpt_restatements where week_start "
        f"= date '{month.closing_week.key}' and segment_kind_code = 'all'",
        "count",
    )
    restated = sum(one["restated"] for one in issues) + last["value"]
    corrected = [one for one in issues if one["revision"] > 1]
    headline = say_many(
        "{count} printed figure of earlier weeks was restated in {month}.",
        "{count} printed figures of earlier weeks were restated in {month}.",
        restated,
        count=number_text(restated),
        month=month_text(month),
    )
    if not restated:
        headline = say("No printed figure was restated in {month}.",
                       month=month_text(month))  # fmt: skip
    body = say("No issue was corrected.")
    if corrected:
        keys = list_text([one["key"] for one in corrected])
        body = say("Corrected issues: {issues}.", issues=keys)
    heads = (say("Issue"), say("Figures restated"), say("What it said"))
    rows = [
        [
            words(one["key"]),
            {"text": number_text(one["restated"]), "value": one["restated"]},
            words(one["headline"] or NOTHING),
        ]
        for one in issues
    ]
    rows.append([words(month.closing_week.label), last, words(NOTHING)])
    return section(
        "corrections",
        title,
        headline,
        body=body,
        tables=[table(say("Weekly issues"), heads, rows)],
    )


def month_caveats(
    published: Published, month: Month, metrics: Sequence[Metric],
    definitions: dict[str, Row],
) -> list[str]:  # fmt: skip
    """Return what to know before reading: weeks without figures, new definitions."""
    notes = []
    weeks = len(month.weeks)
    for metric in metrics:
        known = known_weeks(published, metric, month)
        if known["value"] < weeks:
            notes.append(
                say(
                    "{measure} has a figure for {known} of {weeks} weeks.",
                    measure=metric.name,
                    known=known["text"],
                    weeks=number_text(weeks),
                )
            )
    first = month.weeks[0].key
    breaks = definition_breaks(published, month.closing_week, definitions)
    return notes + [one["text"] for one in breaks if one["week"] >= first]
