"""Tell from the runs of the gate what opened, what closed and how often; pure."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from heartshare.quality.gate import Severity, State

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from heartshare.quality.gate import Outcome
    from heartshare.quality.history import GateRun
    from heartshare.weeks import ReportingWeek


class Ending(StrEnum):
    """How an incident stands: the check fires, passes again, or is no longer asked."""

    OPEN = "open"
    CLOSED = "closed"
    RETIRED = "retired"


@dataclass(frozen=True)
class Incident:
    """A check that did not pass, from the run that found it to the one that did not.

    ``weeks`` are those in which it fired. ``severity`` and ``owner`` are those of the
    last time; ``closed_by`` is the run in which the check passed again.
    """

    ref: str
    severity: Severity
    owner: str
    opened_by: GateRun
    last_seen: GateRun
    weeks: tuple[ReportingWeek, ...]
    ending: Ending
    has_blocked: bool
    is_waived: bool
    closed_by: GateRun | None = None


@dataclass(frozen=True)
class Frequency:
    """In how many of the judged weeks a check fired, and in which last."""

    fired: int
    judged: int
    last: ReportingWeek | None


def find_incidents(runs: Sequence[GateRun]) -> tuple[Incident, ...]:
    """Return every incident, open ones first, then by the run that opened them.

    ``runs`` are ordered by week and number, as ``read_runs`` returns them. A check that
    fires again in the next run continues its incident; one that passed ended it.
    """
    refs = dict.fromkeys(ref for run in runs for ref in run.outcomes)
    found = [incident for ref in refs for incident in _of_check(ref, runs)]
    place = {id(run): position for position, run in enumerate(runs)}
    return tuple(
        sorted(
            found,
            key=lambda one: (one.ending is not Ending.OPEN, -place[id(one.opened_by)]),
        )
    )


def last_runs(runs: Iterable[GateRun]) -> tuple[GateRun, ...]:
    """Return the last run of each week: what holds of it."""
    return tuple({run.week: run for run in runs}.values())


def worst_outcomes(runs: Iterable[GateRun]) -> dict[str, Outcome]:
    """Return for each check the worst outcome within these runs, in their order.

    Broken is worse than failed, failed worse than waived.
    """
    worst: dict[str, Outcome] = {}
    for run in runs:
        for ref, outcome in run.outcomes.items():
            if ref not in worst or _RANK[outcome.state] > _RANK[worst[ref].state]:
                worst[ref] = outcome
    return worst


def frequency(runs: Sequence[GateRun], ref: str) -> Frequency:
    """Return in how many weeks a check did not pass in at least one run."""
    judged = {run.week for run in runs if ref in run.outcomes}
    fired = {
        run.week
        for run in runs
        if ref in run.outcomes and run.outcomes[ref].state is not State.PASSED
    }
    return Frequency(len(fired), len(judged), max(fired, default=None))


def shown(
    runs: Sequence[GateRun], last: ReportingWeek, weeks: int
) -> tuple[GateRun, ...]:
    """Return the runs of the last so many weeks up to and including one."""
    first = last.shift(1 - weeks)
    return tuple(run for run in runs if first <= run.week <= last)


def repeat_offenders(runs: Sequence[GateRun]) -> list[tuple[str, int]]:
    """Return checks by the number of weeks in which they fired, most often first."""
    count = Counter(
        ref
        for week in dict.fromkeys(run.week for run in runs)
        for ref, outcome in worst_outcomes(r for r in runs if r.week == week).items()
        if outcome.state is not State.PASSED
    )
    return sorted(count.items(), key=lambda item: (-item[1], item[0]))


_RANK = {State.PASSED: 0, State.WAIVED: 1, State.FAILED: 2, State.BROKEN: 3}


def _of_check(ref: str, runs: Sequence[GateRun]) -> list[Incident]:
    found: list[Incident] = []
    firing: list[GateRun] = []
    for run in runs:
        outcome = run.outcomes.get(ref)
        if outcome is None:
            continue
        if outcome.state is not State.PASSED:
            firing.append(run)
        elif firing:
            found.append(_incident(ref, firing, Ending.CLOSED, run))
            firing = []
    if firing:
        is_asked = ref in runs[-1].outcomes
        ending = Ending.OPEN if is_asked else Ending.RETIRED
        found.append(_incident(ref, firing, ending, None))
    return found


def _incident(
    ref: str, firing: Sequence[GateRun], ending: Ending, closed_by: GateRun | None
) -> Incident:
    outcomes = [run.outcomes[ref] for run in firing]
    return Incident(
        ref=ref,
        severity=outcomes[-1].severity,
        owner=outcomes[-1].owner,
        opened_by=firing[0],
        last_seen=firing[-1],
        weeks=tuple(dict.fromkeys(run.week for run in firing)),
        ending=ending,
        has_blocked=any(outcome.is_blocking for outcome in outcomes),
        is_waived=outcomes[-1].state is State.WAIVED,
        closed_by=closed_by,
    )
