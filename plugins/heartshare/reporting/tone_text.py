"""What is said of the week's tone and of words that came up: sentences from rows.

A tone without labels of its own week is called uncalibrated, and a change that may be
chance is not called a change.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from heartshare.reporting.wording import (
    count_noun,
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
        return "Nobody spoke this week, so there is no tone."
    status = row["calibration_status_code"]
    if status == "too_few":
        return (
            "Too little for a tone: "
            f"{count_noun(row['scored_count'], 'English text')}{_authors(row)}."
        )
    if status == "few_read":
        return (
            "Too much of the talk is not in English: only "
            f"{percent_text(row['scored_ratio'])} of {number_text(row['text_count'])} "
            "texts could be read, so no tone is stated."
        )
    if status == "calibrated":
        return f"{_calibrated(row)} {_changed(row)}"
    alone = value_text(row["naive_net_sentiment"], "score")
    why = "its error is not known"
    if status == "stale" and row["last_label"]:
        why = f"the last labels are of {row['last_label']}"
    return (
        f"Tone of all conversations by the scorer alone: {alone}{_coverage(row)}, "
        f"uncalibrated; {why}. "
        "Read its direction, not its value."
    )


def _authors(row: Row) -> str:
    count = row["author_count"]
    return f" by {count_noun(count, 'person', 'people')}" if count else ""


def _calibrated(row: Row) -> str:
    value, low, high = (
        value_text(row[name], "score")
        for name in (
            "calibrated_net_sentiment",
            "net_sentiment_lower_bound",
            "net_sentiment_upper_bound",
        )
    )
    labels = count_noun(row["labelled_count"], "label")
    return (
        f"Tone of all conversations: {value}, between {low} and {high} with 95% "
        f"confidence, calibrated on {labels} of this week{_coverage(row)}."
    )


def _coverage(row: Row) -> str:
    ratio: float = row["scored_ratio"]
    if ratio >= _WHOLE_RATIO:
        return ""
    return f", read from {percent_text(ratio)} of the texts"


def _changed(row: Row) -> str:
    change: float | None = row["net_sentiment_change"]
    if not row["is_net_sentiment_comparable"]:
        return "Last week was not calibrated, so any change is not known."
    if change is None:
        return "No change on last week beyond chance."
    side = "better" if change > 0 else "worse"
    size = value_text(abs(change), "score").removeprefix("+")
    return f"That is {size} {side} than last week, more than chance."


def emerging(
    rows: Sequence[Row], evidence_code: str, themes: Sequence[Row] = ()
) -> str:
    """Return the sentence on the words that came up, clearest first.

    Each row has words, mentions, authors and started_on (a date or None); each of the
    ``themes`` that broke out has a name and its words. ``evidence_code`` is enough,
    few_weeks or few_texts.
    """
    if evidence_code != "enough":
        lack = "weeks" if evidence_code == "few_weeks" else "texts"
        return f"Too early for words that come up: too few {lack} lie before."
    parts = [
        f"New in talk of {one['name']}: {_quoted(one['words'])}." for one in themes
    ]
    if rows:
        parts.append(f"Coming up: {'; '.join(map(_came_up, rows))}.")
    elif themes:
        parts.append("No other word or phrase came up.")
    else:
        parts.append("No word or phrase came up that was not usual before.")
    return " ".join(parts)


def _quoted(words: Sequence[str]) -> str:
    return list_text([f"“{word}”" for word in words[:_SHOWN_WORDS]])


def _came_up(row: Row) -> str:
    since = f" since {short_day_text(row['started_on'])}" if row["started_on"] else ""
    return (
        f"{_quoted(row['words'])}, {count_noun(row['mentions'], 'post')} by "
        f"{count_noun(row['authors'], 'person', 'people')}{since}"
    )
