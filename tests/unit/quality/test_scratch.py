"""The rows of a suite, worked out once: which columns of a week are copied."""

import duckdb
import pytest

from heartshare.quality.gate import Severity
from heartshare.quality.relations import COLUMNS_QUERY, Column
from heartshare.quality.scratch import SCRATCH, SuiteRows, slice_query
from heartshare.quality.suites import Asset, Check, Suite
from heartshare.weeks import ReportingWeek

WEEK = ReportingWeek.parse("2026-W46")
ACTS = Asset(schema="marts", table="acts", slice="week", week_column="acted_week")


@pytest.fixture
def connection():
    with duckdb.connect() as connection:
        connection.execute("create schema marts")
        connection.execute(f"attach ':memory:' as {SCRATCH}")
        connection.execute(
            "create table marts.acts as select * from (values"
            " (date '2026-11-09', 'a', 'x', 1), (date '2026-11-02', 'b', 'y', 2))"
            " as t (acted_week, act_key, platform_code, like_count)"
        )
        yield connection


def suite(*checks, asset=ACTS):
    return Suite("acts", "Is it so?", "somebody", asset, checks)


def check(sql=None, **more):
    return Check("acts", "one", Severity.CRITICAL, "Because.", sql=sql, **more)


def ask(connection):
    return lambda sql: connection.execute(sql).fetchall()


def named(connection, *checks):
    rows = connection.execute(COLUMNS_QUERY).fetchall()
    query = slice_query(suite(*checks), [Column(*row) for row in rows], WEEK)
    return [column[0] for column in connection.execute(query).description]


def test_a_slice_holds_the_columns_that_checks_name(connection):
    sets = check(expect="ExpectColumnDistinctValuesToContainSet")
    named_set = check(
        expect=sets.expect, arguments={"column": "platform_code", "value_set": ["x"]}
    )
    rows = check("select act_key from {batch} having count(*) > 1")
    assert named(connection, named_set) == ["acted_week", "platform_code"]
    assert named(connection, rows) == ["acted_week", "act_key"]
    assert named(connection, named_set, rows) == [
        "acted_week",
        "act_key",
        "platform_code",
    ]


@pytest.mark.parametrize(
    "unnamed",
    [
        check("select * from {batch}"),
        check("select 1 from {batch} where columns('.*_count') < 0"),
        check(expect="ExpectTableColumnsToMatchSet"),
        check("select act_key from {batch}", needs="select * from {batch}"),
    ],
    ids=["star", "columns", "set of columns", "star in needs"],
)
def test_a_slice_is_whole_where_a_check_does_not_name_its_columns(connection, unnamed):
    assert len(named(connection, unnamed)) == 4


def test_rows_are_worked_out_once_and_asked_of_memory(connection):
    rows = SuiteRows(ask(connection), WEEK, ())
    query = rows.query(suite(check("select act_key from {batch}")))
    connection.execute("drop table marts.acts")
    assert connection.execute(f"select act_key from ({query})").fetchall() == [("a",)]


def test_what_everything_published_says_is_worked_out_once(connection):
    asset = Asset(published="text")
    query = SuiteRows(ask(connection), WEEK, ()).query(suite(asset=asset))
    connection.execute("drop table marts.acts")
    assert sorted(connection.execute(query).fetchall()) == [
        ("marts.acts", "platform_code", "x"),
        ("marts.acts", "platform_code", "y"),
    ]


def test_another_run_sees_the_rows_of_its_time(connection):
    asked = suite(check("select act_key from {batch}"))
    SuiteRows(ask(connection), WEEK, ()).query(asked)
    connection.execute("update marts.acts set act_key = 'c'")
    query = SuiteRows(ask(connection), WEEK, ()).query(asked)
    assert connection.execute(f"select act_key from ({query})").fetchall() == [("c",)]


def test_a_whole_table_is_read_where_it_is(connection):
    whole = Asset(schema="marts", table="acts")
    query = SuiteRows(ask(connection), WEEK, ()).query(suite(asset=whole))
    assert query == "SELECT * FROM marts.acts"


def test_a_table_that_is_not_there_is_an_error(connection):
    asset = Asset(schema="marts", table="posts", slice="week")
    with pytest.raises(duckdb.CatalogException, match="posts"):
        SuiteRows(ask(connection), WEEK, ()).query(suite(check(), asset=asset))
