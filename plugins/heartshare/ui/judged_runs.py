"""What has the gate said, week by week, and what should be done about each finding?"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from heartshare.quality.explanation import CheckStory, tell_checks
from heartshare.quality.gate import Decision, GateVerdict, Outcome, State
from heartshare.quality.history import (
    SHOWN_WEEKS,
    DamagedRecordError,
    read_run,
    read_runs,
    run_folders,
    week_folders,
)
from heartshare.quality.incidents import shown
from heartshare.quality.next_steps import load_next_steps
from heartshare.quality.suites import load_suites

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from heartshare.settings import Settings

#: Runs that the trend shows at once.
TREND_RUNS = 12
#: What a decision is called, and how grave it is: fine, note or held.
DECISIONS = {
    Decision.CLEAN: ("Passed", "fine"),
    Decision.PUBLISHED_WITH_NOTES: ("Passed with notes", "note"),
    Decision.BLOCKED: ("Held", "held"),
}
#: What a check of the trend shows: a word, a sign for narrow cells, a tone.
_CELLS = {
    State.PASSED: ("passed", "✓", "fine"),
    State.WAIVED: ("waived", "w", "note"),
    State.BROKEN: ("could not be carried out", "!", "held"),
}


@dataclass(frozen=True)
class JudgedRun:
    """One run of the gate; without a verdict, ``problem`` says why."""

    label: str
    run: str
    judged_at: datetime
    verdict: GateVerdict | None
    problem: str = ""

    @property
    def title(self) -> str:
        """What the gate decided, in words."""
        return DECISIONS[self.verdict.verdict][0] if self.verdict else "Unreadable"

    @property
    def tone(self) -> str:
        """How grave that is."""
        return DECISIONS[self.verdict.verdict][1] if self.verdict else "held"


@dataclass(frozen=True)
class TrendRow:
    """One check over the runs; a cell is (word, sign, tone), None where it is new."""

    ref: str
    cells: tuple[tuple[str, str, str] | None, ...]

    @property
    def troubles(self) -> int:
        """In how many of the runs it did not pass."""
        return sum(cell is not None and cell[2] != "fine" for cell in self.cells)


def judged_runs(gate: Path) -> list[JudgedRun]:
    """Return every complete run of the gate, newest week and run first."""
    found = [
        _judged(path) for folder in week_folders(gate) for path in run_folders(folder)
    ]
    return found[::-1]


def find_run(gate: Path, label: str, run: str) -> JudgedRun | None:
    """Return the run that a request names, None where the gate lists none."""
    return next(
        (each for each in judged_runs(gate) if (each.label, each.run) == (label, run)),
        None,
    )


def findings(settings: Settings, verdict: GateVerdict) -> list[CheckStory]:
    """Return what did not pass, what holds the week first.

    Raises:
        InputError: suites or next steps cannot be read.
    """
    runs = read_runs(settings.gate, until=verdict.week, skip_damaged=True)
    stories = tell_checks(
        verdict,
        load_suites(settings.expectations / "suites"),
        load_next_steps(settings.expectations / "next_steps.yml"),
        shown(runs, verdict.week, SHOWN_WEEKS),
    )
    return sorted(stories, key=lambda one: (not one.is_blocking, one.state == "waived"))


def newest_runs(runs: Sequence[JudgedRun]) -> list[JudgedRun]:
    """Return the newest runs that can be read, the oldest of them first."""
    return [each for each in runs if each.verdict is not None][:TREND_RUNS][::-1]


def trend(runs: Sequence[JudgedRun]) -> list[TrendRow]:
    """Return a row for each check of some runs, those that failed most first."""
    found = [
        {one.ref: one for one in each.verdict.outcomes} if each.verdict else {}
        for each in runs
    ]
    refs = list(dict.fromkeys(ref for run in found for ref in run))
    rows = [TrendRow(ref, tuple(_cell(run.get(ref)) for run in found)) for ref in refs]
    return sorted(rows, key=lambda row: -row.troubles)


def _cell(outcome: Outcome | None) -> tuple[str, str, str] | None:
    if outcome is None:
        return None
    if outcome.state is State.FAILED:
        if outcome.is_blocking:
            return ("failed, held the week", "✕", "held")
        return ("failed, noted", "n", "note")
    return _CELLS[outcome.state]


def _judged(path: Path) -> JudgedRun:
    label, run = path.parent.name, path.name
    filed_at = datetime.fromtimestamp((path / "verdict.json").stat().st_mtime, UTC)
    try:
        read = read_run(path)
    except DamagedRecordError:
        problem = (
            "verdict.json of this run was changed or cut off. "
            f"Next step: heartshare gate --week {label}"
        )
        return JudgedRun(label, run, filed_at, None, problem)
    return JudgedRun(label, run, read.judged_at or filed_at, read.verdict)
