"""What is said of employees, their standing and the people we hardly know.

Every function is pure: rows of the published marts in, plain English out. Nobody is
named, because the published marts hold no names; few people are not counted at all.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from heartshare.reporting.wording import (
    count_noun,
    day_text,
    list_text,
    number_text,
    percent_text,
    value_text,
)

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

Row = dict[str, Any]

#: The seed segment_person_minimum_count; a test holds the two together.
FEWEST_PEOPLE = 5

_REASONS = {
    "too_few_shares": "too few shares",
    "too_few_active_weeks": "too few active weeks",
    "too_few_exchanges": "too few exchanges with outsiders",
    "network_not_growing": "a network that does not grow",
    "no_result": "no result yet",
    "network_missing": "no network size on file",
    "results_missing": "no file of leads or downloads",
}


def employees_absent(row: Row | None) -> str:
    """Return why nothing is stated of employees; empty when something can be.

    ``row`` is the week's row of rpt_employee_programme, None when there is none.
    """
    if row is None or not row["enrolled_count"]:
        return "No employee had opted in by the end of this week."
    if not row["linked_count"]:
        enrolled = count_noun(row["enrolled_count"], "employee has", "employees have")
        return f"{enrolled} opted in, but no account is linked, so nothing is judged."
    if row["linked_count"] < FEWEST_PEOPLE:
        return "Too few employees take part to state anything without showing persons."
    return ""


def employees(row: Row, moves: Row | None) -> str:
    """Return the headline: who takes part, who is silent, and who changed zone.

    ``moves`` has up_count, down_count and compared_count against the week before;
    None or none compared in the first week.
    """
    dormant = percent_text(row["dormant_count"] / row["linked_count"])
    first = (
        f"{number_text(row['linked_count'])} of "
        f"{count_noun(row['enrolled_count'], 'employee')} who take part have a linked "
        f"account; {dormant} of them did nothing in ninety days."
    )
    if moves is None or not moves["compared_count"]:
        return f"{first} It is the first week, so no move is known."
    if not moves["up_count"] and not moves["down_count"]:
        return f"{first} Nobody changed zone on last week."
    return (
        f"{first} On last week {number_text(moves['up_count'])} moved up a zone and "
        f"{number_text(moves['down_count'])} down."
    )


def held_back(rows: Sequence[Row]) -> str:
    """Return what keeps creators from the last zone, the most frequent reason first.

    Each row has reason_code, is_capped and person_count.
    """
    total = sum(row["person_count"] for row in rows)
    if not total:
        return "No creator is held back from the last zone."
    parts = [
        f"{_REASONS[row['reason_code']]} ({number_text(row['person_count'])})"
        for row in rows
    ]
    capped = sum(row["person_count"] for row in rows if row["is_capped"])
    end = f" Only missing data caps {number_text(capped)} of them." if capped else ""
    verb = "creator is" if total == 1 else "creators are"
    return (
        f"{number_text(total)} {verb} not yet socially engaged: "
        f"{list_text(parts)}.{end}"
    )


def standing(rows: Sequence[Row], people: int, since: date | None) -> str:
    """Return the sentence on the half-year's standing so far, leading place first.

    ``rows`` are the recognised of agg_halfyear_recognition, ``people`` all who are
    ranked, ``since`` the first day of the half-year.
    """
    if since is None or not people:
        return "No employee is ranked in this half-year: nobody has opted in yet."
    if people < FEWEST_PEOPLE:
        return "Too few employees take part for a standing that shows no persons."
    if not rows:
        return (
            f"Since {day_text(since)} no lead, download or outside conversation is "
            "tied to an employee."
        )
    first = rows[0]
    return (
        f"Since {day_text(since)} the leading place has "
        f"{value_text(first['impact_points'], 'count')} points, from "
        f"{results(first)}. No names are published."
    )


def results(row: Row) -> str:
    """Return an employee's leads, downloads and outside conversations in words."""
    nouns = ("lead", "download", "conversation")
    parts = []
    for noun in nouns:
        count = row[f"{noun}_count"]
        name = noun if count == 1 else f"{noun}s"
        parts.append(f"{value_text(count, 'count')} {name}")
    return list_text(parts)


def to_share(posts: int, people: int, theme: str) -> str:
    """Return the sentence on what employees could pass on this week."""
    if not posts:
        return (
            "No post of this week fits the interests of an employee who has enough "
            "acts to know them."
        )
    noun = count_noun(posts, "post of this week fits", "posts of this week fit")
    whom = f"the interests of {number_text(people)} employees"
    if people < FEWEST_PEOPLE:
        whom = "the interests of a few employees"
    return f"{noun} {whom}, most on {theme}."


def blind_spots(themes: Sequence[Row], unknown: int, segments: int) -> str:
    """Return the headline of blind spots: themes we leave out, people we hardly know.

    ``themes`` are the flagged rows, widest gap first, with segment, theme,
    conversation_ratio and org_content_ratio; ``unknown`` of all ``segments`` lack
    evidence.
    """
    first = "No segment speaks of a theme far more than we do."
    if themes:
        row = themes[0]
        first = (
            f"{row['segment']}: {percent_text(row['conversation_ratio'])} of the talk "
            f"is on {row['theme']}, {percent_text(row['org_content_ratio'])} of our "
            "posts."
        )
    if not unknown:
        return f"{first} Of every segment enough is known."
    of = count_noun(segments, "segment")
    return f"{first} Of {number_text(unknown)} of {of} we know too little."


def definition_break(name: str, version: int, day: date) -> str:
    """Return the note on a metric whose definition changed within the charts' weeks."""
    return (
        f"{name} is defined anew from the week of {day_text(day)} (version "
        f"{number_text(version)}); figures before and after are not comparable."
    )
