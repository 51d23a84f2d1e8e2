"""How followers came and went over a month, reconciled."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from heartshare.language import say
from heartshare.reporting.charts import series
from heartshare.reporting.editions.parts import cell, section, table, words
from heartshare.reporting.editions.sums import month_text, within
from heartshare.reporting.scorecard import literal
from heartshare.reporting.wording import platform_name, signed_text

if TYPE_CHECKING:
    from heartshare.reporting.editions.periods import Month
    from heartshare.reporting.scorecard import Published

Row = dict[str, Any]


def followers(published: Published, month: Month) -> Row:
    """Return follower flow from the month's first opening to its last closing.

    What the parts leave unexplained is a row of its own, so that the flow reconciles.
    """
    accounts = published.rows(
        "select platform_code, account_key, min(account_handle) as handle "
        f"from marts.agg_weekly_followers where {within(month)} "
        "group by platform_code, account_key "
        "order by platform_code, handle, account_key"
    )
    rows = [_account(published, month, row) for row in accounts]
    whole = [row for row in rows if row[1]["value"] is not None
             and row[-2]["value"] is not None]  # fmt: skip
    title = say("Followers")
    if not whole:
        return section(
            "followers",
            title,
            empty=say("No account reports a follower count at both ends of the month."),
        )
    chart = _flow_chart(whole, month)
    net = sum(row[-1]["value"] for row in whole)
    heads = (say("Account"), say("At the start"), say("Joined"), say("Left"),
             say("Not explained"), say("At the end"), say("Net"))  # fmt: skip
    return section(
        "followers",
        title,
        say(
            "Net {net} over all accounts; joined and left where reported.",
            net=signed_text(net),
        ),
        note=say("Totals are dots: the axis does not start at zero."),
        chart=chart,
        kind="waterfall",
        tables=[table(say("Followers by account"), heads, rows)],
        figures={"net": cell(published, _net_query(month), "count", is_change=True)},
    )


def _net_query(month: Month) -> str:
    """Return the query of the change over all accounts that are known at both ends."""
    first, last = month.weeks[0].key, month.closing_week.key
    return (
        "select sum(ends.closing_count - starts.opening_count) "
        "from marts.agg_weekly_followers as starts "
        "inner join marts.agg_weekly_followers as ends using (account_key) "
        f"where starts.week_start = date '{first}' and ends.week_start = date '{last}'"
    )


def _account(published: Published, month: Month, row: Row) -> list[Row]:
    """Return an account's row: start, joined, left, not explained, end and net."""
    key = literal(row["account_key"])
    of = f"from marts.agg_weekly_followers where account_key = {key}"
    first, last = (
        f"max(case when week_start = date '{week.key}' then {{}} end)"
        for week in (month.weeks[0], month.closing_week)
    )
    start, end = first.format("opening_count"), last.format("closing_count")
    joined, left = (
        f"case when count({name}) = {len(month.weeks)} then sum({name}) end"
        for name in ("gained_count", "lost_count")
    )
    rest = (
        f"case when {joined} is not null or {left} is not null then {end} - {start} "
        f"- coalesce({joined}, 0) + coalesce({left}, 0) end"
    )

    def counted(formula: str, *, is_change: bool = False) -> Row:
        query = f"select cast({formula} as bigint) {of} and {within(month)}"
        return cell(published, query, "count", is_change=is_change)

    return [
        words(platform_name(row["platform_code"])) | {"handle": row["handle"]},
        counted(start),
        counted(joined),
        counted(left),
        counted(rest, is_change=True),
        counted(end),
        counted(f"{end} - {start}", is_change=True),
    ]


def _flow_chart(rows: list[list[Row]], month: Month) -> Row:
    steps = series.flow_rows(
        [
            {
                "platform": row[0]["text"],
                "opening_count": row[1]["value"],
                "gained_count": row[2]["value"],
                "lost_count": row[3]["value"],
                "closing_count": row[5]["value"],
            }
            for row in rows
        ]
    )
    steps[0]["name"] = say("Followers at the start")
    steps[-1]["name"] = say("Followers at the end")
    return {
        "title": say("Follower flow of {month}", month=month_text(month)),
        "description": "; ".join(f"{one['name']} {one['text']}" for one in steps) + ".",
        "rows": steps,
    }
