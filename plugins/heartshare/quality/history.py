"""Read what the gate has said in all its runs, from the folders that it leaves.

gate/<week>/run-NNNN/verdict.json is the record of a run. Pages and explanations read
it there, without opening the warehouse, which a step may be writing.
"""

from __future__ import annotations

import hashlib
import json
import logging
import re
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any

from heartshare.errors import InputError
from heartshare.quality.gate import GateVerdict, State, UnreadableVerdictError
from heartshare.warehouse.gate_history import FindingRow, RunRow

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

    from heartshare.quality.gate import Outcome
    from heartshare.weeks import ReportingWeek

LOGGER = logging.getLogger(__name__)
#: How far back pages and explanations look: half a year.
SHOWN_WEEKS = 26
_RUN = re.compile(r"run-(\d{4,})")


class DamagedRecordError(InputError):
    """A verdict in gate/ cannot be read, so the history would have a hole."""

    def __init__(self, path: Path, reason: object) -> None:
        super().__init__(
            f"{path} cannot be read ({reason}). Restore it from a backup, or move its "
            "folder away and run heartshare gate again."
        )


@dataclass(frozen=True)
class GateRun:
    """One run of the gate: its verdict, its folder, and when it judged what.

    ``as_of`` is the moment until which exports counted, ``judged_at`` that of the run;
    both UTC, None for runs from before they were kept.
    """

    verdict: GateVerdict
    path: Path
    judged_at: datetime | None = None
    as_of: datetime | None = None

    @property
    def week(self) -> ReportingWeek:
        """The week that was judged."""
        return self.verdict.week

    @property
    def number(self) -> int:
        """Count the week's runs from 1, repeated ones included."""
        return int(self.path.name.removeprefix("run-"))

    @property
    def outcomes(self) -> dict[str, Outcome]:
        """What each check found, by its name."""
        return {outcome.ref: outcome for outcome in self.verdict.outcomes}


def read_runs(
    gate: Path, *, until: ReportingWeek | None = None, skip_damaged: bool = False
) -> tuple[GateRun, ...]:
    """Return every run that said something new, by week and number, oldest first.

    A run that repeats the one before it, same build and same findings, says nothing
    new: judging twice opens no second incident. ``until`` leaves later weeks out. With
    ``skip_damaged`` a record that cannot be read is logged and left out: a hole in the
    past must not stop the week that is judged now.

    Raises:
        DamagedRecordError: a verdict is there and cannot be read.
    """
    runs: list[GateRun] = []
    for folder in week_folders(gate):
        if until is None or folder.name <= until.label:
            runs += _distinct(_readable(run_folders(folder), skip_damaged))
    return tuple(runs)


def week_folders(gate: Path) -> list[Path]:
    """Return the folders of the weeks that were judged, oldest first."""
    found = gate.glob("[0-9][0-9][0-9][0-9]-W[0-9][0-9]")
    return sorted(path for path in found if path.is_dir())


def begun_runs(folder: Path) -> list[Path]:
    """Return a week's runs in order, those without a verdict among them."""
    numbered = [
        (int(match[1]), path)
        for path in (folder.iterdir() if folder.is_dir() else ())
        if (match := _RUN.fullmatch(path.name))
    ]
    return [path for _, path in sorted(numbered)]


def run_folders(folder: Path) -> list[Path]:
    """Return a week's complete runs in order: those that have their verdict."""
    return [path for path in begun_runs(folder) if (path / "verdict.json").is_file()]


def read_run(path: Path) -> GateRun:
    """Return the run whose record lies in a folder.

    Raises:
        DamagedRecordError: the verdict was changed or cut off.
    """
    file = path / "verdict.json"
    try:
        stored = json.loads(file.read_text(encoding="utf-8"))
        return GateRun(
            GateVerdict.from_dict(stored),
            path,
            judged_at=_moment(stored.get("judged_at")),
            as_of=_moment(stored.get("as_of")),
        )
    except (
        OSError,
        ValueError,
        TypeError,
        AttributeError,
        UnreadableVerdictError,
    ) as error:
        raise DamagedRecordError(file, error) from error


def record(
    verdict: GateVerdict, *, judged_at: datetime, as_of: datetime | None
) -> dict[str, Any]:
    """Return what verdict.json holds: the verdict, and when it was reached on what."""
    return {
        **verdict.to_dict(),
        "judged_at": _stamp(judged_at),
        "as_of": _stamp(as_of) if as_of else None,
    }


def run_row(run: GateRun) -> RunRow:
    """Return a run as the warehouse keeps it; examples of rows are left out."""
    verdict = run.verdict
    return RunRow(
        run_key=_key(run),
        week_start=verdict.week.monday,
        run_number=run.number,
        build_id=verdict.build_id,
        as_of=_naive(run.as_of),
        judged_at=_naive(run.judged_at),
        verdict_code=str(verdict.verdict),
        check_count=verdict.checks_total,
        passed_count=verdict.checks_passed,
        findings=tuple(_finding(outcome) for outcome in verdict.outcomes),
    )


def _finding(outcome: Outcome) -> FindingRow:
    until = outcome.waived_until
    return FindingRow(
        check_code=outcome.ref,
        suite_code=outcome.suite,
        severity_code=str(outcome.severity),
        state_code=str(outcome.state),
        offending_count=outcome.offending,
        owner_name=outcome.owner,
        waived_by=outcome.waived_by,
        waived_until=date.fromisoformat(until) if until else None,
        waiver_reason=outcome.reason,
    )


def _readable(folders: Iterable[Path], skip_damaged: bool) -> Iterator[GateRun]:  # noqa: FBT001
    for path in folders:
        try:
            yield read_run(path)
        except DamagedRecordError as error:
            if not skip_damaged:
                raise
            LOGGER.warning("The gate's history has a hole: %s", error)


def _distinct(runs: Iterable[GateRun]) -> list[GateRun]:
    kept: list[GateRun] = []
    for run in runs:
        if not kept or _said(kept[-1]) != _said(run):
            kept.append(run)
    return kept


def _said(run: GateRun) -> tuple[str, Sequence[Outcome]]:
    """Return a run's findings on its build.

    How many rows a passed check saw is none: the history itself is published, so the
    next run sees more of them.
    """
    outcomes = [
        replace(one, observed="") if one.state is State.PASSED else one
        for one in run.verdict.outcomes
    ]
    return run.verdict.build_id, outcomes


def _key(run: GateRun) -> str:
    parts = (run.week.key, str(run.number), run.verdict.build_id)
    return hashlib.md5("|".join(parts).encode(), usedforsecurity=False).hexdigest()


def _stamp(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="seconds")


def _moment(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None


def _naive(moment: datetime | None) -> datetime | None:
    return moment.astimezone(UTC).replace(tzinfo=None) if moment else None
