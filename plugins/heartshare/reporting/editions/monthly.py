"""The monthly edition: the three questions over a month, and what stands behind them.

Made from the marts that the month's last week has published, so that every number can
be had again from one published file.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from heartshare.language import say
from heartshare.reporting.editions import answers, evidence, trust
from heartshare.reporting.editions.facts import frame
from heartshare.reporting.editions.followers import followers
from heartshare.reporting.editions.suggestions import suggestions
from heartshare.reporting.editions.sums import Metric, month_text
from heartshare.reporting.scorecard import Published
from heartshare.reporting.wording import day_text, number_text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from heartshare.quality.gate import GateVerdict
    from heartshare.reporting.editions.periods import Month
    from heartshare.reporting.scorecard import Connection

Row = dict[str, Any]

REQUIRED_TABLES = (
    "agg_gate_weeks",
    "agg_outcome_progression",
    "agg_suggestion_outcomes",
    "agg_weekly_followers",
    "agg_weekly_funnel",
    "agg_weekly_tone",
    "fct_funnel_transitions",
    "fct_metric_limits",
    "fct_metric_weeks",
    "fct_process_changes",
    "fct_suggestions",
    "rpt_restatements",
    "rpt_weekly_funnel",
    "rpt_metric_definitions",
    "rpt_weekly_actions",
    "rpt_weekly_scorecard",
)
#: Metrics whose weeks without a figure a reader must know of.
_LEADING = ("advocates_net_new", "two_way_conversations")


def monthly_facts(
    connection: Connection,
    verdict: GateVerdict,
    month: Month,
    *,
    organisation: str,
    issues: Sequence[Row] = (),
) -> Row:
    """Return the facts of a month, from what its last week published.

    ``verdict`` is that of the last week; ``issues`` are archived weekly issues of the
    month, as ``trust.corrections`` reads them.

    Raises:
        PublishedTableMissingError: when the file is no revision of ours.
    """
    published = Published(connection)
    published.require_tables(REQUIRED_TABLES)
    definitions = published.definitions(month.closing_week)
    sections = [
        answers.growing(published, month, definitions),
        answers.stuck(published, month),
        suggestions(published, month, definitions),
        evidence.outcomes(published, month, definitions),
        evidence.conversations(published, month, definitions),
        followers(published, month),
        evidence.tone(published, month),
        evidence.progress(published, month),
        trust.holds(published, month),
        trust.corrections(published, month, issues),
    ]
    facts = frame(
        month,
        verdict,
        title=say("Monthly advocacy report"),
        organisation=organisation,
        dates=_dates_text(month),
    )
    leading = [Metric.of(one, definitions) for one in _LEADING]
    facts["issue"]["period_text"] = month_text(month)
    return facts | {
        "headline": sections[0]["headline"],
        "lines": [one["headline"] for one in sections[1:3] if one["headline"]],
        "caveats": [
            *(note["text"] for note in facts["gate"]["notes"]),
            *trust.month_caveats(published, month, leading, definitions),
        ],
        "sections": sections,
        "notes": [
            say(
                "A week belongs to the month in which its Thursday lies. Sums of weeks "
                "and sums over sums only: no average of rates."
            ),
            say(
                "A signal is a week outside its usual range. Two months are not judged "
                "against each other: two points show no trend."
            ),
        ],
    }


def _dates_text(month: Month) -> str:
    first, last = month.weeks[0], month.closing_week
    return say(
        "{weeks} weeks, {first} to {last} {year}",
        weeks=number_text(len(month.weeks)),
        first=day_text(first.monday),
        last=day_text(last.sunday),
        year=last.sunday.year,
    )
