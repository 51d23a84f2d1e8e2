"""Say in plain text why a week is held, and what each check found.

In the language in force, but for commands, file names and names of checks.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from heartshare.language import mark, say, say_many
from heartshare.quality.explanation import advice
from heartshare.quality.findings import say_found
from heartshare.quality.page_style import SEVERITIES, STATES

if TYPE_CHECKING:
    from heartshare.quality.gate import GateVerdict, Outcome


_REMEDY = mark(
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
    command = f"heartshare gate --week {label} --explain"
    parts = [
        _lead(verdict),
        *(_described(outcome) for outcome in verdict.blocking),
        advice(verdict),
        _standing(last_good),
        f"{say('Next step: {command}', command=command)}\n{say(_REMEDY)}",
    ]
    return HeldNotice(
        subject=say_many(
            "HELD: weekly report {week}, one check failed",
            "HELD: weekly report {week}, {count} checks failed",
            count,
            week=label,
            count=count,
        ),
        text="\n\n".join(part for part in parts if part) + "\n",
    )


def _lead(verdict: GateVerdict) -> str:
    count = len(verdict.blocking)
    return say_many(
        "The report of {week} is held. One check of {total} stops it, so nothing of "
        "this week has been published or sent.",
        "The report of {week} is held. {count} checks of {total} stop it, so nothing "
        "of this week has been published or sent.",
        count,
        week=verdict.week.label,
        count=count,
        total=verdict.checks_total,
    )


def _described(outcome: Outcome) -> str:
    said = [
        say("Why it matters: {why}", why=say(outcome.why)),
        say("Found: {found}", found=say_found(outcome.observed)),
    ]
    if outcome.examples:
        said.append(say("Examples: {examples}", examples=", ".join(outcome.examples)))
    if outcome.owner:
        said.append(say("Owner: {owner}", owner=outcome.owner))
    head = f"{say(SEVERITIES[outcome.severity])}, {say(STATES[outcome.state])}"
    return "\n".join([f"{outcome.ref} ({head})", *(f"  {line}" for line in said)])


def _standing(last_good: str | None) -> str:
    if last_good is None:
        return say("No revision has been published yet, so readers see nothing.")
    return say(
        "Readers still see the last good revision, {revision}.", revision=last_good
    )
