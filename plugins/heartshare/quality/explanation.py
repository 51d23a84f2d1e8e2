"""Explain a run of the gate check by check: what was asked, found, and what to do."""

from __future__ import annotations

import textwrap
from collections import Counter
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from heartshare.language import mark, mark_many, say, say_many
from heartshare.quality.gate import Decision, State
from heartshare.quality.incidents import frequency
from heartshare.quality.next_steps import BROKEN_STEP, COMMON_STEP

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from heartshare.quality.gate import GateVerdict, Outcome
    from heartshare.quality.history import GateRun
    from heartshare.quality.suites import Suite

WIDTH = 100
_LABEL = 9
HEADLINES = {
    Decision.CLEAN: mark("Fit to publish"),
    Decision.PUBLISHED_WITH_NOTES: mark("Fit to publish, with notes"),
    Decision.BLOCKED: mark("Held: nothing of this week is published"),
}


@dataclass(frozen=True)
class CheckStory:
    """Everything a person needs on one check of one run.

    ``fired_weeks`` of ``judged_weeks`` are those of the look-back in which it did not
    pass, this week included; ``last_fired`` is the newest of them before this week.
    """

    ref: str
    state: str
    severity: str
    is_blocking: bool
    asks: str
    why: str
    found: str
    offending: int | None
    examples: tuple[str, ...]
    owner: str
    next_step: str
    waived_by: str | None
    waived_until: str | None
    waiver_reason: str | None
    fired_weeks: int
    judged_weeks: int
    last_fired: str | None


def tell_checks(
    verdict: GateVerdict,
    suites: Sequence[Suite],
    steps: Mapping[str, str],
    runs: Sequence[GateRun],
    *,
    is_all: bool = False,
) -> tuple[CheckStory, ...]:
    """Return the stories of the checks that did not pass, or of all, in suite order.

    ``runs`` are those of the look-back, the explained one included.
    """
    asks = {suite.name: suite.asks for suite in suites}
    outcomes = verdict.outcomes if is_all else verdict.caveats
    return tuple(_story(verdict, one, asks, steps, runs) for one in outcomes)


def explain(verdict: GateVerdict, stories: Sequence[CheckStory]) -> str:
    """Return the run as plain text of at most 100 columns."""
    parts = [
        _head(verdict),
        *(_told(story) for story in stories),
        *(_wrapped(sentence) for sentence in verdict.waivers_ignored),
        _rest(verdict, stories),
    ]
    return "\n\n".join(part for part in parts if part)


def explain_data(verdict: GateVerdict, stories: Sequence[CheckStory]) -> dict[str, Any]:
    """Return the same as JSON types."""
    return {
        "week": verdict.week.key,
        "week_label": verdict.week.label,
        "build_id": verdict.build_id,
        "verdict": str(verdict.verdict),
        "checks_total": verdict.checks_total,
        "checks_passed": verdict.checks_passed,
        "likely_cause": verdict.likely_cause,
        "waivers_ignored": list(verdict.waivers_ignored),
        "checks": [{**asdict(one), "examples": list(one.examples)} for one in stories],
    }


def counts(verdict: GateVerdict) -> str:
    """Say how many checks passed, held the week, became notes or were waived."""
    blocking = len(verdict.blocking)
    waived = sum(one.state is State.WAIVED for one in verdict.outcomes)
    notes = verdict.checks_total - verdict.checks_passed - blocking - waived
    parts = [
        (blocking, *mark_many("{count} holds the week", "{count} hold the week")),
        (notes, *mark_many("{count} is a note", "{count} are notes")),
        (waived, *mark_many("{count} is waived", "{count} are waived")),
    ]
    said = [
        say_many(one, many, count, count=count) for count, one, many in parts if count
    ]
    passed = say(
        "{passed} of {total} checks passed",
        passed=verdict.checks_passed,
        total=verdict.checks_total,
    )
    return f"{passed}; {', '.join(said)}." if said else f"{passed}."


def advice(verdict: GateVerdict) -> str:
    """Say where to look first, when more than one suite has something to say."""
    if len({outcome.suite for outcome in verdict.caveats}) <= 1:
        return ""
    return say(
        "Look at {suite} first: suites run in the order of causes, and later failures "
        "often follow from the first.",
        suite=verdict.likely_cause,
    )


def _story(
    verdict: GateVerdict,
    outcome: Outcome,
    asks: Mapping[str, str],
    steps: Mapping[str, str],
    runs: Sequence[GateRun],
) -> CheckStory:
    often = frequency(runs, outcome.ref)
    before = frequency([run for run in runs if run.week < verdict.week], outcome.ref)
    step = steps.get(outcome.suite, COMMON_STEP)
    return CheckStory(
        ref=outcome.ref,
        state=str(outcome.state),
        severity=str(outcome.severity),
        is_blocking=outcome.is_blocking,
        asks=asks.get(outcome.suite, mark("The suite is no longer in expectations/.")),
        why=outcome.why,
        found=outcome.observed,
        offending=outcome.offending,
        examples=outcome.examples,
        owner=outcome.owner,
        next_step=BROKEN_STEP if outcome.state is State.BROKEN else step,
        waived_by=outcome.waived_by,
        waived_until=outcome.waived_until,
        waiver_reason=outcome.reason,
        fired_weeks=often.fired,
        judged_weeks=often.judged,
        last_fired=before.last.label if before.last else None,
    )


def _head(verdict: GateVerdict) -> str:
    week = verdict.week
    lines = [
        f"{week.label} ({week.key} to {week.sunday}). {HEADLINES[verdict.verdict]}.",
        counts(verdict),
        f"Build {verdict.build_id}.",
        _wrapped(advice(verdict)),
    ]
    return "\n".join(line for line in lines if line)


def _told(story: CheckStory) -> str:
    fields = [
        ("Asks", story.asks),
        ("Why", story.why),
        ("Found", story.found),
        ("Examples", ", ".join(story.examples)),
        ("Owner", story.owner),
        ("Next", story.next_step if story.state != State.PASSED else ""),
        ("Waiver", waiver_text(story)),
        ("Before", often_text(story)),
    ]
    lines = [_title(story)]
    lines += [_field(name, text) for name, text in fields if text]
    return "\n".join(lines)


def waiver_text(story: CheckStory) -> str:
    """Say who let the check pass until when and why; nothing where nobody did."""
    if story.waived_by is None:
        return ""
    return say(
        "by {person} until {day}: {reason}",
        person=story.waived_by,
        day=story.waived_until,
        reason=story.waiver_reason,
    )


def often_text(story: CheckStory) -> str:
    """Say in how many of the judged weeks the check fired."""
    if story.judged_weeks == 1:
        return say("judged for the first time")
    told = say(
        "fired in {fired} of the last {judged} judged weeks",
        fired=story.fired_weeks,
        judged=story.judged_weeks,
    )
    if story.last_fired:
        before = say("before this one last in {week}", week=story.last_fired)
    elif story.fired_weeks:
        before = say("never before this one")
    else:
        return told
    return f"{told}, {before}"


def _title(story: CheckStory) -> str:
    effect = f"{story.state.upper()}, {story.severity}"
    if story.is_blocking:
        effect += ", holds the week"
    gap = max(WIDTH - len(story.ref) - len(effect), 2)
    return f"{story.ref}{' ' * gap}{effect}"


def _field(name: str, text: str) -> str:
    return textwrap.fill(
        text,
        WIDTH,
        initial_indent=f"  {name:<{_LABEL}}",
        subsequent_indent=" " * (_LABEL + 2),
        break_on_hyphens=False,
        break_long_words=False,
    )


def _rest(verdict: GateVerdict, stories: Sequence[CheckStory]) -> str:
    told = {story.ref for story in stories}
    rest = Counter(one.suite for one in verdict.outcomes if one.ref not in told)
    if not rest:
        return ""
    listed = ", ".join(f"{suite} {number}" for suite, number in rest.items())
    return _wrapped(f"Passed, by suite: {listed}. With --all they are told as well.")


def _wrapped(text: str) -> str:
    return textwrap.fill(text, WIDTH, break_on_hyphens=False, break_long_words=False)
