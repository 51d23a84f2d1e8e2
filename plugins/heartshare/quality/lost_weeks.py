"""Compose which weeks that readers have seen are gone, and what is left of them.

Pure: names of tables come in, SQL goes out.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from heartshare.weeks import ReportingWeek

#: What figures are made of, with the first and the last day that a row is about.
FACTS = {
    "fct_interactions": ("occurred_week", "occurred_week"),
    "fct_metric_observations": (
        "period_start",
        "coalesce(period_end, period_start)",
    ),
}


@dataclass(frozen=True)
class WeeklyTable:
    """A table on both sides; one that does not keep every week lets its oldest go."""

    name: str
    ours: str
    theirs: str
    keeps_every_week: bool


def lost_weeks(
    tables: Sequence[WeeklyTable], readers_facts: Collection[str], week: ReportingWeek
) -> str:
    """Return a SELECT of one row per table and week that readers see and it lacks.

    ``has_facts`` says that an act or observation of the week stands on either side.
    From what readers see, erased people are gone already: a week without facts on both
    sides was theirs alone, and one that has some there was lost. ``readers_facts`` are
    the qualified names of those of ``FACTS`` that readers see; ours must be there.
    """
    missing = " union all ".join(_missing(table, week) for table in tables)
    names = [*(f"marts.{name}" for name in FACTS), *readers_facts]
    facts = " union ".join(_days(name) for name in names)
    return (
        f"with missing as ({missing}), facts as ({facts})"
        " select missing.table_name, 0 as row_count, 0 as changed_count,"
        " missing.week_start as missing_week,"
        " count(facts.first_day) > 0 as has_facts"
        " from missing left join facts"
        " on facts.first_day < missing.week_start + 7"
        " and facts.last_day >= missing.week_start"
        " group by missing.table_name, missing.week_start"
    )


def _missing(table: WeeklyTable, week: ReportingWeek) -> str:
    held_since = f"(select min(week_start) from {table.ours})"
    held = "" if table.keeps_every_week else f" and week_start >= {held_since}"
    return (
        f"select '{table.name}' as table_name, week_start from ("
        f"select week_start from {table.theirs} where week_start <"
        f" least((select max(week_start) from {table.theirs}), DATE '{week.key}' + 7)"
        f"{held} except select week_start from {table.ours})"
    )


def _days(name: str) -> str:
    first, last = FACTS[name.rsplit(".", maxsplit=1)[-1]]
    return f"select {first} as first_day, {last} as last_day from {name}"
