"""Gate runs written as the gate writes them, for the tests of everything that reads."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from heartshare.quality.gate import Outcome, Severity, State, decide
from heartshare.quality.history import record
from heartshare.weeks import ReportingWeek

if TYPE_CHECKING:
    from pathlib import Path

    from heartshare.quality.gate import GateVerdict

WEEK = ReportingWeek.parse("2026-W46")
LETTERS = {
    "p": State.PASSED,
    "f": State.FAILED,
    "b": State.BROKEN,
    "w": State.WAIVED,
}
#: Severity by check; the others are critical.
SEVERITIES = {"volume.usual": Severity.WARNING, "mix.known": Severity.INFO}


def outcome(ref: str, letter: str = "p", offending: int | None = None) -> Outcome:
    """Return an outcome: p passed, f failed, b broken, w waived."""
    state = LETTERS[letter]
    suite, _, key = ref.partition(".")
    count = (0 if letter == "p" else 3) if offending is None else offending
    is_waived = state is State.WAIVED
    return Outcome(
        ref=ref,
        suite=suite,
        key=key,
        severity=SEVERITIES.get(ref, Severity.CRITICAL),
        state=state,
        why=f"Without {key} the numbers lie.",
        observed=f"{count} offending rows",
        owner="data-engineering",
        waived_by="Aoife Byrne" if is_waived else None,
        waived_until="2026-11-30" if is_waived else None,
        reason="The platform was down." if is_waived else None,
        offending=count,
    )


def verdict(week: ReportingWeek, build_id: str, **letters: str) -> GateVerdict:
    """Return a verdict; checks are named suite__key, their ends by one letter."""
    outcomes = [outcome(ref.replace("__", "."), end) for ref, end in letters.items()]
    return decide(week, build_id, outcomes)


def write_run(
    gate: Path,
    week: ReportingWeek,
    number: int,
    build_id: str = "b1",
    *,
    hour: int = 6,
    **letters: str,
) -> Path:
    """Write one run's record into a gate folder; return the run's folder."""
    folder = gate / week.label / f"run-{number:04d}"
    folder.mkdir(parents=True)
    judged_at = datetime(2026, 11, 16, hour, tzinfo=UTC)
    stored = record(
        verdict(week, build_id, **letters), judged_at=judged_at, as_of=judged_at
    )
    (folder / "verdict.json").write_text(json.dumps(stored), encoding="utf-8")
    return folder
