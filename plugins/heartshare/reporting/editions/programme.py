"""What the employee programme did in a half-year: rates, zones, awards, effect."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from heartshare.language import mark, say, say_many
from heartshare.reporting.editions.parts import cell, section, table, words
from heartshare.reporting.editions.sums import within
from heartshare.reporting.programme_text import FEWEST_PEOPLE
from heartshare.reporting.wording import number_text

if TYPE_CHECKING:
    from heartshare.reporting.editions.periods import HalfYear
    from heartshare.reporting.scorecard import Published

Row = dict[str, Any]

_ZONES = (
    (mark("Dormant"), "dormant_count"),
    (mark("Consumer"), "consumer_count"),
    (mark("Sharer"), "sharer_zone_count"),
    (mark("Creator"), "creator_zone_count"),
    (mark("Socially engaged"), "socially_engaged_count"),
)


def rates(published: Published, half: HalfYear) -> Row:
    """Return adoption, shares with own words and creators who stayed, as sums.

    Shares are those of the whole half-year; adoption and retention look back from its
    last week, for their windows overlap from week to week.
    """
    title = say("The programme")
    last = f"from marts.agg_weekly_employees where week_start = date '{_last(half)}'"
    linked = cell(published, f"select linked_count {last}", "count")
    if reason := _too_few(linked["value"]):
        return section("rates", title, empty=reason)
    shares = f"from marts.fct_employee_shares where {within(half, 'occurred_week')}"
    commented = "cast(count(*) filter (where has_commentary) as bigint)"
    rows = [
        _rate(published, say("Adoption: sharers of those who take part"), last,
              "sharer_count", "enrolled_count"),
        _rate(published, say("Shares with own words"), shares, commented, "count(*)"),
        _rate(published, say("Creators who stayed"), last, "retained_creator_count",
              "earlier_creator_count"),
    ]  # fmt: skip
    enrolled = cell(published, f"select enrolled_count {last}", "count")
    heads = (say("Rate"), say("Part"), say("Count"), say("Of"))
    return section(
        "rates",
        title,
        say(
            "{linked} of {enrolled} employees who take part have a linked account.",
            linked=linked["text"],
            enrolled=enrolled["text"],
        ),
        tables=[table(say("Rates of the programme"), heads, rows)],
        figures={"linked": linked, "enrolled": enrolled},
    )


def _rate(
    published: Published, name: str, rows: str, part: str, whole: str
) -> list[Row]:
    return [
        words(name),
        cell(published, f"select {part} / nullif({whole}, 0) {rows}", "ratio"),
        cell(published, f"select {part} {rows}", "count"),
        cell(published, f"select {whole} {rows}", "count"),
    ]


def zones(published: Published, half: HalfYear) -> Row:
    """Return the employees of each zone, before the half-year and at its end."""
    title = say("Zones")
    last = f"from marts.agg_weekly_employees where week_start = date '{_last(half)}'"
    linked = cell(published, f"select linked_count {last}", "count")
    if reason := _too_few(linked["value"]):
        return section("zones", title, empty=reason)
    first = half.weeks[0].shift(-1).key
    before = f"from marts.agg_weekly_employees where week_start = date '{first}'"
    rows = [
        [
            words(say(name)),
            cell(published, f"select {column} {before}", "count"),
            cell(published, f"select {column} {last}", "count"),
            cell(published, f"select {column} / linked_count {last}", "ratio"),
        ]
        for name, column in _ZONES
    ]
    heads = (say("Zone"), say("Before"), say("At the end"), say("Of all linked"))
    return section(
        "zones", title, tables=[table(say("Employees by zone"), heads, rows)]
    )


def ledger(published: Published, half: HalfYear, people: int) -> Row:
    """Return the awards of the half-year: given, taken back and given again."""
    title = say("One award for every five pieces")
    if people < FEWEST_PEOPLE:
        return section("ledger", title, empty=_too_few(people))
    entered = f"entered_on between {_days(half)}"
    kinds = (
        (say("Awards"), "award"),
        (say("Taken back, pieces were withdrawn"), "reversal"),
        (say("Given again"), "restoration"),
    )
    rows = [
        [
            words(name),
            cell(
                published,
                "select cast(count(*) as bigint) from marts.fct_recognition_ledger "
                f"where {entered} and entry_kind_code = '{code}'",
                "count",
            ),
        ]
        for name, code in kinds
    ]
    given = rows[0][1]
    return section(
        "ledger",
        title,
        say_many(
            "{count} award was earned in the half-year, whatever its pieces achieved.",
            "{count} awards were earned in the half-year, whatever their pieces "
            "achieved.",
            given["value"],
            count=given["text"],
        ),
        tables=[
            table(say("Entries of the ledger"), (say("Entry"), say("Count")), rows)
        ],
    )


def effect(published: Published, half: HalfYear) -> Row:
    """Return activity sixty days after awards by that before, beside matched peers.

    Sums over sums of awards that have peers; a zero before gives nothing, and fewer
    than five employees are not shown.
    """
    title = say("What recognition did")
    rows = (
        f"from marts.fct_recognition_effects where entered_on between {_days(half)} "
        "and peer_before_count is not null"
    )
    people = published.rows(f"select count(distinct person_key) as people {rows}")[0]
    if people["people"] < FEWEST_PEOPLE:
        reason = say("Too few awards are sixty days old to say what they changed.")
        return section("effect", title, empty=reason)
    sides = (
        (say("Employees with an award"), "before_count", "after_count"),
        (say("Matched employees without"), "peer_before_count", "peer_after_count"),
    )
    table_rows = [
        [
            words(name),
            cell(published, f"select sum({before}) {rows}", "count"),
            cell(published, f"select sum({after}) {rows}", "count"),
            cell(
                published,
                f"select sum({after}) / nullif(sum({before}), 0) {rows}",
                "ratio",
            ),
        ]
        for name, before, after in sides
    ]
    awards = cell(published, f"select count(*) {rows}", "count")
    heads = (say("Who"), say("Acts before"), say("Acts after"), say("After by before"))
    return section(
        "effect",
        title,
        say(
            "{count} awards of {people} employees are sixty days old and have peers.",
            count=awards["text"],
            people=number_text(people["people"]),
        ),
        note=say(
            "Acts of the sixty days before and after an award. Peers were alike before "
            "and had no award in that time."
        ),
        tables=[table(say("Acts around an award"), heads, table_rows)],
        figures={
            "awards": awards,
            "people": cell(
                published, f"select count(distinct person_key) {rows}", "count"
            ),
        },
    )


def _too_few(linked: float | None) -> str:
    if not linked:
        return say("No employee with a linked account had opted in.")
    if linked < FEWEST_PEOPLE:
        return say("Too few employees take part to state anything of them.")
    return ""


def _last(half: HalfYear) -> str:
    return half.weeks[-1].key


def _days(half: HalfYear) -> str:
    first, last = half.first_day.isoformat(), half.last_day.isoformat()
    return f"date '{first}' and date '{last}'"
