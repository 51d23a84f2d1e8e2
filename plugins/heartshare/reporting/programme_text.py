"""What is said of employees, their standing and the people we hardly know.

Every function is pure: rows of the published marts in, plain sentences of the language
in force out. Nobody is named, because the published marts hold no names; few people are
not counted at all.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from heartshare.language import mark, say, say_many
from heartshare.reporting.wording import (
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
    "too_few_shares": mark("too few shares"),
    "too_few_active_weeks": mark("too few active weeks"),
    "too_few_exchanges": mark("too few exchanges with outsiders"),
    "network_not_growing": mark("a network that does not grow"),
    "no_result": mark("no result yet"),
    "network_missing": mark("no network size on file"),
    "results_missing": mark("no file of leads or downloads"),
}


def employees_absent(row: Row | None) -> str:
    """Return why nothing is stated of employees; empty when something can be.

    ``row`` is the week's row of rpt_employee_programme, None when there is none.
    """
    if row is None or not row["enrolled_count"]:
        return say("No employee had opted in by the end of this week.")
    if not row["linked_count"]:
        return say_many(
            "{count} employee has opted in, but no account is linked, so nothing is "
            "judged.",
            "{count} employees have opted in, but no account is linked, so nothing is "
            "judged.",
            row["enrolled_count"],
            count=number_text(row["enrolled_count"]),
        )
    if row["linked_count"] < FEWEST_PEOPLE:
        return say(
            "Too few employees take part to state anything without showing persons."
        )
    return ""


def employees(row: Row, moves: Row | None) -> str:
    """Return the headline: who takes part, who is silent, and who changed zone.

    ``moves`` has up_count, down_count and compared_count against the week before;
    None or none compared in the first week.
    """
    taking_part = say_many(
        "{linked} of {count} employee who take part have a linked account; {dormant} "
        "of them did nothing in ninety days.",
        "{linked} of {count} employees who take part have a linked account; {dormant} "
        "of them did nothing in ninety days.",
        row["enrolled_count"],
        linked=number_text(row["linked_count"]),
        count=number_text(row["enrolled_count"]),
        dormant=percent_text(row["dormant_count"] / row["linked_count"]),
    )
    return f"{taking_part} {_moved(moves)}"


def _moved(moves: Row | None) -> str:
    if moves is None or not moves["compared_count"]:
        return say("It is the first week, so no move is known.")
    if not moves["up_count"] and not moves["down_count"]:
        return say("Nobody changed zone on last week.")
    return say(
        "On last week {up} moved up a zone and {down} down.",
        up=number_text(moves["up_count"]),
        down=number_text(moves["down_count"]),
    )


def held_back(rows: Sequence[Row]) -> str:
    """Return what keeps creators from the last zone, the most frequent reason first.

    Each row has reason_code, is_capped and person_count.
    """
    total = sum(row["person_count"] for row in rows)
    if not total:
        return say("No creator is held back from the last zone.")
    reasons = [
        f"{say(_REASONS[row['reason_code']])} ({number_text(row['person_count'])})"
        for row in rows
    ]
    sentence = say_many(
        "{count} creator is not yet socially engaged: {reasons}.",
        "{count} creators are not yet socially engaged: {reasons}.",
        total,
        count=number_text(total),
        reasons=list_text(reasons),
    )
    capped = sum(row["person_count"] for row in rows if row["is_capped"])
    if not capped:
        return sentence
    missing = say("Only missing data caps {count} of them.", count=number_text(capped))
    return f"{sentence} {missing}"


def standing(rows: Sequence[Row], people: int, since: date | None) -> str:
    """Return the sentence on the half-year's standing so far, leading place first.

    ``rows`` are the first places of agg_halfyear_recognition, empty ones included,
    ``people`` all who are ranked, ``since`` the first day of the half-year.
    """
    if since is None or not people:
        return say("No employee is ranked in this half-year: nobody has opted in yet.")
    if people < FEWEST_PEOPLE:
        return say("Too few employees take part for a standing that shows no persons.")
    if not rows:
        return say(
            "Since {day} no lead, download or outside conversation is tied to an "
            "employee.",
            day=day_text(since),
        )
    first = rows[0]
    if first["is_vacant"]:
        return vacancies(rows)
    leading = say(
        "Since {day} the leading place has {points} points, from {results}. No names "
        "are published.",
        day=day_text(since),
        points=value_text(first["impact_points"], "count"),
        results=results(first),
    )
    return " ".join(filter(None, (leading, vacancies(rows))))


def with_vacancies(rows: Sequence[Row]) -> list[Row]:
    """Return ranked places with whether each is empty, which older revisions omit."""
    return [row | {"is_vacant": row["person_key"] is None} for row in rows]


def vacancies(rows: Sequence[Row]) -> str:
    """Return the sentence on places whose people take part no more; empty without."""
    count = sum(row["is_vacant"] for row in rows)
    if not count:
        return ""
    return say_many(
        "{count} recognised employee takes part no more and is not named; the place "
        "stays empty.",
        "{count} recognised employees take part no more and are not named; their "
        "places stay empty.",
        count,
        count=number_text(count),
    )


def results(row: Row) -> str:
    """Return an employee's leads, downloads and outside conversations in words."""
    leads, downloads, talks = (
        row[f"{name}_count"] for name in ("lead", "download", "conversation")
    )
    return list_text(
        [
            say_many(
                "{count} lead",
                "{count} leads",
                leads,
                count=value_text(leads, "count"),
            ),
            say_many(
                "{count} download",
                "{count} downloads",
                downloads,
                count=value_text(downloads, "count"),
            ),
            say_many(
                "{count} conversation",
                "{count} conversations",
                talks,
                count=value_text(talks, "count"),
            ),
        ]
    )


def to_share(posts: int, people: int, theme: str) -> str:
    """Return the sentence on what employees could pass on this week."""
    if not posts:
        return say(
            "No post of this week fits the interests of an employee who has enough "
            "acts to know them."
        )
    if people < FEWEST_PEOPLE:
        return say_many(
            "{count} post of this week fits the interests of a few employees, most on "
            "{theme}.",
            "{count} posts of this week fit the interests of a few employees, most on "
            "{theme}.",
            posts,
            count=number_text(posts),
            theme=theme,
        )
    return say_many(
        "{count} post of this week fits the interests of {people} employees, most on "
        "{theme}.",
        "{count} posts of this week fit the interests of {people} employees, most on "
        "{theme}.",
        posts,
        count=number_text(posts),
        people=number_text(people),
        theme=theme,
    )


def blind_spots(themes: Sequence[Row], unknown: int, segments: int) -> str:
    """Return the headline of blind spots: themes we leave out, people we hardly know.

    ``themes`` are the flagged rows, widest gap first, with segment, theme,
    conversation_ratio and org_content_ratio; ``unknown`` of all ``segments`` lack
    evidence.
    """
    if themes:
        row = themes[0]
        gap = say(
            "{segment}: {talk} of the talk is on {theme}, {ours} of our posts.",
            segment=row["segment"],
            talk=percent_text(row["conversation_ratio"]),
            theme=row["theme"],
            ours=percent_text(row["org_content_ratio"]),
        )
    else:
        gap = say("No segment speaks of a theme far more than we do.")
    if not unknown:
        return f"{gap} {say('Of every segment enough is known.')}"
    little = say_many(
        "Of {unknown} of {count} segment we know too little.",
        "Of {unknown} of {count} segments we know too little.",
        segments,
        unknown=number_text(unknown),
        count=number_text(segments),
    )
    return f"{gap} {little}"


def definition_break(name: str, version: int, day: date) -> str:
    """Return the note on a metric whose definition changed within the charts' weeks."""
    return say(
        "{metric} is defined anew from the week of {day} (version {version}); figures "
        "before and after are not comparable.",
        metric=name,
        day=day_text(day),
        version=number_text(version),
    )


def process_change(
    name: str | None, reason: str | None, day: date, *, is_judged: bool
) -> str:
    """Return the note on a stated change of process; no name means every figure."""
    because = (reason or "").strip().rstrip(".")
    if not is_judged:
        return say(
            "A change of process is stated for {metric} ({reason}), which has no usual "
            "range: nothing starts again.",
            metric=name,
            reason=because,
        )
    if name is None:
        return say(
            "All usual ranges start again with the week of {day}: {reason}.",
            day=day_text(day),
            reason=because,
        )
    return say(
        "{metric}: the usual range starts again with the week of {day}: {reason}.",
        metric=name,
        day=day_text(day),
        reason=because,
    )
