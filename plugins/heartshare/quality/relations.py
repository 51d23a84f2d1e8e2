"""Compose relations over everything that is published, from the catalogue itself.

A table that is added tomorrow is guarded from its first day, because nobody has to list
it. Pure: columns come in, SQL goes out.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from heartshare.quality.lost_weeks import FACTS, WeeklyTable, lost_weeks

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
#: What md5 returns, and what a person key must be.
_HASH = "[0-9a-f]{32}"
_HEADCOUNTS = ("person_count", "author_count")


@dataclass(frozen=True)
class Column:
    """One column of the catalogue; ``database`` is ours or that of the readers."""

    database: str
    schema: str
    table: str
    name: str
    type: str


@dataclass(frozen=True)
class Relation:
    """Rows to be worked out once: a SELECT of their shape, and SELECTs of the rows.

    A part for each table, because one statement over a hundred tables is planned for
    longer than it runs.
    """

    shape: str
    parts: tuple[str, ...]

    def statements(self, table: str) -> Iterator[str]:
        """Yield the statements that make a table of the rows."""
        yield f"create or replace table {table} as from ({self.shape}) limit 0"
        for part in self.parts:
            yield f"insert into {table} {part}"


def compose(
    relation: str,
    columns: Sequence[Column],
    published: Collection[str],
    week: ReportingWeek,
) -> Relation:
    """Return a relation over what would be published; empty ``published`` means all.

    ``text``: one row per table, column and distinct value. ``person_keys``: one row per
    table and column that holds any, with how many differ and how many are no hash.
    ``people_groups``: one row per segment of people with its head count.
    ``settled_weeks``: one row per weekly table with how many rows of weeks long gone
    differ from those that readers see, and one row per table and week that readers see
    and it lacks; ``lost_weeks`` says more. ``seen_figures``: one row per figure of an
    earlier week, beside what readers see.
    """
    ours = [
        column
        for column in columns
        if column.database == "ours" and _is_published(column, published)
    ]
    seen = [column for column in columns if column.database == READERS]
    if relation == "people_groups":
        return Relation(_GROUPS, tuple(_groups(ours)))
    if relation == "settled_weeks":
        return Relation(_WEEKS, tuple(_weekly(ours, seen, week)))
    if relation == "seen_figures":
        figures = _figures(bool(seen), week)
        return Relation(figures, (figures,))
    if relation == "person_keys":
        return Relation(_KEYS, tuple(_person_keys(ours)))
    return Relation(_TEXTS, tuple(_texts(ours)))


_TEXTS = "select '' as table_name, '' as column_name, '' as value_text"
_KEYS = (
    "select '' as table_name, '' as column_name, 0::bigint as key_count,"
    " 0::bigint as unhashed_count"
)
_GROUPS = "select '' as table_name, '' as segment_code, 0::bigint as person_count"
_WEEKS = (
    "select '' as table_name, 0::bigint as row_count, 0::bigint as changed_count,"
    " null::date as missing_week, null::boolean as has_facts"
)


def _is_published(column: Column, published: Collection[str]) -> bool:
    if published:
        return f"{column.schema}.{column.table}" in published
    return column.schema in _PUBLISHED_SCHEMAS


def _texts(columns: Sequence[Column]) -> Iterator[str]:
    """Yield the distinct values of a table's texts: codes repeat by the million.

    Keys are left out: those of people are asked about elsewhere, the others are hashes
    by model contract.
    """
    texts = [
        column
        for column in columns
        if column.type == "VARCHAR" and not column.name.endswith("_key")
    ]
    for found in _tables(texts).values():
        yield " union all ".join(
            f"select {_place(column)}, value_text from ({_distinct(column)})"
            for column in found
        )


def _person_keys(columns: Sequence[Column]) -> Iterator[str]:
    for column in columns:
        if column.type == "VARCHAR" and column.name.endswith("person_key"):
            yield (
                f"select {_place(column)}, count(*), count(*) filter ("
                f"where not regexp_full_match(value_text, '{_HASH}'))"
                f" from ({_distinct(column)}) having count(*) > 0"
            )


def _place(column: Column) -> str:
    return f"'{column.schema}.{column.table}', '{column.name}'"


def _distinct(column: Column) -> str:
    """Return the values of a column, alone: so DuckDB looks at its dictionary only."""
    return (
        f'select distinct "{column.name}" as value_text'
        f' from {column.schema}."{column.table}" where "{column.name}" is not null'
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
    """Yield rows of weekly tables; where readers see none yet, nothing differs.

    Only columns that both have are compared, doubles to six places: a new column is no
    restatement. Tables that keep few weeks are compared in those that both hold.
    """
    known = _tables(seen)
    compared = []
    for (schema, table), columns in _tables(ours).items():
        is_weekly = table.startswith("agg_weekly_") and table not in _ESTIMATES
        if not is_weekly and table != _HISTORY:
            continue
        published = known.get(("marts", table))
        if not published:
            yield (
                f"select '{schema}.{table}' as table_name, count(*) as row_count,"
                " 0 as changed_count, null, null"
                f' from {schema}."{table}"'
            )
            continue
        shared = {column.name for column in published}
        listed = ", ".join(
            _rounded(column) for column in columns if column.name in shared
        )
        both = WeeklyTable(
            f"{schema}.{table}",
            f'{schema}."{table}"',
            f'{READERS}.marts."{table}"',
            keeps_every_week=table == _HISTORY,
        )
        compared.append(both)
        yield _difference(both, listed, week)
    if compared:
        facts = [
            f"{READERS}.marts.{name}" for name in FACTS if ("marts", name) in known
        ]
        yield lost_weeks(compared, facts, week)


def _rounded(column: Column) -> str:
    if column.type == "DOUBLE":
        return f'round("{column.name}", 6) as "{column.name}"'
    return f'"{column.name}"'


def _difference(table: WeeklyTable, listed: str, week: ReportingWeek) -> str:
    """Return a SELECT of how many rows that readers see we do not hold as often.

    EXCEPT ALL would say the same and be planned for twice as long.
    """
    held = "" if table.keeps_every_week else " and week_start >= held_since"
    settled = f"bounds where week_start < settled_until{held}"
    return (
        "with bounds as ("
        f"select least(max(week_start), DATE '{week.key}') - {7 * SETTLED_WEEKS}"
        f" as settled_until, (select min(week_start) from {table.ours}) as held_since"
        f" from {table.theirs}),"
        f" both_sides as (select {listed}, 1 as side_sign"
        f" from {table.theirs}, {settled}"
        f" union all select {listed}, -1 as side_sign from {table.ours}, {settled}),"
        " compared as (select * exclude (side_sign),"
        " sum(side_sign) as surplus_row_count,"
        " count(*) filter (where side_sign = 1) as seen_row_count"
        " from both_sides group by all)"
        f" select '{table.name}', coalesce(sum(seen_row_count), 0),"
        " coalesce(sum(greatest(surplus_row_count, 0)), 0), null, null"
        " from compared"
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
