"""Compose relations over everything that is published, from the catalogue itself.

A table that is added tomorrow is guarded from its first day, because nobody has to list
it. Pure: columns come in, one SELECT goes out.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence

    from heartshare.weeks import ReportingWeek

#: The database that readers see, attached read-only beside the one that is judged.
READERS = "readers"
#: Every column that may be published or that readers see already, in a total order.
COLUMNS_QUERY = f"""
    select
        case when database_name = current_database() then 'ours' else '{READERS}' end,
        schema_name, table_name, column_name, data_type
    from duckdb_columns()
    where not internal
    and (database_name = current_database() or database_name = '{READERS}')
    order by 1, schema_name, table_name, column_index
"""
#: Relations of few rows that are dear to count.
COUNTED_ONCE = ("settled_weeks",)
#: Weeks after which a figure of a week no longer moves: replies and posts are counted
#: for four weeks.
SETTLED_WEEKS = 5
#: Estimates that new labels move by design, with intervals that say so.
_ESTIMATES = ("agg_weekly_tone",)
#: The table that keeps every week; others may let go of their oldest one each week.
_HISTORY = "fct_metric_weeks"
_PUBLISHED_SCHEMAS = ("marts", "reports")
#: Kinds of segments that are places or subjects, not groups of people.
_NO_GROUPS = ("all", "platform", "account", "theme")
_HEADCOUNTS = ("person_count", "author_count")


@dataclass(frozen=True)
class Column:
    """One column of the catalogue; ``database`` is ours or that of the readers."""

    database: str
    schema: str
    table: str
    name: str
    type: str


def compose(
    relation: str,
    columns: Sequence[Column],
    published: Collection[str],
    week: ReportingWeek,
) -> str:
    """Return one SELECT over what would be published; empty ``published`` means all.

    ``text`` and ``person_keys``: one row per table, column and distinct value.
    ``people_groups``: one row per segment of people with its head count.
    ``settled_weeks``: one row per weekly table with how many rows of weeks long gone
    differ from those that readers see. ``seen_figures``: one row per figure of an
    earlier week, beside what readers see.
    """
    ours = [
        column
        for column in columns
        if column.database == "ours" and _is_published(column, published)
    ]
    seen = [column for column in columns if column.database == READERS]
    if relation == "people_groups":
        parts, empty = list(_groups(ours)), _EMPTY_GROUPS
    elif relation == "settled_weeks":
        parts, empty = list(_weekly(ours, seen, week)), _EMPTY_WEEKS
    elif relation == "seen_figures":
        parts, empty = [_figures(bool(seen), week)], ""
    else:
        parts, empty = list(_values(ours, relation)), _EMPTY_VALUES
    return "SELECT * FROM (" + " union all ".join(parts or [empty]) + ") AS published"


def as_values(names: Sequence[str], rows: Sequence[Sequence[object]]) -> str:
    """Return a SELECT that says the rows themselves: names of tables and counts."""
    selects = [
        "select "
        + ", ".join(
            f"{value!r} as {name}" for name, value in zip(names, row, strict=True)
        )
        for row in rows
    ]
    empty = "select " + ", ".join(f"0 as {name}" for name in names) + " limit 0"
    return f"SELECT * FROM ({' union all '.join(selects or [empty])}) AS published"


_EMPTY_VALUES = "select '' as table_name, '' as column_name, '' as value_text limit 0"
_EMPTY_GROUPS = "select '' as table_name, '' as segment_code, 0 as person_count limit 0"
_EMPTY_WEEKS = (
    "select '' as table_name, 0 as row_count, 0 as changed_count,"
    " 0 as missing_week_count limit 0"
)


def _is_published(column: Column, published: Collection[str]) -> bool:
    if published:
        return f"{column.schema}.{column.table}" in published
    return column.schema in _PUBLISHED_SCHEMAS


def _values(columns: Sequence[Column], relation: str) -> Iterator[str]:
    """Yield the distinct values of texts or person keys: codes repeat by the million.

    Keys other than those of people are left out: they are hashes by model contract.
    """
    for column in columns:
        is_person = column.name.endswith("person_key")
        is_wanted = (
            is_person if relation == "person_keys" else not column.name.endswith("_key")
        )
        if column.type == "VARCHAR" and is_wanted:
            yield (
                f"select distinct '{column.schema}.{column.table}' as table_name,"
                f" '{column.name}' as column_name, \"{column.name}\" as value_text"
                f' from {column.schema}."{column.table}"'
                f' where "{column.name}" is not null'
            )


def _tables(columns: Sequence[Column]) -> dict[tuple[str, str], list[Column]]:
    tables: dict[tuple[str, str], list[Column]] = {}
    for column in columns:
        tables.setdefault((column.schema, column.table), []).append(column)
    return tables


def _groups(columns: Sequence[Column]) -> Iterator[str]:
    places = ", ".join(f"'{kind}'" for kind in _NO_GROUPS)
    for (schema, table), found in _tables(columns).items():
        names = {column.name for column in found}
        counted = next((name for name in _HEADCOUNTS if name in names), None)
        if counted and {"segment_kind_code", "segment_code"} <= names:
            yield (
                f"select '{schema}.{table}' as table_name, segment_code,"
                f' {counted} as person_count from {schema}."{table}"'
                f" where segment_kind_code not in ({places})"
            )


def _weekly(
    ours: Sequence[Column], seen: Sequence[Column], week: ReportingWeek
) -> Iterator[str]:
    """Yield one row per weekly table; where readers see none yet, nothing differs.

    Only columns that both have are compared, doubles to six places: a new column is no
    restatement. Tables that keep few weeks are compared in those that both hold.
    """
    known = _tables(seen)
    for (schema, table), columns in _tables(ours).items():
        is_weekly = table.startswith("agg_weekly_") and table not in _ESTIMATES
        if not is_weekly and table != _HISTORY:
            continue
        published = known.get(("marts", table))
        if not published:
            yield (
                f"select '{schema}.{table}' as table_name, count(*) as row_count,"
                f" 0 as changed_count, 0 as missing_week_count"
                f' from {schema}."{table}"'
            )
            continue
        shared = {column.name for column in published}
        listed = ", ".join(
            _rounded(column) for column in columns if column.name in shared
        )
        yield _difference(f'{schema}."{table}"', table, listed, week)


def _rounded(column: Column) -> str:
    if column.type == "DOUBLE":
        return f'round("{column.name}", 6) as "{column.name}"'
    return f'"{column.name}"'


def _difference(ours: str, table: str, listed: str, week: ReportingWeek) -> str:
    theirs = f'{READERS}.marts."{table}"'
    earlier = (
        f"week_start < least((select max(week_start) from {theirs}),"
        f" DATE '{week.key}' + 7)"
    )
    if table != _HISTORY:
        earlier += f" and week_start >= (select min(week_start) from {ours})"
    days = 7 * SETTLED_WEEKS
    settled = (
        f"{earlier} and week_start < (select max(week_start) from {theirs}) - {days}"
        f" and week_start < DATE '{week.key}' - {days}"
    )
    old = f"select {listed} from {theirs} where {settled}"
    new = f"select {listed} from {ours} where {settled}"
    name = ours.replace('"', "")
    return (
        f"select '{name}' as table_name,"
        f" (select count(*) from ({old})) as row_count,"
        f" (select count(*) from ({old} except all {new})) as changed_count,"
        f" (select count(*) from (select week_start from {theirs} where {earlier}"
        f" except select week_start from {ours})) as missing_week_count"
    )


def _figures(has_readers: bool, week: ReportingWeek) -> str:  # noqa: FBT001 a fact
    """Return the figures of earlier weeks; without readers each beside itself."""
    ours = "marts.fct_metric_weeks"
    theirs = f"{READERS}.{ours}" if has_readers else ours
    return (
        "select theirs.metric_id, theirs.week_start, theirs.segment_kind_code,"
        " theirs.segment_code, theirs.value as seen_value, ours.value as value"
        f" from {theirs} as theirs inner join {ours} as ours"
        " on theirs.metric_id = ours.metric_id and theirs.week_start = ours.week_start"
        " and theirs.segment_kind_code = ours.segment_kind_code"
        " and theirs.segment_code = ours.segment_code"
        f" where theirs.week_start < DATE '{week.key}'"
    )
