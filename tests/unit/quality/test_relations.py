"""Relations over everything that is published, composed and then asked of DuckDB."""

from datetime import date

import duckdb
import pytest

from heartshare.quality.relations import COLUMNS_QUERY, Column, compose
from heartshare.weeks import ReportingWeek

WEEK = ReportingWeek.parse("2026-W46")
TOPICS = "create table {} as select * from (values {}) as t (week_start, theme, n)"
OLD = "(date '2026-08-03', 'bins', 1), (date '2026-08-03', 'roads', 2)"
NEW = "(date '2026-11-02', 'bins', 5)"


@pytest.fixture
def connection(tmp_path):
    with duckdb.connect() as connection:
        connection.execute(f"attach '{tmp_path / 'seen.duckdb'}' as readers")
        connection.execute("create schema marts; create schema readers.marts")
        connection.execute(
            "create table marts.fct_interactions (occurred_week date);"
            "create table marts.fct_metric_observations"
            " (period_start date, period_end date)"
        )
        yield connection


def ask(connection, relation, published=()):
    rows = connection.execute(COLUMNS_QUERY).fetchall()
    found = compose(relation, [Column(*row) for row in rows], published, WEEK)
    for statement in found.statements("main.found"):
        connection.execute(statement)
    return sorted(connection.execute("from main.found").fetchall())


def test_values_are_distinct_and_keys_of_things_are_left_out(connection):
    connection.execute(
        "create table marts.acts as select 'a' as person_key, 'b' as post_key,"
        " 'fine' as note_text, 1 as n from range(3)"
    )
    assert ask(connection, "text") == [("marts.acts", "note_text", "fine")]
    assert ask(connection, "person_keys") == [("marts.acts", "person_key", 1, 1)]
    assert ask(connection, "text", published=["marts.other"]) == []


def test_every_key_that_is_no_hash_is_counted(connection):
    connection.execute(
        "create table marts.acts as select unnest([md5('a'), md5('a'), md5('b'), null,"
        " upper(md5('b')), md5('b') || chr(10), 'Jane Doe']) as parent_person_key,"
        " null::varchar as person_key"
    )
    assert ask(connection, "person_keys") == [("marts.acts", "parent_person_key", 5, 3)]


def test_groups_of_people_are_found_by_their_columns(connection):
    connection.execute(
        "create table marts.segments as select * from (values"
        " ('stage', 'advocate', 3), ('platform', 'x', 2))"
        " as t (segment_kind_code, segment_code, person_count)"
    )
    assert ask(connection, "people_groups") == [("marts.segments", "advocate", 3)]


def test_before_the_first_publication_nothing_differs(connection):
    connection.execute(TOPICS.format("marts.agg_weekly_topics", OLD))
    assert ask(connection, "settled_weeks") == [
        ("marts.agg_weekly_topics", 2, 0, None, None)
    ]


def test_settled_weeks_are_compared_row_by_row(connection):
    connection.execute(
        TOPICS.format("readers.marts.agg_weekly_topics", f"{OLD}, {NEW}")
    )
    changed = OLD.replace("'bins', 1", "'bins', 7")
    connection.execute(
        TOPICS.format("marts.agg_weekly_topics", f"{changed}, {NEW.replace('5', '6')}")
    )
    connection.execute("alter table marts.agg_weekly_topics add column more varchar")
    assert ask(connection, "settled_weeks") == [
        ("marts.agg_weekly_topics", 2, 1, None, None)
    ]


def test_rows_are_compared_as_often_as_they_stand_there(connection):
    """A row that stood there twice and stands there once was changed."""
    one = "(date '2026-08-03', 'bins', null::integer)"
    connection.execute(
        TOPICS.format("readers.marts.agg_weekly_topics", f"{one}, {one}, {NEW}")
    )
    connection.execute(TOPICS.format("marts.agg_weekly_topics", f"{one}, {OLD}, {NEW}"))
    assert ask(connection, "settled_weeks") == [
        ("marts.agg_weekly_topics", 2, 1, None, None)
    ]


def test_published_weeks_that_vanished_are_named(connection):
    weeks = ", ".join(
        f"(date '2026-01-05' + {7 * number}, 'bins', 1)" for number in range(40)
    )
    connection.execute(TOPICS.format("readers.marts.fct_metric_weeks", weeks))
    connection.execute(
        "create table marts.fct_metric_weeks as from readers.marts.fct_metric_weeks"
        " where week_start > date '2026-01-12'"
    )
    found = ask(connection, "settled_weeks")
    lost = [row for row in found if row[3]]
    ((_, rows, changed, *_),) = [row for row in found if not row[3]]
    assert lost == [
        ("marts.fct_metric_weeks", 0, 0, date(2026, 1, 5), False),
        ("marts.fct_metric_weeks", 0, 0, date(2026, 1, 12), False),
    ]
    assert changed == 2
    assert rows > len(lost)


def test_a_table_that_keeps_few_weeks_may_let_the_oldest_go(connection):
    connection.execute(TOPICS.format("readers.marts.agg_weekly_terms", f"{OLD}, {NEW}"))
    connection.execute(TOPICS.format("marts.agg_weekly_terms", NEW))
    assert ask(connection, "settled_weeks") == [
        ("marts.agg_weekly_terms", 0, 0, None, None)
    ]


def test_figures_of_earlier_weeks_stand_beside_what_readers_see(connection):
    for database, value in (("", 3), ("readers.", 2)):
        connection.execute(
            f"create table {database}marts.fct_metric_weeks as select"
            f" 'leads' as metric_id,"
            f" date '2026-11-02' as week_start, 'all' as segment_kind_code,"
            f" 'all' as segment_code, {value}::double as value"
        )
    ((*_, seen, ours),) = ask(connection, "seen_figures")
    assert (seen, ours) == (2.0, 3.0)
