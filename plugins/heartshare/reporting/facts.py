"""Everything that an issue of the report says, as one JSON-ready dictionary.

facts.json is the only input of rendering. Each figure of page one carries its value,
its text and the query on the published marts that yields the value.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from heartshare.reporting import evidence, narrative, series
from heartshare.reporting.actions_text import action_reason, action_title, evidence_text
from heartshare.reporting.caveats import data_caveats, gate_facts
from heartshare.reporting.scorecard import Published, Reading, literal
from heartshare.reporting.signals_text import pace, tag_for
from heartshare.reporting.wording import (
    number_text,
    owner_name,
    percent_text,
    platform_name,
    range_text,
    short_day_text,
    signed_range_text,
    week_dates_text,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from heartshare.quality.gate import GateVerdict
    from heartshare.reporting.scorecard import Connection
    from heartshare.weeks import ReportingWeek

Row = dict[str, Any]

SCHEMA_VERSION = 1
_PAGE_ONE_ACTIONS = 3
_OUTCOMES = (
    ("mindshare", "Mindshare", "Awareness and interest"),
    ("heartshare", "Heartshare", "Buy-in and support"),
    ("action", "Action", "Acting on what we say"),
)


def build_facts(  # noqa: PLR0913 - what one issue depends on, all named
    connection: Connection,
    verdict: GateVerdict,
    week: ReportingWeek,
    *,
    organisation: str,
    issue_revision: int = 1,
    published_revision: str = "",
    changes: Sequence[str] = (),
) -> Row:
    """Return the facts of one issue, from a published file and its gate verdict.

    ``changes`` says what a corrected issue changed; empty for the first. The same
    arguments give the same facts, byte for byte once written as JSON.

    Raises:
        PublishedTableMissingError: when the file is no revision of ours.
        UnknownSignalError, UnknownActionError: for codes without a word.
    """
    published = Published(connection)
    published.require_tables()
    definitions = published.definitions(week)
    growing, growing_readings = _growing(published, week, definitions)
    outcomes, outcome_readings = _outcomes(published, week, definitions)
    gate = gate_facts(verdict.to_dict())
    sources = evidence.sources(published, week)
    scored = published.reading("scored_ratio", week, definitions, weeks=1)
    dialogue = evidence.dialogue(published, week, definitions)
    notes = data_caveats(
        [*growing_readings, *outcome_readings],
        scored.figure.value,
        sources["rows"],
        sum(1 for row in dialogue["rows"] if row["note"]),
    )
    return {
        "schema_version": SCHEMA_VERSION,
        "issue": {
            "title": "Weekly advocacy progress report",
            "organisation": organisation,
            "week": week.key,
            "week_label": week.label,
            "week_text": f"Week {week.monday.isocalendar().week}",
            "dates_text": week_dates_text(week.monday),
            "revision": issue_revision,
            "published_revision": published_revision,
            "build_id": verdict.build_id,
            "changes": list(changes),
        },
        "gate": gate,
        "caveats": [*(note["text"] for note in gate["notes"]), *notes],
        "growing": growing,
        "stuck": _stuck(published, week),
        "actions": _actions(published, week, definitions),
        "outcomes": outcomes,
        "listen": evidence.listen(published, week, definitions),
        "dialogue": dialogue,
        "conversations": evidence.conversations(published, week, definitions),
        "funnel": evidence.funnel(published, week),
        "followers": evidence.followers(published, week),
        "styles": evidence.styles(published, week),
        "alignment": evidence.alignment(published, week),
        "sources": sources,
        "definitions": evidence.definition_rows(definitions),
        "volume": evidence.volume(published, week),
        "reading_notes": list(narrative.READING_NOTES),
    }


def _growing(
    published: Published, week: ReportingWeek, definitions: dict[str, Row]
) -> tuple[Row, list[Reading]]:
    net = published.reading("advocates_net_new", week, definitions)
    stock = published.reading("advocates", week, definitions)
    acts = published.reading("advocacy_acts", week, definitions)
    answer = narrative.growing(
        net.figure.value,
        net.tag,
        pace(net.mean, net.moving_range, net.baseline_weeks),
        (net.low, net.high),
        net.mean,
    )
    return {
        "question": "Is advocacy growing?",
        "headline": answer.headline,
        "body": answer.body,
        "tag": net.tag.to_dict(),
        "amec_level": net.amec_level,
        "cards": [
            {
                "name": stock.name,
                "figure": stock.figure.to_dict(),
                "note": "a total, not judged",
                "tag": None,
            },
            {
                "name": acts.name,
                "figure": acts.figure.to_dict(),
                "note": _usual_note(acts),
                "tag": acts.tag.to_dict(),
            },
        ],
        "net_new": net.figure.to_dict(),
        "legend": _legend(net),
        "chart": series.limit_series(
            net, "Net new advocates a week", signed_range_text
        ),
    }, [net, acts]


def _legend(net: Reading) -> str:
    level = f" (AMEC level: {net.amec_level})" if net.amec_level else ""
    return f"Net new advocates a week{level}. Band: usual range. ▲ ▼ signal, ◆ watch."


def _usual_note(reading: Reading) -> str:
    usual = range_text(reading.low, reading.high, reading.unit)
    return f"usual {usual}" if usual else reading.tag.meaning


def _stuck(published: Published, week: ReportingWeek) -> Row:
    rows = published.rows(
        "select * from marts.rpt_weekly_funnel "
        f"where week_start = date '{week.key}' order by stage_number"
    )
    steps = [
        _step(published, week, row, following)
        for row, following in zip(rows, [*rows[1:], None], strict=False)
    ]
    stuck = next((step for step in steps if step["is_stuck"]), None)
    has_rates = any(step["usual_low_ratio"] is not None for step in steps)
    answer = narrative.stuck(stuck, has_rates=has_rates)
    code = stuck["signal_code"] if stuck else "routine" if has_rates else None
    return {
        "question": "Where is it stuck?",
        "headline": answer.headline,
        "body": answer.body,
        "tag": tag_for(code, "up").to_dict(),
        "stuck_stage": stuck["stage_code"] if stuck else None,
        "note": narrative.FUNNEL_NOTE if steps else "",
        "chart": {
            "title": "People at each stage and the part that moved on",
            "description": series.funnel_description(steps),
            "steps": steps,
        },
    }


def _step(
    published: Published, week: ReportingWeek, row: Row, following: Row | None
) -> Row:
    def figure(column: str, unit: str) -> Row:
        query = (
            f"select {column} from marts.rpt_weekly_funnel where week_start = "
            f"date '{week.key}' and stage_number = {row['stage_number']}"
        )
        return published.figure(query, unit).to_dict()

    low, high = row["usual_low_ratio"], row["usual_high_ratio"]
    rate_text = "no rate yet"
    if row["move_on_ratio"] is not None:
        base = number_text(row["move_on_base_count"])
        rate_text = f"{percent_text(row['move_on_ratio'])} of {base} moved on"
    return {
        **{name: row[name] for name in ("stage_code", "stage_name", "signal_code")},
        **{name: row[name] for name in ("move_on_ratio", "move_on_count")},
        **{name: row[name] for name in ("move_on_base_count", "waiting_count")},
        "usual_low_ratio": low,
        "usual_high_ratio": high,
        "next_stage_name": following["stage_name"] if following else "",
        "is_stuck": bool(row["is_stuck"]),
        "is_last": following is None,
        "rate_text": rate_text,
        "usual_text": range_text(low, high, "ratio"),
        "tag": tag_for(row["signal_code"], "up").to_dict() if following else None,
        "figures": {
            "members": figure("member_count", "count"),
            "move_on": figure("move_on_ratio", "ratio"),
            "moved": figure("move_on_count", "count"),
            "base": figure("move_on_base_count", "count"),
            "waiting": figure("waiting_count", "count"),
            "usual_low": figure("usual_low_ratio", "ratio"),
            "usual_high": figure("usual_high_ratio", "ratio"),
        },
    }


def _actions(
    published: Published, week: ReportingWeek, definitions: dict[str, Row]
) -> Row:
    rows = published.rows(
        "select * from marts.rpt_weekly_actions "
        f"where week_start = date '{week.key}' order by rank"
    )
    names = _subject_names(published, week)
    listed = [
        _action(published, week, {**row, "subject_name": names(row)}, definitions)
        for row in rows
    ]
    first = listed[:_PAGE_ONE_ACTIONS]
    answer = narrative.actions(first)
    return {
        "question": "What should we do this week?",
        "headline": answer.headline,
        "body": answer.body,
        "rows": first,
        "further": listed[_PAGE_ONE_ACTIONS:],
    }


def _action(
    published: Published, week: ReportingWeek, row: Row, definitions: dict[str, Row]
) -> Row:
    def figure(column: str) -> Row:
        query = (
            f"select {column} from marts.rpt_weekly_actions where week_start = "
            f"date '{week.key}' and rank = {row['rank']}"
        )
        return published.figure(query, "count").to_dict()

    due = series.day(row["due_on"])
    return {
        "rank": row["rank"],
        "code": row["action_code"],
        "title": action_title(row),
        "reason": action_reason(row, definitions),
        "owner": owner_name(row["owner_name"] or "no owner named"),
        "theme": row["theme_name"] or "All themes",
        "due_text": f"by {short_day_text(due)}" if due else "",
        "evidence_count": row["evidence_count"],
        "evidence_text": evidence_text(row),
        "figures": {
            "people": figure("person_count"),
            "evidence": figure("evidence_count"),
        },
    }


def _subject_names(published: Published, week: ReportingWeek) -> Any:  # noqa: ANN401
    stages = published.rows(
        "select stage_code, stage_name from marts.rpt_weekly_funnel "
        f"where week_start = date '{week.key}'"
    )
    names = {row["stage_code"]: row["stage_name"] for row in stages}

    def name(row: Row) -> str:
        code = row["subject_code"] or ""
        if code in names:
            return names[code]
        platform, separator, handle = code.partition("|")
        if separator:
            return f"{platform_name(platform)} ({handle})"
        return row["theme_name"] or code

    return name


def _outcomes(
    published: Published, week: ReportingWeek, definitions: dict[str, Row]
) -> tuple[Row, list[Reading]]:
    cards, readings, tags = [], [], []
    for code, name, meaning in _OUTCOMES:
        rows = published.rows(
            "select metric_id, baseline_value, target_value, index_value "
            f"from marts.rpt_weekly_scorecard where week_start = date '{week.key}' "
            f"and section_code = 'outcome' and outcome_code = {literal(code)}"
        )
        if not rows:
            cards.append(
                {"name": name, "meaning": meaning, "empty": "No metric is set for it."}
            )
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
        "headline": narrative.outcomes(tags),
        "cards": cards,
        "parts": [evidence.metric_row(one) for one in further],
    }, readings


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
        "usual_text": _usual_note(reading),
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
