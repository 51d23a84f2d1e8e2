"""Is advocacy growing, and where is it stuck, over the weeks of a month?"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from heartshare.language import mark, say, say_many
from heartshare.reporting.editions.charts import month_chart, week_text
from heartshare.reporting.editions.parts import cell, section, table, words
from heartshare.reporting.editions.sums import (
    Metric,
    known_weeks,
    month_text,
    total,
    week_values,
    within,
)
from heartshare.reporting.signals_text import tag_for
from heartshare.reporting.wording import NOTHING, list_text, number_text, percent_text

if TYPE_CHECKING:
    from heartshare.reporting.editions.periods import Month
    from heartshare.reporting.scorecard import Published
    from heartshare.reporting.signals_text import Tag

Row = dict[str, Any]

_NET = "advocates_net_new"
_LAST_STAGE = 6
_UNJUDGED = frozenset({None, "too_early", "no_limits", "not_judged"})
_HEADS = (
    mark("Stage"),
    mark("Start"),
    mark("Entered"),
    mark("Moved up"),
    mark("Moved down"),
    mark("End"),
    mark("Moved on"),
    mark("Weeks stuck"),
)


def growing(published: Published, month: Month, definitions: dict[str, Row]) -> Row:
    """Return the answer to "Is advocacy growing?" over a month."""
    metric = Metric.of(_NET, definitions)
    figures = _advocates(published, metric, month)
    values = week_values(published, metric, month)
    tag = month_tag([row["signal_code"] for row in values], metric.better_direction)
    if figures["net"]["value"] is None:
        tag = tag_for("absent")
    return section(
        "growing",
        say("Is advocacy growing?"),
        _growing_headline(figures["net"]["value"], month),
        body=_growing_body(figures, month, values),
        tag=tag.to_dict(),
        chart=month_chart(published, metric, month, values),
        kind="split_line",
        figures=figures,
        is_question=True,
    )


def _advocates(published: Published, metric: Metric, month: Month) -> Row:
    """Return what the month's answer rests on: net, came, left, now, month before."""
    before = month.shift(-1)
    moved = (
        "select sum({column}) from marts.agg_weekly_funnel "
        f"where stage_number = {_LAST_STAGE} and {within(month)}"
    )
    now = (
        "select member_count from marts.agg_weekly_funnel "
        f"where stage_number = {_LAST_STAGE} "
        f"and week_start = date '{month.closing_week.key}'"
    )
    return {
        "net": total(published, metric, month),
        "known": known_weeks(published, metric, month),
        "before": total(published, metric, before),
        "before_known": known_weeks(published, metric, before),
        "came": cell(published, moved.format(column="entered_count"), "count"),
        "left": cell(published, moved.format(column="left_count"), "count"),
        "now": cell(published, now, "count"),
    }


def month_tag(codes: list[str | None], better_direction: str) -> Tag:
    """Return what a month is called: its last signal, else its last watch, else calm.

    No usual range is kept of months: their weeks are judged, and only they.
    """
    for family in ("signal", "watch"):
        found = [code for code in codes if (code or "").startswith(family)]
        if found:
            return tag_for(found[-1], better_direction)
    judged = [code for code in codes if code not in _UNJUDGED]
    return tag_for(judged[-1] if judged else None, better_direction)


def _growing_headline(net: float | None, month: Month) -> str:
    name = month_text(month)
    if net is None:
        return say("No figure in {month}.", month=name)
    if net == 0:
        return say("No change in advocates in {month}.", month=name)
    count = number_text(abs(net))
    if net > 0:
        return say_many(
            "{count} more advocate in {month}.",
            "{count} more advocates in {month}.",
            net,
            count=count,
            month=name,
        )
    return say_many(
        "{count} fewer advocate in {month}.",
        "{count} fewer advocates in {month}.",
        -net,
        count=count,
        month=name,
    )


def _growing_body(figures: Row, month: Month, values: list[Row]) -> str:
    parts = []
    if figures["came"]["value"] is not None:
        texts = {name: figures[name]["text"] for name in ("came", "left", "now")}
        parts.append(
            say(
                "{came} came to the last stage and {left} left it; it has {now}.",
                **texts,
            )
        )
    before = month.shift(-1)
    if figures["before_known"]["value"] == len(before.weeks):
        parts.append(
            say(
                "{month} brought {change}.",
                month=month_text(before),
                change=figures["before"]["text"],
            )
        )
    return " ".join([*parts, unusual_weeks(values)])


def unusual_weeks(values: list[Row]) -> str:
    """Return which weeks of a month lay outside their usual range, and which way."""
    judged = [row for row in values if row["signal_code"] not in _UNJUDGED]
    if not judged:
        return say("It is too early to say which weeks were unusual.")
    found = [
        say(
            "the week of {day} ({word})",
            day=week_text(row["week"]),
            word=tag_for(row["signal_code"]).spoken,
        )
        for row in judged
        if row["signal_code"].startswith("signal")
    ]
    if not found:
        return say("No week lay outside its usual range.")
    return say("Outside the usual range: {weeks}.", weeks=list_text(found))


def stuck(published: Published, month: Month) -> Row:
    """Return the answer to "Where is it stuck?" over a month, and who moved."""
    stages = published.rows(
        "select stage_number, stage_name, "
        "cast(count(*) filter (where is_stuck) as bigint) as stuck_weeks, "
        "cast(count(*) filter (where signal_code is not null and signal_code not in "
        "('too_early', 'no_limits', 'not_judged')) as bigint) as judged_weeks "
        f"from marts.agg_weekly_funnel where {within(month)} "
        "group by stage_number, stage_name order by stage_number"
    )
    title = say("Where is it stuck?")
    if not stages:
        reason = say("No person has funnel evidence yet.")
        return section("stuck", title, is_question=True, empty=reason)
    worst = max(stages, key=lambda row: (row["stuck_weeks"], -row["stage_number"]))
    is_judged = any(row["judged_weeks"] for row in stages)
    code = "signal_down" if worst["stuck_weeks"] else "routine" if is_judged else None
    name = month_text(month)
    caption = say("Who moved in {month}", month=name)
    rows = [_stage(published, month, row, is_last=row is stages[-1]) for row in stages]
    return section(
        "stuck",
        title,
        _stuck_headline(stages, worst, month, is_judged=is_judged),
        body=say(
            "At each stage, those at the start and those who entered, less those who "
            "moved up or down, are those at the end."
        ),
        note=say(
            "Moved on: of people who came up to the stage in the eight weeks before "
            "the last four, the part that went higher within four weeks."
        ),
        tag=tag_for(code, "up").to_dict(),
        tables=[table(caption, [say(head) for head in _HEADS], rows)],
        is_question=True,
    )


def _stuck_headline(
    stages: list[Row], worst: Row, month: Month, *, is_judged: bool
) -> str:
    if not is_judged:
        return say("Too early to tell.")
    if not worst["stuck_weeks"]:
        return say("Nowhere: people moved on as usual in every week.")
    names = [row["stage_name"] for row in stages]
    place = stages.index(worst)
    return say(
        "Between {stage} and {next_stage}: stuck in {count} of {weeks} weeks.",
        stage=say(names[place]),
        next_stage=say(names[place + 1]),
        count=number_text(worst["stuck_weeks"]),
        weeks=number_text(len(month.weeks)),
    )


def _stage(published: Published, month: Month, row: Row, *, is_last: bool) -> list[Row]:
    """Return a stage's row: start, entered, up, down, end, moved on, weeks stuck."""
    stage = f"from marts.agg_weekly_funnel where stage_number = {row['stage_number']}"
    first, last = month.weeks[0].key, month.closing_week.key

    def counted(what: str, when: str) -> Row:
        return cell(published, f"select {what} {stage} and {when}", "count")

    at_end = f"week_start = date '{last}'"
    return [
        words(say(row["stage_name"])),
        counted("previous_member_count", f"week_start = date '{first}'"),
        counted("sum(entered_count)", within(month)),
        counted("sum(moved_up_count)", within(month)),
        counted("sum(moved_down_count)", within(month)),
        counted("member_count", at_end),
        words(NOTHING) if is_last else _moved_on(published, f"{stage} and {at_end}"),
        words(NOTHING)
        if is_last
        else counted("cast(count(*) filter (where is_stuck) as bigint)", within(month)),
    ]


def _moved_on(published: Published, rows: str) -> Row:
    found = cell(published, f"select move_on_ratio {rows}", "ratio")
    of = cell(published, f"select move_on_base_count {rows}", "count")
    if found["value"] is not None:
        found["text"] = say(
            "{part} of {whole}", part=percent_text(found["value"]), whole=of["text"]
        )
    return found | {"base": of}
