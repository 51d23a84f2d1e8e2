"""How Mindshare, Heartshare and Action stand, and how far each is from its target."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from heartshare.language import mark, say
from heartshare.reporting.charts import series
from heartshare.reporting.scorecard import Published, Reading, literal
from heartshare.reporting.weekly import narrative
from heartshare.reporting.weekly.evidence_talk import metric_row

if TYPE_CHECKING:
    from heartshare.weeks import ReportingWeek

Row = dict[str, Any]

_OUTCOMES = (
    ("mindshare", mark("Mindshare"), mark("Awareness and interest")),
    ("heartshare", mark("Heartshare"), mark("Buy-in and support")),
    ("action", mark("Action"), mark("Acting on what we say")),
)


def outcomes(
    published: Published, week: ReportingWeek, definitions: dict[str, Row]
) -> tuple[Row, list[Reading]]:
    """Return a card for Mindshare, Heartshare and Action, and their readings."""
    cards, readings, tags = [], [], []
    for code, message, what in _OUTCOMES:
        name, meaning = say(message), say(what)
        rows = published.rows(
            "select metric_id, baseline_value, target_value, index_value "
            f"from marts.rpt_weekly_scorecard where week_start = date '{week.key}' "
            f"and section_code = 'outcome' and outcome_code = {literal(code)}"
        )
        if not rows:
            empty = say("No metric is set for it.")
            cards.append({"name": name, "meaning": meaning, "empty": empty})
            continue
        reading = published.reading(rows[0]["metric_id"], week, definitions)
        readings.append(reading)
        tags.append((name, reading.tag))
        cards.append(_outcome_card(published, week, code, reading, rows[0]))
        cards[-1] |= {"name": name, "meaning": meaning}
    parts = published.rows(
        "select metric_id from marts.rpt_weekly_scorecard where week_start = "
        f"date '{week.key}' and section_code = 'outcome' and outcome_code is null "
        "order by position"
    )
    further = [
        published.reading(row["metric_id"], week, definitions, weeks=1) for row in parts
    ]
    return {
        "headline": narrative.outcomes(
            tags
            + [(one.name, one.tag) for one in further if one.tag.family == "signal"]
        ),
        "cards": cards,
        "parts": [metric_row(one) for one in further],
    }, readings


def moved(growing: Row, strip: Row) -> list[str]:
    """Return the names of what is a signal on page one: acts, advocates, outcomes."""
    net = [(growing["chart"]["title"], growing["tag"])]
    named = [
        *net,
        *((card["name"], card["tag"]) for card in growing["cards"] if card["tag"]),
        *((card["name"], card["tag"]) for card in strip["cards"] if not card["empty"]),
    ]
    return [name for name, tag in named if tag["code"].startswith("signal")]


def _outcome_card(
    published: Published, week: ReportingWeek, code: str, reading: Reading, row: Row
) -> Row:
    def figure(column: str, unit: str) -> Row:
        query = (
            f"select {column} from marts.rpt_weekly_scorecard where week_start = "
            f"date '{week.key}' and section_code = 'outcome' "
            f"and outcome_code = {literal(code)}"
        )
        return published.figure(query, unit).to_dict()

    return {
        "code": code,
        "metric": reading.name,
        "amec_level": reading.amec_level,
        "figure": reading.figure.to_dict(),
        "tag": reading.tag.to_dict(),
        "usual_text": series.usual_note(reading),
        "limits": published.limit_figures(reading, week),
        "chart": series.limit_series(reading, reading.name),
        "target": series.target_chart(
            reading,
            figure("baseline_value", reading.unit),
            figure("target_value", reading.unit),
            figure("index_value", "count"),
        )
        if row["index_value"] is not None
        else None,
        "empty": "",
    }
