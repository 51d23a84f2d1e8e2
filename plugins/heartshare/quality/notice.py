"""Say in plain text why a week is held, and what each check found."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from heartshare.quality.explanation import advice

if TYPE_CHECKING:
    from heartshare.quality.gate import GateVerdict, Outcome


_REMEDY = (
    "Then put the corrected export into its inbox folder; the week is built, judged "
    "and published again by itself. Where the data is right and the check is not, add "
    "a waiver to expectations/waivers.yml with your name, the reason, the week and an "
    "end date."
)


@dataclass(frozen=True)
class HeldNotice:
    """What the owners are told when a week is held."""

    subject: str
    text: str


def held_notice(verdict: GateVerdict, *, last_good: str | None) -> HeldNotice:
    """Return the notice of a blocked week.

    ``last_good`` names the revision that readers still see, None when there is none.
    Numbers are counts of rows and examples are keys; no value of a row is quoted.

    Raises:
        ValueError: when the verdict blocks nothing, so there is nothing to announce.
    """
    if verdict.is_publishable:
        raise ValueError(f"{verdict.week.label} is not held")
    label, count = verdict.week.label, len(verdict.blocking)
    parts = [
        _lead(verdict),
        *(_described(outcome) for outcome in verdict.blocking),
        advice(verdict),
        _standing(last_good),
        f"Next step: heartshare gate --week {label} --explain\n{_REMEDY}",
    ]
    return HeldNotice(
        subject=f"HELD: weekly report {label}, {_checks(count).lower()} failed",
        text="\n\n".join(part for part in parts if part) + "\n",
    )


def _lead(verdict: GateVerdict) -> str:
    count = len(verdict.blocking)
    stop = "stops" if count == 1 else "stop"
    return (
        f"The report of {verdict.week.label} is held. {_checks(count)} of "
        f"{verdict.checks_total} {stop} it, so nothing of this week has been published "
        "or sent."
    )


def _checks(count: int) -> str:
    return "One check" if count == 1 else f"{count} checks"


def _described(outcome: Outcome) -> str:
    lines = [
        f"{outcome.ref} ({outcome.severity}, {outcome.state})",
        f"  Why it matters: {outcome.why}",
        f"  Found: {outcome.observed}",
    ]
    if outcome.examples:
        lines.append(f"  Examples: {', '.join(outcome.examples)}")
    return "\n".join([*lines, f"  Owner: {outcome.owner}"])


def _standing(last_good: str | None) -> str:
    if last_good is None:
        return "No revision has been published yet, so readers see nothing."
    return f"Readers still see the last good revision, {last_good}."
