"""What stands behind a month: outcomes, conversations, tone and progress."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from heartshare.language import mark, say
from heartshare.reporting.editions.charts import MONTHS, month_chart, week_text
from heartshare.reporting.editions.parts import cell, section, table, words
from heartshare.reporting.editions.periods import Month
from heartshare.reporting.editions.sums import (
    Metric,
    compared,
    month_text,
    total,
    week_values,
    weekly,
    within,
)
from heartshare.reporting.programme_text import FEWEST_PEOPLE
from heartshare.reporting.wording import (
    NOTHING,
    number_text,
)

if TYPE_CHECKING:
    from heartshare.reporting.scorecard import Published

Row = dict[str, Any]

_OUTCOMES = {
    "mindshare": mark("Mindshare: {measure}"),
    "heartshare": mark("Heartshare: {measure}"),
    "action": mark("Action: {measure}"),
}
_CONVERSATIONS = "two_way_conversations"
_COHORTS = 6
_YEAR = 12


def outcomes(published: Published, month: Month, definitions: dict[str, Row]) -> Row:
    """Return Mindshare, Heartshare and Action beside the month and the year before.

    Counts add up over weeks and are compared by their average week, for months have
    four weeks or five; ratios are sums over sums.
    """
    rows = published.rows(
        "select metric_id, outcome_code from marts.rpt_weekly_scorecard where "
        f"week_start = date '{month.closing_week.key}' and section_code = 'outcome' "
        "order by outcome_code is null, "
        "list_position(['mindshare', 'heartshare', 'action'], outcome_code), position"
    )
    title = say("Mindshare, Heartshare and Action")
    if not rows:
        return section("outcomes", title, empty=say("No metric is set for them."))
    before, year = month.shift(-1), month.shift(-_YEAR)
    heads = (
        say("Measure"),
        say("Total of the month"),
        say("Average week, or ratio"),
        say("In {month}", month=month_text(before)),
        say("In {month}", month=month_text(year)),
    )
    return section(
        "outcomes",
        title,
        note=say(
            "Counts of people add up week by week: who spoke in three weeks counts "
            "three times. A month is compared if every week of it has a figure."
        ),
        tables=[
            table(
                title,
                heads,
                [_outcome(published, month, row, definitions) for row in rows],
            )
        ],
        is_wide=True,
    )


def _outcome(
    published: Published, month: Month, row: Row, definitions: dict[str, Row]
) -> list[Row]:
    metric = Metric.of(row["metric_id"], definitions)
    code = row["outcome_code"]
    name = say(_OUTCOMES[code], measure=metric.name) if code else metric.name
    return [
        words(name),
        total(published, metric, month) if metric.is_additive else words(NOTHING),
        weekly(published, metric, month),
        compared(published, metric, month, month.shift(-1)),
        compared(published, metric, month, month.shift(-_YEAR)),
    ]


def conversations(
    published: Published, month: Month, definitions: dict[str, Row]
) -> Row:
    """Return quality conversations of twelve months, each beside the year before."""
    metric = Metric.of(_CONVERSATIONS, definitions)
    months = [month.shift(back) for back in range(1 - MONTHS, 1)]
    rows = [_conversation_month(published, metric, one) for one in months]
    known = [row for row in rows if row[2]["value"]]
    title = say("Quality conversations")
    if not known:
        reason = say("No threads with a reply are published yet.")
        return section("conversations", title, empty=reason)
    heads = (
        say("Month"),
        say("Weeks"),
        say("Conversations"),
        say("Average week"),
        say("Average week, a year before"),
    )
    now = total(published, metric, month)
    average = weekly(published, metric, month)
    return section(
        "conversations",
        title,
        say(
            "{count} conversations with a real exchange; average week {average}.",
            count=now["text"],
            average=average["text"],
        ),
        chart=month_chart(
            published, metric, month, week_values(published, metric, month)
        ),
        kind="split_line",
        tables=[table(say("Quality conversations by month"), heads, known)],
        is_wide=True,
        figures={"total": now, "average": average},
    )


def _conversation_month(
    published: Published, metric: Metric, month: Month
) -> list[Row]:
    return [
        words(month_text(month)),
        words(number_text(len(month.weeks))) | {"value": len(month.weeks)},
        total(published, metric, month),
        weekly(published, metric, month),
        compared(published, metric, month, month.shift(-_YEAR)),
    ]


def tone(published: Published, month: Month) -> Row:
    """Return the net tone of the month's calibrated weeks, with its intervals.

    Weeks that nobody labelled are named and have no figure: they are not comparable.
    """
    weeks = published.rows(
        "select week_start, calibration_status_code as status "
        f"from marts.agg_weekly_tone where {within(month)} "
        "and segment_kind_code = 'all' order by week_start"
    )
    title = say("Tone")
    if not weeks:
        return section("tone", title, empty=say("No text of this month has a tone."))
    rows = [_tone_week(published, row) for row in weeks]
    known = [row[1] for row in rows if row[1]["value"] is not None]
    headline = say("No week of this month is calibrated, so no tone is stated.")
    if known:
        ranked = sorted(known, key=lambda one: one["value"])
        headline = say(
            "{count} of {weeks} weeks are calibrated: net tone from {low} to {high}.",
            count=number_text(len(known)),
            weeks=number_text(len(month.weeks)),
            low=ranked[0]["text"],
            high=ranked[-1]["text"],
        )
    heads = (say("Week of"), say("Net tone"), say("At least"), say("At most"),
             say("Texts"), say("Labelled"))  # fmt: skip
    return section(
        "tone",
        title,
        headline,
        note=say(
            "Positive less negative, of all texts; at least and at most: the interval "
            "that labels by people leave. Weeks without enough labels have no tone."
        ),
        tables=[table(say("Net tone of calibrated weeks"), heads, rows)],
        figures={"calibrated": cell(published, _calibrated(month), "count")},
    )


def _calibrated(month: Month) -> str:
    return (
        "select cast(count(*) as bigint) from marts.agg_weekly_tone where "
        f"{within(month)} and segment_kind_code = 'all' "
        "and calibration_status_code = 'calibrated' "
        "and calibrated_net_sentiment is not null"
    )


def _tone_week(published: Published, row: Row) -> list[Row]:
    where = (
        f"from marts.agg_weekly_tone where week_start = date '{row['week_start']}' "
        "and segment_kind_code = 'all'"
    )
    calibrated = "case when calibration_status_code = 'calibrated' then {} end"
    tones = ("calibrated_net_sentiment", "net_sentiment_lower_bound",
             "net_sentiment_upper_bound")  # fmt: skip
    return [
        words(week_text(row["week_start"])),
        *(
            cell(published, f"select {calibrated.format(name)} {where}", "score")
            for name in tones
        ),
        cell(published, f"select text_count {where}", "count"),
        cell(published, f"select labelled_count {where}", "count"),
    ]


def progress(published: Published, month: Month) -> Row:
    """Return how far people came who were first seen in one month, oldest first.

    Cohorts whose days are over for fewer than five people are left out.
    """
    cohorts = published.rows(
        "select cohort_month from marts.agg_outcome_progression where "
        f"mature_person_count >= {FEWEST_PEOPLE} and not may_be_older "
        f"and cohort_month <= date '{month.first_day.isoformat()}' "
        f"order by cohort_month desc limit {_COHORTS}"
    )
    title = say("From Mindshare over Heartshare to Action")
    if not cohorts:
        reason = say("No month's newcomers have had their time yet.")
        return section("progress", title, empty=reason)
    heads = (say("First seen in"), say("People"), say("Supporters"),
             say("Of all"), say("Acted"), say("Of all"))  # fmt: skip
    columns = (
        ("mature_person_count", "count"),
        ("supporter_count", "count"),
        ("supporter_ratio", "ratio"),
        ("supporter_action_count", "count"),
        ("progression_ratio", "ratio"),
    )
    rows = [
        [
            words(_cohort_text(row["cohort_month"])),
            *(
                cell(
                    published,
                    f"select {column} from marts.agg_outcome_progression "
                    f"where cohort_month = date '{row['cohort_month']}'",
                    unit,
                )
                for column, unit in columns
            ),
        ]
        for row in reversed(cohorts)
    ]
    return section(
        "progress",
        title,
        note=say(
            "The same people, followed for the days that the programme set; who is "
            "still within them is not counted."
        ),
        tables=[table(title, heads, rows)],
    )


def _cohort_text(first_day: str) -> str:
    day = date.fromisoformat(first_day[:10])
    return month_text(Month(day.year, day.month))
