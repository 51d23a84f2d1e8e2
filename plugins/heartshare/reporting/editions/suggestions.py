"""What was done with a month's suggestions, what came of it, and what to do first."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from heartshare.language import mark, say, say_many
from heartshare.reporting.editions.parts import cell, section, table, words
from heartshare.reporting.editions.sums import month_text, within
from heartshare.reporting.programme_text import FEWEST_PEOPLE
from heartshare.reporting.scorecard import literal
from heartshare.reporting.weekly.answers import actions

if TYPE_CHECKING:
    from heartshare.reporting.editions.periods import Month
    from heartshare.reporting.scorecard import Published

Row = dict[str, Any]

_KINDS = (
    ("connect", mark("Connect with a theme")),
    ("invite", mark("Invite a person")),
    ("asset", mark("Offer a page")),
    ("recruit", mark("Win a new person")),
    ("all", mark("All of them")),
)
_HEADS = (
    mark("Suggestion"),
    mark("Listed"),
    mark("Accepted"),
    mark("Done"),
    mark("Declined"),
    mark("Ignored"),
    mark("Open"),
    mark("Taken of answered"),
    mark("Taken of listed"),
)
#: Answers are known of these weeks only; before them silence means nothing.
_OPEN = (
    "sum(case when is_reported then greatest(listed_count - taken_count "
    "- declined_count - coalesce(ignored_count, 0), 0) end)"
)
_PRECISION = (
    "sum(least(taken_count, listed_count)) filter (where is_mature and is_reported) "
    "/ nullif(sum(listed_count) filter (where is_mature and is_reported), 0)"
)


def suggestions(published: Published, month: Month, definitions: dict[str, Row]) -> Row:
    """Return the answer to "What was done?": answers, what came of them, what is next.

    A suggestion is taken when a manager accepted it or has done it.
    """
    title = say("What was done with the suggestions?")
    figures = _figures(published, month)
    if not figures["listed"]["value"]:
        reason = say("No suggestion was listed in {month}.", month=month_text(month))
        return section(
            "suggestions",
            title,
            tables=[_next(published, month, definitions)],
            is_question=True,
            empty=reason,
        )
    caption = say("Suggestions of {month}", month=month_text(month))
    rows = [_kind(published, month, code, name) for code, name in _KINDS]
    return section(
        "suggestions",
        title,
        _headline(figures),
        body=_body(figures),
        note=say(
            "Taken is accepted or done. Of listed counts weeks whose time for answers "
            "is over; what nobody answered by then is ignored."
        ),
        tables=[
            table(
                caption,
                [say(head) for head in _HEADS],
                [row for row in rows if row[1]["value"]],
            ),
            _next(published, month, definitions),
        ],
        figures=figures,
        is_question=True,
    )


def _figures(published: Published, month: Month) -> Row:
    def of_all(formula: str, unit: str = "count") -> Row:
        return cell(published, _query(formula, "all", month), unit)

    figures = {
        "listed": of_all("sum(listed_count)"),
        "taken": of_all("sum(taken_count)"),
        "declined": of_all("sum(declined_count)"),
        "ignored": of_all("sum(ignored_count)"),
        "open": of_all(_OPEN),
        "silent_weeks": of_all(
            "cast(count(*) filter (where not is_reported) as bigint)"
        ),
    }
    people = f"select count(*) from ({_people(month)})"
    reached = cell(published, people, "count")
    if reached["value"] < FEWEST_PEOPLE:
        return figures
    moved = cell(published, f"{people} where has_moved", "count")
    return figures | {"reached": reached, "moved": moved}


def _people(month: Month) -> str:
    """Return the query of people behind taken suggestions, and who moved up since."""
    return (
        "select listed.person_key, coalesce(bool_or(moves.moved_on > "
        "cast(listed.responded_at as date)), false) as has_moved "
        "from marts.fct_suggestions as listed left join marts.fct_funnel_transitions "
        "as moves on moves.person_key = listed.person_key and direction_code = 'up' "
        f"and moves.moved_on <= date '{month.closing_week.sunday.isoformat()}' "
        f"where {within(month, 'listed.week_start')} and listed.person_key is not null "
        "and response_code in ('accepted', 'done') group by listed.person_key"
    )


def _query(formula: str, kind: str, month: Month) -> str:
    return (
        f"select {formula} from marts.agg_suggestion_outcomes "
        f"where kind_code = {literal(kind)} and {within(month)}"
    )


def _headline(figures: Row) -> str:
    listed = figures["listed"]
    if figures["open"]["value"] is None:
        return say("Nobody has told what became of {count} suggestions.",
                   count=listed["text"])  # fmt: skip
    return say_many(
        "{count} suggestion of {listed} was taken up.",
        "{count} suggestions of {listed} were taken up.",
        figures["taken"]["value"],
        count=figures["taken"]["text"],
        listed=listed["text"],
    )


def _body(figures: Row) -> str:
    texts = {name: one["text"] for name, one in figures.items()}
    parts = []
    if figures["open"]["value"] is not None:
        parts.append(
            say(
                "{declined} were declined, {ignored} ignored, {open} are still open.",
                declined=texts["declined"],
                ignored=texts["ignored"],
                open=texts["open"],
            )
        )
        if figures["silent_weeks"]["value"]:
            parts.append(
                say_many(
                    "Of {count} week nothing is known: nobody had answered yet.",
                    "Of {count} weeks nothing is known: nobody had answered yet.",
                    figures["silent_weeks"]["value"],
                    count=texts["silent_weeks"],
                )
            )
    if "reached" in figures:
        parts.append(
            say(
                "{moved} of {reached} people behind a taken suggestion moved up a "
                "stage afterwards, which the suggestion need not have caused.",
                moved=texts["moved"],
                reached=texts["reached"],
            )
        )
    return " ".join(parts)


def _kind(published: Published, month: Month, code: str, name: str) -> list[Row]:
    formulas = ("sum(listed_count)", "sum(accepted_count)", "sum(done_count)",
                "sum(declined_count)", "sum(ignored_count)", _OPEN)  # fmt: skip
    rates = ("sum(taken_count) / nullif(sum(answered_count), 0)", _PRECISION)
    return [
        words(say(name)),
        *(cell(published, _query(one, code, month), "count") for one in formulas),
        *(cell(published, _query(one, code, month), "ratio") for one in rates),
    ]


def _next(published: Published, month: Month, definitions: dict[str, Row]) -> Row:
    """Return the actions of the month's last week, with which the next one begins."""
    rows = actions(published, month.closing_week, definitions)["rows"]
    heads = (say("What to do first"), say("Owner"), say("Theme"), say("Due"))
    return table(
        say("To be done first, as at the end of {month}", month=month_text(month)),
        heads,
        [
            [
                words(row["title"]) | {"figures": row["figures"]},
                *(words(row[name]) for name in ("owner", "theme", "due_text")),
            ]
            for row in rows
        ],
    )
