"""The three questions of page one, answered from the published marts.

Each printed number is a figure with its query.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from heartshare.language import say
from heartshare.reporting.charts import series
from heartshare.reporting.signals_text import pace, tag_for
from heartshare.reporting.weekly import narrative
from heartshare.reporting.weekly.actions_places import (
    places_of_evidence,
    usual_of_reason,
)
from heartshare.reporting.weekly.actions_text import (
    action_reason,
    action_title,
    evidence_text,
)
from heartshare.reporting.weekly.reading_notes import FUNNEL_NOTE
from heartshare.reporting.wording import (
    number_text,
    owner_name,
    percent_text,
    platform_name,
    range_text,
    short_day_text,
    signed_range_text,
    telling_decimals,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from heartshare.reporting.scorecard import Published, Reading
    from heartshare.weeks import ReportingWeek

Row = dict[str, Any]

_PAGE_ONE_ACTIONS = 3


def growing(
    published: Published, week: ReportingWeek, definitions: dict[str, Row]
) -> tuple[Row, list[Reading]]:
    """Return the answer to "Is advocacy growing?" and the readings behind it."""
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
    is_alike = acts.tag.code == net.tag.code
    aside = "" if is_alike else narrative.signals([(acts.name, acts.tag)])
    return {
        "question": say("Is advocacy growing?"),
        # Acts may leave their range in a week in which advocates do not.
        "headline": f"{answer.headline} {aside}".rstrip(),
        "body": answer.body,
        "tag": net.tag.to_dict(),
        "amec_level": net.amec_level,
        "cards": [
            {
                "name": stock.name,
                "figure": stock.figure.to_dict(),
                "note": say("a total, not judged"),
                "tag": None,
            },
            {
                "name": acts.name,
                "figure": acts.figure.to_dict(),
                "note": series.usual_note(acts),
                "tag": acts.tag.to_dict(),
                "limits": published.limit_figures(acts, week),
            },
        ],
        "net_new": net.figure.to_dict(),
        "limits": published.limit_figures(net, week),
        "legend": _legend(net),
        "chart": series.limit_series(
            net, say("Net new advocates a week"), signed_range_text
        ),
    }, [net, acts]


def _legend(net: Reading) -> str:
    if not net.amec_level:
        return say("Net new advocates a week. Band: usual range. ▲ ▼ signal, ◆ watch.")
    return say(
        "Net new advocates a week (AMEC level: {level}). Band: usual range. "
        "▲ ▼ signal, ◆ watch.",
        level=net.amec_level,
    )


def stuck(published: Published, week: ReportingWeek) -> Row:
    """Return the answer to "Where is it stuck?" with every stage of the funnel."""
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
    if not steps:
        answer, code = narrative.no_funnel(), "absent"
    return {
        "question": say("Where is it stuck?"),
        "headline": answer.headline,
        "body": answer.body,
        "tag": tag_for(code, "up").to_dict(),
        "stuck_stage": stuck["stage_code"] if stuck else None,
        "note": say(FUNNEL_NOTE) if steps else "",
        "chart": {
            "title": say("People at each stage and the part that moved on"),
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
    rate_text = say("no rate yet")
    if row["move_on_ratio"] is not None:
        rate_text = say(
            "{ratio} of {count} moved on",
            ratio=percent_text(
                row["move_on_ratio"],
                telling_decimals(row["move_on_ratio"], low, high, "ratio"),
            ),
            count=number_text(row["move_on_base_count"]),
        )
    return {
        **{name: row[name] for name in ("stage_code", "signal_code")},
        "stage_name": say(row["stage_name"]),
        **{name: row[name] for name in ("move_on_ratio", "move_on_count")},
        **{name: row[name] for name in ("move_on_base_count", "waiting_count")},
        "usual_low_ratio": low,
        "usual_high_ratio": high,
        "next_stage_name": say(following["stage_name"]) if following else "",
        "is_stuck": bool(row["is_stuck"]),
        "is_last": following is None,
        "rate_text": rate_text,
        "usual_text": range_text(low, high, "ratio", row["move_on_ratio"]),
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


def actions(
    published: Published,
    week: ReportingWeek,
    definitions: dict[str, Row],
    moved: Sequence[str] = (),
) -> Row:
    """Return the answer to "What should we do this week?", and further actions.

    ``moved`` names what left its usual range on the same page.
    """
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
    answer = narrative.actions(first, moved)
    return {
        "question": say("What should we do this week?"),
        "headline": answer.headline,
        "body": answer.body,
        "rows": first,
        "evidence": published.figure(
            "select cast(sum(evidence_count) as bigint) from marts.rpt_weekly_actions "
            f"where week_start = date '{week.key}' and rank <= {_PAGE_ONE_ACTIONS}",
            "count",
        ).to_dict(),
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

    day = series.day(row["due_on"])
    due = {"due": figure("due_person_count")} if "due_person_count" in row else {}
    return {
        "rank": row["rank"],
        "code": row["action_code"],
        "title": action_title(row),
        "reason": action_reason(
            row,
            definitions,
            usual_of_reason(published, week, row, definitions),
            places_of_evidence(published, row),
        ),
        "owner": owner_name(row["owner_name"])
        if row["owner_name"]
        else say("No owner named"),
        "theme": row["theme_name"] or say("All themes"),
        "due_text": say("by {day}", day=short_day_text(day)) if day else "",
        "evidence_count": row["evidence_count"],
        "evidence_text": evidence_text(row),
        "figures": {
            "people": figure("person_count"),
            "evidence": figure("evidence_count"),
            "reason": figure("reason_value"),
            **due,
        },
    }


def _subject_names(published: Published, week: ReportingWeek) -> Any:  # noqa: ANN401
    stages = published.rows(
        "select stage_code, stage_name from marts.rpt_weekly_funnel "
        f"where week_start = date '{week.key}'"
    )
    names = {row["stage_code"]: say(row["stage_name"]) for row in stages}

    def name(row: Row) -> str:
        code = row["subject_code"] or ""
        if code in names:
            return names[code]
        platform, separator, handle = code.partition("|")
        if separator:
            return f"{platform_name(platform)} ({handle})"
        return row["theme_name"] or code

    return name
