"""Turn the outcomes of checks into one verdict on a week; pure."""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Self

from heartshare.errors import GateError, InputError
from heartshare.weeks import ReportingWeek

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import date


class Severity(StrEnum):
    """What a failed check does: stop the week, travel as a caveat, or inform."""

    CRITICAL = "critical"
    WARNING = "warning"
    INFO = "info"


class State(StrEnum):
    """How a check ended; broken means that it could not be carried out."""

    PASSED = "passed"
    FAILED = "failed"
    BROKEN = "broken"
    WAIVED = "waived"


class Decision(StrEnum):
    """What the gate says about a week."""

    CLEAN = "clean"
    PUBLISHED_WITH_NOTES = "published_with_notes"
    BLOCKED = "blocked"


class WeekHeldError(GateError):
    """The gate blocked a week, so nothing of it may be published or rendered."""

    def __init__(self, verdict: GateVerdict) -> None:
        refs = ", ".join(outcome.ref for outcome in verdict.blocking) or "no checks ran"
        super().__init__(
            f"{verdict.week.label} is held by the gate: {refs}. Next step: "
            f"heartshare gate --week {verdict.week.label} --explain"
        )


class UnreadableVerdictError(InputError):
    """A stored verdict lacks a field or holds a value that none of ours would."""

    def __init__(self, reason: object) -> None:
        super().__init__(
            f"The verdict cannot be read ({reason}). Run heartshare gate again."
        )


@dataclass(frozen=True)
class Outcome:
    """How one check ended on one week.

    ``observed`` counts and never quotes; ``examples`` holds at most five keys of
    offending rows, hashed or from a code list. ``reason`` is why a waiver was granted.
    ``offending`` is the number within ``observed``, None where nothing was counted.
    """

    ref: str
    suite: str
    key: str
    severity: Severity
    state: State
    why: str
    observed: str
    owner: str = ""
    examples: tuple[str, ...] = ()
    waived_by: str | None = None
    waived_until: str | None = None
    reason: str | None = None
    offending: int | None = None

    @property
    def is_blocking(self) -> bool:
        """Whether this outcome alone holds the week back."""
        stopped = self.state in {State.FAILED, State.BROKEN}
        return stopped and self.severity is Severity.CRITICAL


@dataclass(frozen=True)
class Waiver:
    """A named person's decision to let one failed check of one week pass."""

    ref: str
    week: ReportingWeek
    person: str
    reason: str
    until: date


@dataclass(frozen=True)
class GateVerdict:
    """The gate's answer for one build of one week, with every check in suite order."""

    week: ReportingWeek
    build_id: str
    verdict: Decision
    outcomes: tuple[Outcome, ...]
    checks_total: int
    checks_passed: int
    waivers_ignored: tuple[str, ...] = ()

    @property
    def is_publishable(self) -> bool:
        """Whether the week may be published and rendered."""
        return self.verdict is not Decision.BLOCKED

    @property
    def blocking(self) -> tuple[Outcome, ...]:
        """The outcomes that hold the week, earliest suite first."""
        return tuple(outcome for outcome in self.outcomes if outcome.is_blocking)

    @property
    def caveats(self) -> tuple[Outcome, ...]:
        """Everything that did not pass: what the reader of the week should know."""
        return tuple(
            outcome for outcome in self.outcomes if outcome.state is not State.PASSED
        )

    @property
    def likely_cause(self) -> str | None:
        """The earliest suite with a failure: later ones often fail because of it."""
        candidates = self.blocking or self.caveats
        return candidates[0].suite if candidates else None

    def to_dict(self) -> dict[str, Any]:
        """Return the verdict as JSON types; ``week`` is its Monday."""
        return {
            "week": self.week.key,
            "week_label": self.week.label,
            "build_id": self.build_id,
            "verdict": str(self.verdict),
            "checks_total": self.checks_total,
            "checks_passed": self.checks_passed,
            "likely_cause": self.likely_cause,
            "outcomes": [
                {**asdict(outcome), "examples": list(outcome.examples)}
                for outcome in self.outcomes
            ],
            "waivers_ignored": list(self.waivers_ignored),
        }

    @classmethod
    def from_dict(cls, stored: Mapping[str, Any]) -> Self:
        """Return the verdict that ``to_dict`` wrote; the decision is made anew.

        Raises:
            UnreadableVerdictError: for a missing field, an unknown value, or a stored
                decision that does not follow from the stored outcomes.
        """
        try:
            outcomes = tuple(_outcome(one) for one in stored["outcomes"])
            again = decide(
                ReportingWeek.parse(stored["week"]),
                stored["build_id"],
                outcomes,
                waivers_ignored=stored.get("waivers_ignored", ()),
            )
            claimed = Decision(stored["verdict"])
        except (KeyError, TypeError, ValueError) as error:
            raise UnreadableVerdictError(repr(error)) from error
        if claimed is not again.verdict:
            raise UnreadableVerdictError(
                f"it says {claimed}, its checks {again.verdict}"
            )
        return cls(**{name: getattr(again, name) for name in cls.__dataclass_fields__})


def decide(
    week: ReportingWeek,
    build_id: str,
    outcomes: Iterable[Outcome],
    *,
    waivers_ignored: Sequence[str] = (),
) -> GateVerdict:
    """Return the verdict on one build of one week.

    Outcomes stand in suite order. A broken check is critical whatever it was declared
    to be: nobody knows what it would have found. No outcomes at all block, because a
    gate without checks has checked nothing.
    """
    judged = tuple(
        replace(one, severity=Severity.CRITICAL) if one.state is State.BROKEN else one
        for one in outcomes
    )
    passed = sum(one.state is State.PASSED for one in judged)
    if not judged or any(one.is_blocking for one in judged):
        decision = Decision.BLOCKED
    elif passed < len(judged):
        decision = Decision.PUBLISHED_WITH_NOTES
    else:
        decision = Decision.CLEAN
    return GateVerdict(
        week=week,
        build_id=build_id,
        verdict=decision,
        outcomes=judged,
        checks_total=len(judged),
        checks_passed=passed,
        waivers_ignored=tuple(waivers_ignored),
    )


def apply_waivers(
    week: ReportingWeek,
    outcomes: Iterable[Outcome],
    waivers: Iterable[Waiver],
    *,
    today: date,
) -> tuple[Outcome, ...]:
    """Return the outcomes with failed ones waived where a live waiver names them.

    A waiver is live for its own week until its last day, included. Broken checks are
    never waived: their finding is unknown, so nobody can answer for it.
    """
    live = {one.ref: one for one in waivers if one.week == week and today <= one.until}
    return tuple(
        _waive(outcome, live[outcome.ref])
        if outcome.state is State.FAILED and outcome.ref in live
        else outcome
        for outcome in outcomes
    )


def _waive(outcome: Outcome, waiver: Waiver) -> Outcome:
    return replace(
        outcome,
        state=State.WAIVED,
        waived_by=waiver.person,
        waived_until=waiver.until.isoformat(),
        reason=waiver.reason,
    )


def _outcome(stored: Mapping[str, Any]) -> Outcome:
    return Outcome(
        **{
            **stored,
            "severity": Severity(stored["severity"]),
            "state": State(stored["state"]),
            "examples": tuple(stored.get("examples", ())),
        }
    )
