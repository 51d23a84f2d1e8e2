"""Which sentence each answer gets, chosen by the same tag that is printed beside it.

Every function is pure: figures and tags in, plain English out. A claim that a tag does
not support has no sentence here.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from heartshare.reporting.wording import (
    count_noun,
    list_text,
    number_text,
    percent_text,
    range_text,
    signed_range_text,
    signed_text,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from heartshare.reporting.signals_text import Direction, Tag

Row = dict[str, Any]

_WIDE_GAP_POINTS = 10
_UNJUDGED = frozenset({"too", "no", "not", "absent"})

READING_NOTES = (
    (
        "A signal lies outside the usual range: the mean plus or minus 2.66 times the "
        "mean moving range of the weeks before. Ask what happened."
    ),
    (
        "Watch is a run on one side of the average inside the range. Routine is "
        "ordinary variation: do not ask why a single point moved."
    ),
    (
        "Ranges rest on 20 weeks. From 8 to 19 weeks they are provisional and drawn "
        "dotted; below 8 it is too early to tell. Totals are never judged, only flows "
        "and rates."
    ),
    (
        "Moved on: of the people who entered a stage in the eight weeks ending four "
        "weeks ago, the part that reached a higher stage within 28 days."
    ),
    (
        "Tone comes from VADER on English text, which misses much criticism. Only a "
        "week with labels by people has an interval; without them it is uncalibrated."
    ),
    "Not reported means that a platform gives no figure; it is never shown as 0.",
)


FUNNEL_NOTE = (
    "Moved on: of the people who entered a stage in the eight weeks ending four weeks "
    "ago, how many reached a higher one within 28 days. Bars grow with the square root."
)


@dataclass(frozen=True)
class Answer:
    """One question's answer: a headline and the sentence that supports it."""

    headline: str
    body: str


NO_FUNNEL = Answer(
    "No figure this week.",
    "No export of this week says who did what, so no person stands at any step.",
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
            "No figure this week.",
            "The published marts hold no count of new advocates for this week.",
        )
    change = _advocates_changed(net_new)
    usual_text = signed_range_text(*usual)
    bodies = {
        "signal": f"That lies outside the usual {usual_text} a week: "
        "something changed, ask what.",
        "watch": f"Inside the usual {usual_text} a week, but the last weeks keep to "
        "one side of the average.",
        "routine": f"Within the usual {usual_text} a week, so this week's figure alone "
        "needs no explanation.",
        "too": "At least eight weeks of history are needed before a week can be "
        "called unusual.",
        "no": "Successive weeks depend on each other too much for a usual range.",
        "not": "No usual range is kept for this figure.",
    }
    body = bodies[tag.family]
    if mean is not None and tag.family in {"routine", "watch"}:
        body += f" The average is {signed_text(mean, 1)} a week."
    word = _growing_word(tag, pace, net_new)
    return Answer(f"{word} {change}.", body)


def _growing_word(tag: Tag, pace: Direction | None, net_new: float) -> str:
    if tag.family == "signal":
        return "Yes, clearly." if tag.direction == "up" else "No, it is falling."
    if tag.family == "watch":
        return "Perhaps; watch it." if tag.direction == "up" else "Slowing; watch it."
    if tag.family != "routine" or pace is None:
        return "Too early to tell."
    if pace == "up":
        return "Yes, steadily." if net_new > 0 else "Yes, on average."
    if pace == "down":
        return "No, it is slowly falling." if net_new < 0 else "No, not on average."
    return "Not clearly."


def _advocates_changed(net_new: float) -> str:
    if net_new == 0:
        return "No change in advocates this week"
    more = "more" if net_new > 0 else "fewer"
    noun = "advocate" if abs(net_new) == 1 else "advocates"
    return f"{number_text(abs(net_new))} {more} {noun} this week"


def stuck(step: Row | None, *, has_rates: bool) -> Answer:
    """Answer "Where is it stuck?" from the stuck step, or from there being none.

    A step has stage_name, next_stage_name, move_on_ratio, move_on_count,
    move_on_base_count, usual_low_ratio, usual_high_ratio and waiting_count.
    """
    if step is None and not has_rates:
        return Answer(
            "Too early to tell.",
            "No step of the funnel has enough people and weeks to know its usual pace.",
        )
    if step is None:
        return Answer(
            "Nowhere this week.",
            "No step moves people on below its own usual range.",
        )
    moved = (
        f"{number_text(step['move_on_count'] or 0)} of "
        f"{count_noun(step['move_on_base_count'] or 0, 'person', 'people')} "
        f"({percent_text(step['move_on_ratio'])}) moved on within four weeks"
    )
    usual = range_text(step["usual_low_ratio"], step["usual_high_ratio"], "ratio")
    body = f"{moved}; {usual} is usual." if usual else f"{moved}."
    if step["waiting_count"]:
        waiting = count_noun(step["waiting_count"], "person waits", "people wait")
        body += f" {waiting} at this step."
    headline = f"Between {step['stage_name']} and {step['next_stage_name']}."
    return Answer(headline, body)


def actions(rows: Sequence[Row]) -> Answer:
    """Answer "What should we do this week?" from the ranked actions."""
    if not rows:
        return Answer(
            "Nothing stands out.",
            "No rule found enough evidence for an action. Keep answering.",
        )
    count = {1: "One action", 2: "Two actions", 3: "Three actions"}[len(rows)]
    owners = list(dict.fromkeys(row["owner"] for row in rows))
    evidence = sum(row["evidence_count"] or 0 for row in rows)
    return Answer(
        f"{count}, each with an owner."
        if len(rows) > 1
        else f"{count}, with an owner.",
        f"For {list_text(owners)}. Ranked by people affected, distance from the usual "
        f"range and weight of the theme; {count_noun(evidence, 'piece')} of evidence.",
    )


def outcomes(tags: Sequence[tuple[str, Tag]]) -> str:
    """Return the headline of the outcome strip, from each outcome's name and tag."""
    moved = [(name, tag) for name, tag in tags if tag.family in {"signal", "watch"}]
    unknown = [name for name, tag in tags if tag.family in _UNJUDGED]
    routine = [name for name, tag in tags if tag.family == "routine"]
    parts = []
    for name, tag in moved:
        strength = "a signal" if tag.family == "signal" else "to watch"
        parts.append(f"{name} moved {tag.direction}, {strength}")
    if routine:
        verb = "is" if len(routine) == 1 else "are"
        parts.append(f"{list_text(routine)} {verb} routine")
    if unknown:
        parts.append(f"{list_text(unknown)}: not judged yet")
    return f"{'; '.join(parts)}." if parts else "No outcome is reported this week."


def listen(issues: Sequence[Row]) -> str:
    """Return the headline of the issue table from the themes' tags."""
    if not issues:
        return "No conversation touched a strategy theme this week."
    bursts = [row["name"] for row in issues if row["tag"]["code"] == "signal_up"]
    if not bursts and all(row["tag"]["code"] == "too_early" for row in issues):
        return "Too early to tell a burst: the themes have too few weeks behind them."
    if not bursts:
        return "No issue burst this week; every theme was talked about as usual."
    first = next(row for row in issues if row["name"] == bursts[0])
    rest = f" {list_text(bursts[1:])} burst as well." if bursts[1:] else ""
    return (
        f"{bursts[0]} burst: {count_noun(first['mentions'], 'mention')} by "
        f"{count_noun(first['authors'], 'person', 'people')}, "
        f"{first['usual_text']} is usual.{rest}"
    )


def movement(name: str, value_text: str, tag: Tag, usual: str) -> str:
    """Return one metric's sentence: its value and what its tag says of it."""
    if tag.family in _UNJUDGED:
        return f"{name}: {value_text}; {tag.meaning}."
    range_note = f" ({usual})" if usual else ""
    if tag.family == "routine":
        return f"{name}: {value_text}, within the usual range{range_note}."
    if tag.family == "watch":
        return f"{name}: {value_text}, a run {_side(tag)} average to watch."
    return f"{name}: {value_text}, {_side(tag)} the usual range{range_note}."


def _side(tag: Tag) -> str:
    return "above" if tag.direction == "up" else "below"


def followers(rows: Sequence[Row]) -> str:
    """Return the headline of follower style: which account loses more, after what."""
    churned = [row for row in rows if row["is_churn_signal"]]
    if not churned:
        return "No account loses followers faster than is usual for it."
    row = churned[0]
    change = ""
    if row["changed_text"]:
        change = f" since its style changed in the week of {row['changed_text']}"
    return (
        f"{row['account']} has lost followers faster{change}: "
        f"{number_text(row['lost_per_1000'], 1)} per 1,000 this week, "
        f"{number_text(row['usual_lost_per_1000'], 1)} is usual. "
        f"It mostly posts {row['style']} content."
    )


def alignment(rows: Sequence[Row]) -> str:
    """Return the headline of strategy alignment: the widest gap of our content."""
    known = [row for row in rows if row["gap"] is not None]
    if not known:
        return "No post or conversation carried a strategy theme this week."
    widest = max(known, key=lambda row: (abs(row["gap"]), row["name"]))
    points = round(abs(widest["gap"]) * 100)
    if points < _WIDE_GAP_POINTS:
        return (
            "Our content follows the strategy: no theme is ten points off its weight."
        )
    side = "too little" if widest["gap"] > 0 else "more than its weight"
    return (
        f"{widest['name']} gets {side} of our content: "
        f"{percent_text(widest['ours'])} against a weight of "
        f"{percent_text(widest['weight'])}."
    )
