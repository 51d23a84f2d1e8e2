"""What a reader must know before trusting the numbers: gate notes and thin data."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from heartshare.reporting.signals_text import FIRM_BASELINE_WEEKS
from heartshare.reporting.wording import count_noun, list_text, percent_text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from heartshare.reporting.scorecard import Reading

Row = dict[str, Any]

#: Below this part of scored texts, tone is printed with a note.
_FULL_COVERAGE = 0.95


def gate_facts(verdict: Row) -> Row:
    """Return the gate's words: verdict, counts and every check that did not pass.

    ``verdict`` is the dictionary form of a GateVerdict.
    """
    passed, total = verdict["checks_passed"], verdict["checks_total"]
    notes = [row for row in verdict["outcomes"] if row["state"] != "passed"]
    words = {
        "clean": "Data gate passed",
        "published_with_notes": "Data gate passed with notes",
        "blocked": "Data gate blocked",
    }
    return {
        "verdict_code": verdict["verdict"],
        "text": f"{words[verdict['verdict']]}: {passed} of {total} checks",
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
        {"suite": suite.replace("_", " "), "passed": passed, "total": total}
        for suite, (passed, total) in sorted(counts.items())
    ]


def _note(row: Row) -> Row:
    check = row["key"].replace("_", " ")
    found = f" ({row['observed'].rstrip('.')})" if row.get("observed") else ""
    if row["state"] == "waived":
        reason = f": {row['reason'].rstrip('.')}" if row.get("reason") else ""
        text = (
            f"Check “{check}” was waived by {row['waived_by']} "
            f"until {row['waived_until']}{reason}{found}."
        )
    else:
        text = f"Check “{check}” did not pass{found}."
    why = (row.get("why") or "").strip()
    return {"ref": row["ref"], "state": row["state"], "text": text, "why": why}


def data_caveats(
    readings: Sequence[Reading],
    scored_ratio: float | None,
    rejected: Sequence[Row],
    young_measures: int = 0,
) -> list[str]:
    """Return the honest notes that the data itself asks for, most important first.

    ``young_measures`` counts the measures of the evidence pages that are not final.
    """
    notes = []
    absent = [reading.name for reading in readings if reading.figure.value is None]
    if absent:
        verb = "has" if len(absent) == 1 else "have"
        notes.append(f"{list_text(absent)} {verb} no figure this week.")
    immature = [reading.name for reading in readings if not reading.is_mature]
    if immature:
        verb = "is" if len(immature) == 1 else "are"
        notes.append(f"{list_text(immature)} {verb} still being counted for this week.")
    if young_measures:
        noun = count_noun(young_measures, "measure")
        verb = "is" if young_measures == 1 else "are"
        notes.append(f"{noun} of dialogue and engagement {verb} still being counted.")
    young = sorted(
        {
            reading.baseline_weeks
            for reading in readings
            if reading.baseline_weeks and reading.baseline_weeks < FIRM_BASELINE_WEEKS
        }
    )
    if young:
        notes.append(
            f"Some usual ranges rest on {young[0]} weeks only and are provisional "
            f"until {FIRM_BASELINE_WEEKS}."
        )
    if scored_ratio is not None and scored_ratio < _FULL_COVERAGE:
        notes.append(
            f"{percent_text(1 - scored_ratio)} of posts are not in English or too "
            "short to judge; tone leaves them out."
        )
    lost = sum(row["rows_rejected"] or 0 for row in rejected)
    if lost:
        sources = [row["source_name"] for row in rejected if row["rows_rejected"]]
        notes.append(
            f"{count_noun(lost, 'row')} could not be read (from {list_text(sources)})."
        )
    return notes
