"""What a reader must know before trusting the numbers: gate notes and thin data."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from heartshare.language import mark, mark_many, say, say_many
from heartshare.reporting.signals_text import FIRM_BASELINE_WEEKS
from heartshare.reporting.wording import list_text, number_text, percent_text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from heartshare.reporting.scorecard import Reading

Row = dict[str, Any]

#: Below this part of scored texts, tone is printed with a note.
_FULL_COVERAGE = 0.95
#: How the gate says what it counted, and the forms in which that is said again.
_COUNTED = (
    (
        re.compile(r"(?P<count>[\d,]+) offending rows?"),
        mark_many("{count} offending row", "{count} offending rows"),
    ),
    (
        re.compile(r"(?P<count>[\d,]+) of (?P<all>[\d,]+) rows"),
        mark_many("{count} of {all} rows", "{count} of {all} rows"),
    ),
    (
        re.compile(r"(?P<count>[\d,]+) unexpected and (?P<lost>[\d,]+) missing values"),
        mark_many(
            "{count} unexpected and {lost} missing values",
            "{count} unexpected and {lost} missing values",
        ),
    ),
    (
        re.compile(
            r"(?P<count>[\d,]+) unexpected and (?P<lost>[\d,]+) missing columns"
        ),
        mark_many(
            "{count} unexpected and {lost} missing columns",
            "{count} unexpected and {lost} missing columns",
        ),
    ),
    (re.compile(r"(?P<count>[\d,]+) rows"), mark_many("{count} rows", "{count} rows")),
)
_UNCOUNTED = (mark("no rows"), mark("there is nothing to ask about"))
_VERDICTS = {
    "clean": mark("Data gate passed: {passed} of {total} checks"),
    "published_with_notes": mark(
        "Data gate passed with notes: {passed} of {total} checks"
    ),
    "blocked": mark("Data gate blocked: {passed} of {total} checks"),
}


def gate_facts(verdict: Row) -> Row:
    """Return the gate's words: verdict, counts and every check that did not pass.

    ``verdict`` is the dictionary form of a GateVerdict.
    """
    passed, total = verdict["checks_passed"], verdict["checks_total"]
    notes = [row for row in verdict["outcomes"] if row["state"] != "passed"]
    return {
        "verdict_code": verdict["verdict"],
        "text": say(_VERDICTS[verdict["verdict"]], passed=passed, total=total),
        "tone": "good" if verdict["verdict"] == "clean" else "caution",
        "checks_passed": passed,
        "checks_total": total,
        "suites": _suites(verdict["outcomes"]),
        "notes": [_note(row) for row in notes],
    }


def _suites(outcomes: Sequence[Row]) -> list[Row]:
    counts: dict[str, list[int]] = {}
    for row in outcomes:
        passed_total = counts.setdefault(row["suite"], [0, 0])
        passed_total[0] += row["state"] == "passed"
        passed_total[1] += 1
    return [
        {"suite": say(suite.replace("_", " ")), "passed": passed, "total": total}
        for suite, (passed, total) in sorted(counts.items())
    ]


def _note(row: Row) -> Row:
    check = say(row["key"].replace("_", " "))
    found = f" ({_found(row['observed'])})" if row.get("observed") else ""
    if row["state"] == "waived":
        reason = f": {row['reason'].rstrip('.')}" if row.get("reason") else ""
        text = say(
            "Check “{check}” was waived by {person} until {day}{details}.",
            check=check,
            person=row["waived_by"],
            day=row["waived_until"],
            details=f"{reason}{found}",
        )
    else:
        text = say("Check “{check}” did not pass{details}.", check=check, details=found)
    why = say((row.get("why") or "").strip())
    return {"ref": row["ref"], "state": row["state"], "text": text, "why": why}


def _found(observed: str) -> str:
    """Return what a check counted; words that are not ours stay as they are."""
    for pattern, forms in _COUNTED:
        if counted := pattern.fullmatch(observed):
            counts = {
                name: int(number.replace(",", ""))
                for name, number in counted.groupdict().items()
            }
            texts = {name: number_text(count) for name, count in counts.items()}
            return say_many(*forms, counts["count"], **texts)
    return say(observed) if observed in _UNCOUNTED else observed.rstrip(".")


def data_caveats(
    readings: Sequence[Reading],
    scored_ratio: float | None,
    rejected: Sequence[Row],
    young_measures: int = 0,
    late_measures: int = 0,
) -> list[str]:
    """Return the honest notes that the data itself asks for, most important first.

    ``young_measures`` counts the measures of the evidence pages that are not final,
    ``late_measures`` those of them whose usual range rests on posts read late.
    """
    notes = []
    absent = [reading.name for reading in readings if reading.figure.value is None]
    if absent:
        notes.append(
            say_many(
                "{names} has no figure this week.",
                "{names} have no figure this week.",
                len(absent),
                names=list_text(absent),
            )
        )
    immature = [reading.name for reading in readings if not reading.is_mature]
    if immature:
        notes.append(
            say_many(
                "{names} is still being counted for this week.",
                "{names} are still being counted for this week.",
                len(immature),
                names=list_text(immature),
            )
        )
    if young_measures:
        notes.append(
            say_many(
                "{count} measure of dialogue and engagement is still being counted.",
                "{count} measures of dialogue and engagement are still being counted.",
                young_measures,
                count=number_text(young_measures),
            )
        )
    young = sorted(
        {
            reading.baseline_weeks
            for reading in readings
            if reading.baseline_weeks and reading.baseline_weeks < FIRM_BASELINE_WEEKS
        }
    )
    if young:
        notes.append(
            say(
                "Some usual ranges rest on {weeks} weeks only and are provisional "
                "until {firm}.",
                weeks=young[0],
                firm=FIRM_BASELINE_WEEKS,
            )
        )
    late_measures += sum(1 for reading in readings if reading.rests_on_late_posts)
    if late_measures:
        notes.append(
            say_many(
                "The usual range of {count} measure rests on posts first read two "
                "weeks or more after they appeared; this week may look weak beside it.",
                "The usual ranges of {count} measures rest on posts first read two "
                "weeks or more after they appeared; this week may look weak beside "
                "them.",
                late_measures,
                count=number_text(late_measures),
            )
        )
    if scored_ratio is not None and scored_ratio < _FULL_COVERAGE:
        notes.append(
            say(
                "{part} of posts are not in English or too short to judge; tone "
                "leaves them out.",
                part=percent_text(1 - scored_ratio),
            )
        )
    lost = sum(row["rows_rejected"] or 0 for row in rejected)
    if lost:
        sources = [row["source_name"] for row in rejected if row["rows_rejected"]]
        notes.append(
            say_many(
                "{count} row could not be read (from {sources}).",
                "{count} rows could not be read (from {sources}).",
                lost,
                count=number_text(lost),
                sources=list_text(sources),
            )
        )
    return notes
