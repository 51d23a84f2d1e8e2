"""The half-year's recognition edition: who had most impact, and what the programme did.

People are places, not names: the published marts hold no names, and fewer than five
employees are not shown at all. Only those who take part are in the marts.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from heartshare.errors import GateError, InputError
from heartshare.language import say, say_many
from heartshare.reporting.editions import programme
from heartshare.reporting.editions.facts import frame
from heartshare.reporting.editions.parts import cell, section, table
from heartshare.reporting.editions.sums import long_day_text, within
from heartshare.reporting.programme_text import (
    FEWEST_PEOPLE,
    results,
    vacancies,
    with_vacancies,
)
from heartshare.reporting.scorecard import Published
from heartshare.reporting.wording import number_text, value_text

if TYPE_CHECKING:
    from heartshare.quality.gate import GateVerdict
    from heartshare.reporting.editions.periods import HalfYear
    from heartshare.reporting.scorecard import Connection

Row = dict[str, Any]

REQUIRED_TABLES = (
    "agg_halfyear_recognition",
    "agg_weekly_employees",
    "fct_employee_shares",
    "fct_recognition_effects",
    "fct_recognition_ledger",
)
_ORDER = (
    "rank_number, impact_points desc, lead_count desc, download_count desc, "
    "conversation_count desc, first_result_at, person_key"
)
#: Revisions of before there were empty places do not know the column is_vacant.
_VACANT = "person_key is null"
_AMONG_FIRST = f"(is_recognised or {_VACANT})"

_COUNTS = {
    "people": "count(*)",
    "shared": f"count(*) filter (where {_AMONG_FIRST}) "
    f"- count(distinct rank_number) filter (where {_AMONG_FIRST})",
    "adjusted": "count(*) filter (where adjustment_note is not null "
    f"and not {_VACANT})",
    "vacant": f"count(*) filter (where {_VACANT})",
}


class RankingNotFrozenError(GateError):
    """The edition of a half-year was asked for while its ranking can still change."""

    def __init__(self, half: HalfYear) -> None:
        week = half.closing_week
        super().__init__(
            f"The ranking of {half.label} is not final in the published marts. Make "
            f"its edition from {week.label}, the first week after the freeze: run "
            f"`heartshare run --week {week.label}` once it is over."
        )


class NoProgrammeError(InputError):
    """The edition of a half-year was asked for in which no employee took part."""

    def __init__(self, half: HalfYear) -> None:
        super().__init__(
            f"{half.label} has no edition: no employee is ranked in it and none took "
            "part in any week of it. If there were some, deliver the employee roster "
            "with has_opted_in (docs/exports.md) and publish "
            f"{half.closing_week.label} again, as docs/runbook.md#edition-missing says."
        )


def has_programme(connection: Connection, half: HalfYear) -> bool:
    """Return whether anybody is ranked in a half-year or took part in a week of it.

    Raises:
        PublishedTableMissingError: when the file is no revision of ours.
    """
    published = Published(connection)
    published.require_tables(REQUIRED_TABLES)
    taking_part = published.rows(
        "select 1 from marts.agg_weekly_employees "
        f"where {within(half)} and enrolled_count > 0 limit 1"
    )
    return bool(taking_part or _ranked(published, half))


def half_year_facts(
    connection: Connection,
    verdict: GateVerdict,
    half: HalfYear,
    *,
    organisation: str,
) -> Row:
    """Return the facts of a half-year, from a week published after its freeze.

    Raises:
        PublishedTableMissingError: when the file is no revision of ours.
        NoProgrammeError: nobody is ranked and nobody took part.
        RankingNotFrozenError: the ranking can still change.
    """
    if not has_programme(connection, half):
        raise NoProgrammeError(half)
    published = Published(connection)
    ranked = _ranked(published, half)
    if ranked and not ranked[0]["is_frozen"]:
        raise RankingNotFrozenError(half)
    sections = [
        _standing(published, half, ranked),
        programme.rates(published, half),
        programme.zones(published, half),
        programme.ledger(published, half, len(ranked)),
        programme.effect(published, half),
    ]
    facts = frame(
        half,
        verdict,
        title=say("Half-year recognition report"),
        organisation=organisation,
        dates=say(
            "{first} to {last}",
            first=long_day_text(half.first_day),
            last=long_day_text(half.last_day),
        ),
    )
    facts["issue"]["period_text"] = half.label
    return facts | {
        "headline": sections[0]["headline"] or sections[0]["empty"],
        "lines": [one["headline"] for one in sections[1:3] if one["headline"]],
        "caveats": [note["text"] for note in facts["gate"]["notes"]],
        "sections": sections,
        "notes": [
            say(
                "Points count leads, downloads and outside conversations; likes and "
                "followers decide nothing. Equals share a place, and all of a tie at "
                "the third place are shown."
            ),
            say(
                "Only employees who take part are counted, and no names are published. "
                "Active weeks stand in for time spent, which exports do not show."
            ),
        ],
    }


def _ranked(published: Published, half: HalfYear) -> list[Row]:
    return with_vacancies(
        published.rows(
            "select * from marts.agg_halfyear_recognition where period_start = "
            f"date '{half.first_day.isoformat()}' order by {_ORDER}"
        )
    )


def _standing(published: Published, half: HalfYear, ranked: list[Row]) -> Row:
    """Return the first three places with what earned them, ties and later knowledge."""
    title = say("Who had the most impact?")
    places = [row for row in ranked if row["is_recognised"] or row["is_vacant"]]
    reason = ""
    if not ranked:
        reason = say("No employee is ranked in this half-year.")
    elif len(ranked) < FEWEST_PEOPLE:
        reason = say("Too few employees take part for a standing that shows no person.")
    elif not places:
        reason = say("No lead, download or conversation is tied to an employee.")
    if reason:
        return section("standing", title, is_question=True, empty=reason)
    heads = (say("Place"), say("Points"), say("Leads"), say("Downloads"),
             say("Conversations"), say("Points per 1,000 connections"),
             say("Points as known now"))  # fmt: skip
    rows = [_place(published, half, number) for number in range(len(places))]
    return section(
        "standing",
        title,
        _leading(places[0]),
        body=_standing_body(places, ranked),
        note=say("The size of a network stands beside the ranking and not in it."),
        tables=[table(say("The first three places"), heads, rows)],
        figures={
            name: cell(published, _count_query(half, what), "count")
            for name, what in _COUNTS.items()
        },
        is_question=True,
    )


def _leading(first: Row) -> str:
    if first["is_vacant"]:
        return say("The leading place is empty.")
    return say(
        "The leading place has {points} points, from {results}.",
        points=value_text(first["impact_points"], "count"),
        results=results(first),
    )


def _count_query(half: HalfYear, what: str) -> str:
    return (
        f"select cast({what} as bigint) from marts.agg_halfyear_recognition "
        f"where period_start = date '{half.first_day.isoformat()}'"
    )


def _standing_body(places: list[Row], ranked: list[Row]) -> str:
    frozen = places[0]["frozen_on"]
    parts = [
        say(
            "{people} employees are ranked; the ranking was frozen on {day}.",
            people=number_text(len(ranked)),
            day=long_day_text(date.fromisoformat(frozen)),
        )
    ]
    shared = len(places) - len({row["rank_number"] for row in places})
    if shared:
        parts.append(
            say_many(
                "{count} place is shared.",
                "{count} places are shared.",
                shared,
                count=number_text(shared),
            )
        )
    if empty := vacancies(places):
        parts.append(empty)
    adjusted = sum(
        row["adjustment_note"] is not None and not row["is_vacant"] for row in ranked
    )
    if adjusted:
        parts.append(
            say_many(
                "For {count} employee more became known after the freeze; the ranking "
                "stays.",
                "For {count} employees more became known after the freeze; the ranking "
                "stays.",
                adjusted,
                count=number_text(adjusted),
            )
        )
    return " ".join(parts)


def _place(published: Published, half: HalfYear, number: int) -> list[Row]:
    """Return a row of the standing; its queries count places and bear no person's key.

    An edition outlives an erasure, and a key would stay in it.
    """
    where = (
        f"where period_start = date '{half.first_day.isoformat()}' "
        f"and {_AMONG_FIRST} order by {_ORDER} limit 1 offset {number}"
    )

    def known(column: str, unit: str = "count") -> Row:
        query = f"select {column} from marts.agg_halfyear_recognition {where}"
        return cell(published, query, unit)

    return [
        known("rank_number"),
        known("impact_points"),
        known("lead_count"),
        known("download_count"),
        known("conversation_count"),
        known("impact_points_rate_per_1000_connections"),
        known("current_impact_points"),
    ]
