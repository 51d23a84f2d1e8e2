"""Which rows of a table differ between two publications, and in which weeks?

Row sets are compared by EXCEPT ALL in both directions: null equals null, duplicates
count. Floating-point numbers are rounded, since another order of summing is no change.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from heartshare.warehouse.connections import Connection

#: Decimal places to which floating-point numbers count.
PLACES = 9
_FLOATS = {"DOUBLE", "FLOAT"}
WEEK = "week_start"


@dataclass(frozen=True)
class TableDifference:
    """What differs in one table that both publications have.

    ``changed`` counts rows that stayed, by key, with other values; None where nothing
    identifies a row, and then they count as gone and new. ``weeks`` has, by Monday,
    how many rows only the publication before has, and how many only the one after; a
    week that has left or entered the table as a whole is not among them.
    """

    table: str
    rows_before: int
    rows_after: int
    gone: int
    new: int
    changed: int | None
    columns: Mapping[str, int] = field(default_factory=dict)
    weeks: Mapping[str, tuple[int, int]] = field(default_factory=dict)

    @property
    def is_different(self) -> bool:
        """Return whether any row differs."""
        return bool(self.gone or self.new or self.changed)

    def past_weeks(self, last: str) -> list[str]:
        """Return the Mondays up to ``last`` in which rows differ, oldest first."""
        return [week for week in self.weeks if week <= last]

    def to_dict(self, last: str) -> dict[str, Any]:
        """Return the difference as JSON; weeks after ``last`` are left out."""
        return {
            "table": self.table,
            "rows_before": self.rows_before,
            "rows_after": self.rows_after,
            "rows_gone": self.gone,
            "rows_new": self.new,
            "rows_changed": self.changed,
            "columns_changed": dict(self.columns),
            "past_weeks": [
                {WEEK: week, "only_before": gone, "only_after": new}
                for week, (gone, new) in self.weeks.items()
                if week <= last
            ],
        }


def compare_rows(  # noqa: PLR0913, PLR0917 two relations and what is known of them
    connection: Connection,
    table: str,
    before: str,
    after: str,
    types: Mapping[str, str],
    key: Sequence[str],
) -> TableDifference:
    """Return what differs between two relations (SQL names) over shared columns.

    ``types`` are those of the columns that both have alike, ``key`` what identifies a
    row, or empty.
    """
    columns = [_counted(name, kind) for name, kind in types.items()]
    first = f"select {', '.join(columns)} from {before}"
    second = f"select {', '.join(columns)} from {after}"
    week = f"{WEEK}::varchar" if types.get(WEEK) == "DATE" else "null"
    found = connection.execute(
        f"with differing as (select {week} as monday, 1 as is_before from "
        f"({first} except all {second}) union all select {week}, 0 from "
        f"({second} except all {first})) select monday, sum(is_before)::bigint, "
        "sum(1 - is_before)::bigint from differing group by all order by all"
    ).fetchall()
    gone, new = sum(row[1] for row in found), sum(row[2] for row in found)
    shared = _shared_weeks(connection, before, after) if WEEK in types else set()
    changed: int | None = None
    by_column: dict[str, int] = {}
    if key and set(key) <= set(types):
        changed, by_column = (
            _changed(connection, first, second, types, key) if found else (0, {})
        )
    return TableDifference(
        table,
        _count(connection, before),
        _count(connection, after),
        gone - (changed or 0),
        new - (changed or 0),
        changed,
        by_column,
        {monday: (only, other) for monday, only, other in found if monday in shared},
    )


def _shared_weeks(connection: Connection, before: str, after: str) -> set[str]:
    rows = connection.execute(
        f"select {WEEK}::varchar from {before} intersect "
        f"select {WEEK}::varchar from {after}"
    ).fetchall()
    return {monday for (monday,) in rows if monday}


def _changed(
    connection: Connection,
    first: str,
    second: str,
    types: Mapping[str, str],
    key: Sequence[str],
) -> tuple[int, dict[str, int]]:
    """Count rows with one key and other values: in all, and by column."""
    values = [name for name in types if name not in key]
    if not values:
        return 0, {}
    same = " and ".join(f'b."{name}" is not distinct from a."{name}"' for name in key)
    differs = [f'b."{name}" is distinct from a."{name}"' for name in values]
    counts = ", ".join(f"count(*) filter (where {one})" for one in differs)
    [(total, *each)] = connection.execute(
        f"select count(*) filter (where {' or '.join(differs)}), {counts} "
        f"from ({first}) as b inner join ({second}) as a on {same}"
    ).fetchall()
    by_column = {name: n for name, n in zip(values, each, strict=True) if n}
    return total, by_column


def _counted(name: str, kind: str) -> str:
    if kind in _FLOATS:
        return f'round("{name}", {PLACES}) as "{name}"'
    return f'"{name}"'


def _count(connection: Connection, relation: str) -> int:
    return int(connection.execute(f"select count(*) from {relation}").fetchall()[0][0])
