"""Which sentence stands over each section of evidence, chosen by the tags below it.

Every function is pure: rows and tags in, sentences of the language in force out.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from heartshare.language import mark, say, say_many
from heartshare.reporting import counted
from heartshare.reporting.signals_text import UNJUDGED
from heartshare.reporting.wording import list_text, number_text, percent_text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from heartshare.reporting.signals_text import Tag

Row = dict[str, Any]

_WIDE_GAP_POINTS = 10
_SIDES = {
    "level": mark("{name}: {value}, within the usual range."),
    "up": mark("{name}: {value}, above the usual range."),
    "down": mark("{name}: {value}, below the usual range."),
}
_SIDES_OF_RANGE = {
    "level": mark("{name}: {value}, within the usual range ({usual})."),
    "up": mark("{name}: {value}, above the usual range ({usual})."),
    "down": mark("{name}: {value}, below the usual range ({usual})."),
}


def listen(issues: Sequence[Row]) -> str:
    """Return the headline of the issue table from the themes' tags."""
    if not issues:
        return say("No conversation touched a strategy theme this week.")
    bursts = [row["name"] for row in issues if row["tag"]["code"] == "signal_up"]
    if not bursts and all(row["tag"]["code"] == "too_early" for row in issues):
        return say(
            "Too early to tell a burst: the themes have too few weeks behind them."
        )
    if not bursts:
        return say("No issue burst this week; every theme was talked about as usual.")
    first = next(row for row in issues if row["name"] == bursts[0])
    sentence = say(
        "{theme} burst: {mentions} by {people}, {usual} is usual.",
        theme=bursts[0],
        mentions=counted.mentions(first["mentions"]),
        people=counted.people(first["authors"]),
        usual=first["usual_text"],
    )
    if not bursts[1:]:
        return sentence
    rest = say_many(
        "{themes} burst as well.",
        "{themes} burst as well.",
        len(bursts[1:]),
        themes=list_text(bursts[1:]),
    )
    return f"{sentence} {rest}"


def movement(
    name: str, value_text: str, tag: Tag, usual: str, *, is_final: bool = True
) -> str:
    """Return one metric's sentence: its value and what its tag says of it.

    What is still being counted says so, and says no more where nothing judges it.
    """
    if is_final:
        return _movement(name, value_text, tag, usual)
    if tag.family in UNJUDGED:
        return say("{name}: {value}; still being counted.", name=name, value=value_text)
    young = say("It is still being counted.")
    return f"{_movement(name, value_text, tag, usual)} {young}"


def _movement(name: str, value_text: str, tag: Tag, usual: str) -> str:
    parts = {"name": name, "value": value_text}
    if tag.family in UNJUDGED:
        return say("{name}: {value}; {meaning}.", meaning=tag.meaning, **parts)
    is_up = tag.direction == "up"
    if tag.family == "watch":
        above = mark("{name}: {value}, a run above average to watch.")
        below = mark("{name}: {value}, a run below average to watch.")
        return say(above if is_up else below, **parts)
    if not usual:
        return say(_SIDES[tag.direction], **parts)
    return say(_SIDES_OF_RANGE[tag.direction], usual=usual, **parts)


def followers(rows: Sequence[Row]) -> str:
    """Return the headline of follower style: which account loses more, after what."""
    churned = [row for row in rows if row["is_churn_signal"]]
    if not churned:
        return say("No account loses followers faster than is usual for it.")
    row = churned[0]
    parts = {
        "account": row["account"],
        "lost": number_text(row["lost_per_1000"], 1),
        "usual": number_text(row["usual_lost_per_1000"], 1),
    }
    if row["changed_text"]:
        lost = say(
            "{account} has lost followers faster since its style changed in the week "
            "of {day}: {lost} per 1,000 this week, {usual} is usual.",
            day=row["changed_text"],
            **parts,
        )
    else:
        lost = say(
            "{account} has lost followers faster: {lost} per 1,000 this week, {usual} "
            "is usual.",
            **parts,
        )
    style = say("It mostly posts {style} content.", style=row["style"])
    return f"{lost} {style}"


def alignment(rows: Sequence[Row]) -> str:
    """Return the headline of strategy alignment: the widest gap of our content."""
    known = [row for row in rows if row["gap"] is not None]
    if not known:
        return say("No post or conversation carried a strategy theme this week.")
    widest = max(known, key=lambda row: (abs(row["gap"]), row["name"]))
    points = round(abs(widest["gap"]) * 100)
    if points < _WIDE_GAP_POINTS:
        return say(
            "Our content follows the strategy: no theme is ten points off its weight."
        )
    too_little = mark(
        "{theme} gets too little of our content: {ours} against a weight of {weight}."
    )
    too_much = mark(
        "{theme} gets more than its weight of our content: {ours} against a weight of "
        "{weight}."
    )
    return say(
        too_little if widest["gap"] > 0 else too_much,
        theme=widest["name"],
        ours=percent_text(widest["ours"]),
        weight=percent_text(widest["weight"]),
    )
