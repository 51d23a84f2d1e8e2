"""What people ask of us, expect from us and think of us, in their own words."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from heartshare.language import mark, say, say_many
from heartshare.reporting.wording import number_text, percent_text

if TYPE_CHECKING:
    from heartshare.reporting.scorecard import Published
    from heartshare.weeks import ReportingWeek

Row = dict[str, Any]

_COUNTS = (
    "need_count",
    "open_need_count",
    "expectation_count",
    "met_expectation_count",
    "unmet_expectation_count",
    "pending_expectation_count",
)
_ASPECTS = {
    "trust": mark("trust in us"),
    "competence": mark("our competence"),
    "openness": mark("our openness"),
    "fairness": mark("our fairness"),
    "service": mark("our service"),
    "value": mark("our value"),
}
#: Fewer sentences say nothing about an aspect.
_TELLING_SENTENCES = 10
#: Aspects that chance alone could part by less are not set against each other.
_TELLING_DEVIATIONS = 3.0


def wants(published: Published, week: ReportingWeek) -> Row:
    """Return needs, expectations and perceptions as a sentence with its figures.

    Everybody has one home platform, so platforms add up to all stakeholders of whom
    anything may be said; the text is empty where nothing is known.
    """
    columns = [(name, f"sum({name})") for name in _COUNTS]
    for aspect in _ASPECTS:
        positive = f"{aspect}_positive_count"
        counted = f"case when {positive} is not null then {aspect}_sentence_count end"
        columns += [
            (f"{aspect}_sentence_count", f"sum({counted})"),
            (positive, f"sum({positive})"),
        ]
    figures = {
        name: published.figure(
            f"select cast({total} as bigint) from marts.agg_segment_aspine where "
            f"week_start = date '{week.key}' and segment_kind_code = 'platform'",
            "count",
        ).to_dict()
        for name, total in columns
    }
    row = {name: figure["value"] for name, figure in figures.items()}
    return {"text": wants_text(row), "figures": figures}


def wants_text(row: Row) -> str:
    """Return what ``row`` says, a sentence for each part of which anything is known."""
    parts = (_needs(row), _expectations(row), _perceptions(row))
    return " ".join(part for part in parts if part)


def _needs(row: Row) -> str:
    if not row["need_count"]:
        return ""
    return say_many(
        "Still without an answer: {open} of {count} question or request of the last "
        "ninety days.",
        "Still without an answer: {open} of {count} questions and requests of the last "
        "ninety days.",
        row["need_count"],
        open=number_text(row["open_need_count"] or 0),
        count=number_text(row["need_count"]),
    )


def _expectations(row: Row) -> str:
    if not row["expectation_count"]:
        return ""
    return say_many(
        "People said {count} time what they expect: {met} met, {unmet} not met, "
        "{pending} pending.",
        "People said {count} times what they expect: {met} met, {unmet} not met, "
        "{pending} pending.",
        row["expectation_count"],
        count=number_text(row["expectation_count"]),
        met=number_text(row["met_expectation_count"] or 0),
        unmet=number_text(row["unmet_expectation_count"] or 0),
        pending=number_text(row["pending_expectation_count"] or 0),
    )


def _perceptions(row: Row) -> str:
    """Return where we are seen best and least well, if more than chance parts it."""
    known = [
        (row[f"{aspect}_positive_count"], sentences, name)
        for aspect, name in _ASPECTS.items()
        if (sentences := row[f"{aspect}_sentence_count"] or 0) >= _TELLING_SENTENCES
    ]
    if not known:
        return ""
    best, least = max(known, key=_ratio), min(known, key=_ratio)
    if not _are_apart(best, least):
        return ""
    return say(
        "{best_ratio} of {best_count} sentences about {best} are positive, but only "
        "{least_ratio} of {least_count} about {least}.",
        best=say(best[2]),
        best_ratio=percent_text(_ratio(best)),
        best_count=number_text(best[1]),
        least=say(least[2]),
        least_ratio=percent_text(_ratio(least)),
        least_count=number_text(least[1]),
    )


def _ratio(aspect: tuple[int, int, str]) -> float:
    return aspect[0] / aspect[1]


def _are_apart(best: tuple[int, int, str], least: tuple[int, int, str]) -> bool:
    """Return whether two ratios differ by more than chance does to such counts."""
    pooled = (best[0] + least[0]) / (best[1] + least[1])
    variance = pooled * (1 - pooled) * (1 / best[1] + 1 / least[1])
    return _ratio(best) - _ratio(least) > _TELLING_DEVIATIONS * variance**0.5
