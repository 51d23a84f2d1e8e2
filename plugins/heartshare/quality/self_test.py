"""Put the gate itself to the test: does every check notice the fault it is for?"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from heartshare.quality.checks import open_judge
from heartshare.quality.faults import FaultyCopy, load_faults
from heartshare.quality.gate import State

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from heartshare.quality.checks import Scope
    from heartshare.quality.faults import Bite
    from heartshare.quality.gate import Outcome
    from heartshare.quality.suites import Suite


@dataclass(frozen=True)
class SelfTest:
    """What a self-test found; a check without a fault cannot be shown to bite.

    ``clean`` are the outcomes before any fault, one per check in suite order, and
    ``bites`` what each fault was noticed by.
    """

    week_label: str
    clean: tuple[Outcome, ...]
    bites: tuple[Bite, ...]
    seconds: float

    @property
    def biting(self) -> tuple[str, ...]:
        """The checks that pass on clean data and notice their fault, in suite order."""
        noticed = {bite.fault.ref for bite in self.bites if bite.is_noticed}
        return tuple(
            one.ref
            for one in self.clean
            if one.ref in noticed and one.state is State.PASSED
        )

    @property
    def is_passed(self) -> bool:
        """Whether clean data passes every check and every check bites."""
        return len(self.biting) == len(self.clean)

    def lines(self) -> Iterator[str]:
        """Yield one line per check, and how many of them bite."""
        bites = {bite.fault.ref: bite for bite in self.bites}
        for one in self.clean:
            yield f"{_finding(one, bites.get(one.ref))}  {one.ref}{_detail(one, bites)}"
        total = len(self.clean)
        passed = sum(one.state is State.PASSED for one in self.clean)
        yield f"Clean data of {self.week_label} pass {passed} of {total} checks."
        yield f"{len(self.biting)} of {total} bite."

    def to_dict(self) -> dict[str, Any]:
        """Return the whole matrix: what every fault was noticed by, JSON-ready."""
        return {
            "week": self.week_label,
            "checks": len(self.clean),
            "biting": len(self.biting),
            "seconds": round(self.seconds, 3),
            "not_clean": {
                one.ref: one.observed
                for one in self.clean
                if one.state is not State.PASSED
            },
            "without_fault": sorted(
                {one.ref for one in self.clean}
                - {bite.fault.ref for bite in self.bites}
            ),
            "faults": [
                {
                    "check": bite.fault.ref,
                    "story": bite.fault.story,
                    "bites": bite.fault.ref in self.biting,
                    "also_noticed_by": sorted(bite.noticed_by - {bite.fault.ref}),
                }
                for bite in self.bites
            ],
        }


def prove(
    suites: Sequence[Suite],
    scope: Scope,
    *,
    clock: Callable[[], float],
    progress: Callable[[str, int, int], None],
) -> SelfTest:
    """Plant every fault into a scope's warehouse, one after another, and take it out.

    ``scope.warehouse`` is a copy that nobody else opens; ``clock`` tells seconds.
    Faults for checks that the suites do not hold are left out.
    """
    start = clock()
    refs = [check.ref for suite in suites for check in suite.checks]
    faults = [fault for fault in load_faults() if fault.ref in set(refs)]
    with open_judge() as judge, FaultyCopy(judge, suites, scope) as faulty:
        progress("clean data", 0, len(faults))
        clean = faulty.judge_clean()
        bites = []
        for done, fault in enumerate(faults, start=1):
            bites.append(faulty.plant(fault))
            progress(fault.ref, done, len(faults))
    return SelfTest(scope.week.label, clean, tuple(bites), clock() - start)


def write_matrix(found: SelfTest, path: Path) -> None:
    """Write what every fault was noticed by as JSON."""
    text = json.dumps(found.to_dict(), indent=2, ensure_ascii=False) + "\n"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


def _finding(clean: Outcome, bite: Bite | None) -> str:
    if clean.state is not State.PASSED:
        return "NOT CLEAN"
    if bite is None:
        return "NO FAULT "
    return "bites    " if bite.is_noticed else "NO BITE  "


def _detail(clean: Outcome, bites: dict[str, Bite]) -> str:
    if clean.state is not State.PASSED:
        return f": {clean.observed} before any fault"
    if clean.ref not in bites:
        return ": quality/faults.yml holds no fault for it"
    return f": {bites[clean.ref].fault.story}"
