"""What is said of the week's tone and of words that came up: sentences from rows.

A tone without labels of its own week is called uncalibrated, and a change that may be
chance is not called a change.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from heartshare.language import say
from heartshare.reporting import counted
from heartshare.reporting.wording import (
    list_text,
    number_text,
    percent_text,
    short_day_text,
    value_text,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

Row = dict[str, Any]

_SHOWN_WORDS = 3
#: From this part of the texts on nobody needs to hear how many could be read.
_WHOLE_RATIO = 0.95


def tone(row: Row | None) -> str:
    """Return the sentence on the tone of all conversations of a week.

    ``row`` is the row of rpt_weekly_tone for all segments, with ``last_label`` as the
    label of the last calibrated week; None when nobody spoke.
    """
    if row is None:
        return say("Nobody spoke this week, so there is no tone.")
    status = row["calibration_status_code"]
    if status == "too_few":
        return _too_few(row)
    if status == "few_read":
        return say(
            "Too much of the talk is not in English: only {ratio} of {count} texts "
            "could be read, so no tone is stated.",
            ratio=percent_text(row["scored_ratio"]),
            count=number_text(row["text_count"]),
        )
    if status == "calibrated":
        return f"{_calibrated(row)} {_changed(row)}"
    return f"{_uncalibrated(row)} {say('Read its direction, not its value.')}"


def _too_few(row: Row) -> str:
    texts = counted.english_texts(row["scored_count"])
    if not row["author_count"]:
        return say("Too little for a tone: {texts}.", texts=texts)
    return say(
        "Too little for a tone: {texts} by {people}.",
        texts=texts,
        people=counted.people(row["author_count"]),
    )


def _uncalibrated(row: Row) -> str:
    why = say("its error is not known")
    if row["calibration_status_code"] == "stale" and row["last_label"]:
        why = say("the last labels are of {week}", week=row["last_label"])
    parts = {"value": value_text(row["naive_net_sentiment"], "score"), "why": why}
    if row["scored_ratio"] >= _WHOLE_RATIO:
        return say(
            "Tone of all conversations by the scorer alone: {value}, uncalibrated; "
            "{why}.",
            **parts,
        )
    return say(
        "Tone of all conversations by the scorer alone: {value}, read from {ratio} of "
        "the texts, uncalibrated; {why}.",
        ratio=percent_text(row["scored_ratio"]),
        **parts,
    )


def _calibrated(row: Row) -> str:
    parts = {
        "value": value_text(row["calibrated_net_sentiment"], "score"),
        "low": value_text(row["net_sentiment_lower_bound"], "score"),
        "high": value_text(row["net_sentiment_upper_bound"], "score"),
        "labels": counted.labels(row["labelled_count"]),
    }
    if row["scored_ratio"] >= _WHOLE_RATIO:
        return say(
            "Tone of all conversations: {value}, between {low} and {high} with 95% "
            "confidence, calibrated on {labels} of this week.",
            **parts,
        )
    return say(
        "Tone of all conversations: {value}, between {low} and {high} with 95% "
        "confidence, calibrated on {labels} of this week, read from {ratio} of the "
        "texts.",
        ratio=percent_text(row["scored_ratio"]),
        **parts,
    )


def _changed(row: Row) -> str:
    change: float | None = row["net_sentiment_change"]
    if not row["is_net_sentiment_comparable"]:
        return say("Last week was not calibrated, so any change is not known.")
    if change is None:
        return say("No change on last week beyond chance.")
    size = value_text(abs(change), "score").removeprefix("+")
    if change > 0:
        return say("That is {size} better than last week, more than chance.", size=size)
    return say("That is {size} worse than last week, more than chance.", size=size)


def emerging(
    rows: Sequence[Row], evidence_code: str, themes: Sequence[Row] = ()
) -> str:
    """Return the sentence on the words that came up, clearest first.

    Each row has words, mentions, authors and started_on (a date or None); each of the
    ``themes`` that broke out has a name and its words. ``evidence_code`` is enough,
    few_weeks or few_texts.
    """
    if evidence_code == "few_weeks":
        return say("Too early for words that come up: too few weeks lie before.")
    if evidence_code != "enough":
        return say("Too early for words that come up: too few texts lie before.")
    sentences = [
        say(
            "New in talk of {theme}: {words}.",
            theme=one["name"],
            words=_quoted(one["words"]),
        )
        for one in themes
    ]
    if rows:
        words = "; ".join(map(_came_up, rows))
        sentences.append(say("Coming up: {words}.", words=words))
    elif themes:
        sentences.append(say("No other word or phrase came up."))
    else:
        sentences.append(say("No word or phrase came up that was not usual before."))
    return " ".join(sentences)


def _quoted(words: Sequence[str]) -> str:
    return list_text([say("“{word}”", word=word) for word in words[:_SHOWN_WORDS]])


def _came_up(row: Row) -> str:
    parts = {
        "words": _quoted(row["words"]),
        "posts": counted.posts(row["mentions"]),
        "people": counted.people(row["authors"]),
    }
    if not row["started_on"]:
        return say("{words}, {posts} by {people}", **parts)
    day = short_day_text(row["started_on"])
    return say("{words}, {posts} by {people} since {day}", day=day, **parts)
