"""Which sentence each answer gets, chosen by the same tag that is printed beside it.

Every function is pure: figures and tags in, plain sentences of the language in force
out. A claim that a tag does not support has no sentence here.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from heartshare.language import mark, say, say_many
from heartshare.reporting import counted
from heartshare.reporting.signals_text import UNJUDGED
from heartshare.reporting.wording import (
    list_text,
    number_text,
    percent_text,
    range_text,
    signed_range_text,
    signed_text,
    telling_decimals,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from heartshare.reporting.signals_text import Direction, Tag

Row = dict[str, Any]


_COUNTED_ACTIONS = {
    1: mark("One action, with an owner."),
    2: mark("Two actions, each with an owner."),
    3: mark("Three actions, each with an owner."),
}

#: One outcome and several of them: English says both alike, other languages do not.
_MOVED = {
    "signal_up": (
        mark("{names} moved up, a signal"),
        mark("{names} moved up, each a signal"),
    ),
    "signal_down": (
        mark("{names} moved down, a signal"),
        mark("{names} moved down, each a signal"),
    ),
    "watch_up": (
        mark("{names} moved up, to watch"),
        mark("{names} moved up, each to watch"),
    ),
    "watch_down": (
        mark("{names} moved down, to watch"),
        mark("{names} moved down, each to watch"),
    ),
}


@dataclass(frozen=True)
class Answer:
    """One question's answer: a headline and the sentence that supports it."""

    headline: str
    body: str


def no_funnel() -> Answer:
    """Answer "Where is it stuck?" in a week in which nobody stands at any step."""
    return Answer(
        say("No figure this week."),
        say(
            "No export of this week says who did what, so no person stands at any step."
        ),
    )


def growing(
    net_new: float | None,
    tag: Tag,
    pace: Direction | None,
    usual: tuple[float | None, float | None],
    mean: float | None,
) -> Answer:
    """Answer "Is advocacy growing?" from net new advocates, their tag and pace."""
    if net_new is None:
        return Answer(
            say("No figure this week."),
            say("The published marts hold no count of new advocates for this week."),
        )
    body = _growing_body(tag, signed_range_text(*usual))
    if mean is not None and tag.family in {"routine", "watch"}:
        average = say("The average is {mean} a week.", mean=signed_text(mean, 1))
        body = f"{body} {average}"
    headline = f"{_growing_word(tag, pace, net_new)} {_advocates_changed(net_new)}"
    return Answer(headline, body)


def _growing_body(tag: Tag, usual: str) -> str:
    if tag.family == "signal":
        return say(
            "That lies outside the usual {usual} a week: something changed, ask what.",
            usual=usual,
        )
    if tag.family == "watch":
        return say(
            "Inside the usual {usual} a week, but the last weeks keep to one side of "
            "the average.",
            usual=usual,
        )
    if tag.family == "routine":
        return say(
            "Within the usual {usual} a week, so this week's figure alone needs no "
            "explanation.",
            usual=usual,
        )
    if tag.family == "too":
        return say(
            "At least eight weeks of history are needed before a week can be called "
            "unusual."
        )
    if tag.family == "no":
        return say("Successive weeks depend on each other too much for a usual range.")
    return say("No usual range is kept for this figure.")


def _growing_word(tag: Tag, pace: Direction | None, net_new: float) -> str:
    is_up = tag.direction == "up"
    if tag.family == "signal":
        return say("Yes, clearly.") if is_up else say("No, it is falling.")
    if tag.family == "watch":
        return say("Perhaps; watch it.") if is_up else say("Slowing; watch it.")
    if tag.family != "routine" or pace is None:
        return say("Too early to tell.")
    if pace == "up":
        return say("Yes, steadily.") if net_new > 0 else say("Yes, on average.")
    if pace == "down" and net_new < 0:
        return say("No, it is slowly falling.")
    return say("No, not on average.") if pace == "down" else say("Not clearly.")


def _advocates_changed(net_new: float) -> str:
    if net_new == 0:
        return say("No change in advocates this week.")
    size = abs(net_new)
    if net_new > 0:
        return say_many(
            "{count} more advocate this week.",
            "{count} more advocates this week.",
            size,
            count=number_text(size),
        )
    return say_many(
        "{count} fewer advocate this week.",
        "{count} fewer advocates this week.",
        size,
        count=number_text(size),
    )


def stuck(step: Row | None, *, has_rates: bool) -> Answer:
    """Answer "Where is it stuck?" from the stuck step, or from there being none.

    A step has stage_name, next_stage_name, move_on_ratio, move_on_count,
    move_on_base_count, usual_low_ratio, usual_high_ratio and waiting_count.
    """
    if step is None and not has_rates:
        return Answer(
            say("Too early to tell."),
            say(
                "No step of the funnel has enough people and weeks to know its usual "
                "pace."
            ),
        )
    if step is None:
        return Answer(
            say("Nowhere this week."),
            say("No step moves people on below its own usual range."),
        )
    headline = say(
        "Between {stage} and {next_stage}.",
        stage=step["stage_name"],
        next_stage=step["next_stage_name"],
    )
    body = _moved_on(step)
    if step["waiting_count"]:
        waiting = say_many(
            "{count} person waits at this step.",
            "{count} people wait at this step.",
            step["waiting_count"],
            count=number_text(step["waiting_count"]),
        )
        body = f"{body} {waiting}"
    return Answer(headline, body)


def _moved_on(step: Row) -> str:
    ratio, limits = (
        step["move_on_ratio"],
        (step["usual_low_ratio"], step["usual_high_ratio"]),
    )
    parts = {
        "moved": number_text(step["move_on_count"] or 0),
        "people": counted.people(step["move_on_base_count"] or 0),
        "ratio": percent_text(ratio, telling_decimals(ratio, *limits, "ratio")),
    }
    usual = range_text(*limits, "ratio", ratio)
    if not usual:
        return say("{moved} of {people} ({ratio}) moved on within four weeks.", **parts)
    return say(
        "{moved} of {people} ({ratio}) moved on within four weeks; {usual} is usual.",
        usual=usual,
        **parts,
    )


def signals(tags: Sequence[tuple[str, Tag]]) -> str:
    """Return a sentence that names whatever is a signal; empty without one."""
    said = [
        say(
            "{names}: {reading}.",
            names=list_text([name for name, one in tags if one.code == tag.code]),
            reading=tag.spoken,
        )
        for tag in {one.code: one for _, one in tags if one.family == "signal"}.values()
    ]
    return " ".join(said)


def actions(rows: Sequence[Row], moved: Sequence[str] = ()) -> Answer:
    """Answer "What should we do this week?" from the ranked actions.

    ``moved`` names what left its usual range: without an action, that is the question.
    """
    if not rows and moved:
        return Answer(
            say_many(
                "No action is proposed; ask why {names} left its usual range.",
                "No action is proposed; ask why {names} left their usual range.",
                len(moved),
                names=list_text(moved),
            ),
            say("No rule found enough evidence for an action. Keep answering."),
        )
    if not rows:
        return Answer(
            say("No action is proposed."),
            say("No rule found enough evidence for an action. Keep answering."),
        )
    owners = list(dict.fromkeys(row["owner"] for row in rows))
    evidence = sum(row["evidence_count"] or 0 for row in rows)
    body = say_many(
        "For {owners}. Ranked by people affected, distance from the usual range and "
        "weight of the theme; {count} piece of evidence.",
        "For {owners}. Ranked by people affected, distance from the usual range and "
        "weight of the theme; {count} pieces of evidence.",
        evidence,
        owners=list_text(owners),
        count=number_text(evidence),
    )
    return Answer(say(_COUNTED_ACTIONS[len(rows)]), body)


def outcomes(tags: Sequence[tuple[str, Tag]]) -> str:
    """Return the headline of the outcome strip, from each outcome's name and tag."""
    unknown = [name for name, tag in tags if tag.family in UNJUDGED]
    routine = [name for name, tag in tags if tag.family == "routine"]
    clauses = [
        _moved(code, [name for name, tag in tags if tag.code == code])
        for code in dict.fromkeys(tag.code for _, tag in tags)
        if code in _MOVED
    ]
    if routine:
        clauses.append(
            say_many(
                "{names} is routine",
                "{names} are routine",
                len(routine),
                names=list_text(routine),
            )
        )
    if unknown:
        clauses.append(say("{names}: not judged yet", names=list_text(unknown)))
    if not clauses:
        return say("No outcome is reported this week.")
    return f"{'; '.join(clauses)}."


def _moved(code: str, names: list[str]) -> str:
    one, several = _MOVED[code]
    return say(one if len(names) == 1 else several, names=list_text(names))
