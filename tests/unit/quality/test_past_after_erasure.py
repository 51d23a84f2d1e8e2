"""A sparse week that an erasure empties is not lost, and only such a week is not."""

from pathlib import Path

import duckdb
import pytest

from heartshare.quality.relations import COLUMNS_QUERY, Column, compose
from heartshare.quality.suites import load_suites
from heartshare.weeks import ReportingWeek

SHIPPED = Path(__file__).parents[3] / "expectations" / "suites"
WEEK = ReportingWeek.parse("2026-W46")
SPARSE, OTHER, FULL = "2026-08-03", "2026-08-10", "2026-11-09"
WEEKLY = ("fct_metric_weeks", "agg_weekly_topics")
SIDES = ("marts", "readers.marts")


@pytest.fixture
def check():
    suites = load_suites(SHIPPED)
    checks = [check for suite in suites for check in suite.checks]
    return next(one for one in checks if one.ref == "past.published_weeks_stay")


@pytest.fixture
def warehouse(tmp_path):
    """Readers see four weeks, in two of which one person alone spoke.

    That person was erased: the facts of both sides hold the other two weeks only.
    """
    with duckdb.connect() as connection:
        connection.execute(f"attach '{tmp_path / 'seen.duckdb'}' as readers")
        connection.execute("create schema marts; create schema reports")
        connection.execute("create schema readers.marts")
        for side in SIDES:
            for table in WEEKLY:
                connection.execute(
                    f"create table {side}.{table} as select week_start, 1 as value from"
                    f" (values (date '2026-07-27'), (date '{SPARSE}'),"
                    f" (date '{OTHER}'), (date '{FULL}')) as weeks (week_start)"
                )
            connection.execute(
                f"create table {side}.fct_interactions as select occurred_week from"
                f" (values (date '2026-07-27'), (date '{FULL}')) as t (occurred_week)"
            )
            connection.execute(
                f"create table {side}.fct_metric_observations"
                " (period_start date, period_end date)"
            )
        connection.execute(
            "create table reports.rpt_restatements "
            "(restated_week date, cause_code varchar)"
        )
        yield connection


def lost(check, connection):
    """Return the tables and weeks that the check names."""
    rows = connection.execute(COLUMNS_QUERY).fetchall()
    found = compose("settled_weeks", [Column(*row) for row in rows], (), WEEK)
    for statement in found.statements("main.found"):
        connection.execute(statement)
    rows = connection.execute(check.sql.format(batch="main.found")).fetchall()
    connection.execute("drop table main.found")
    return sorted(name.removeprefix("marts.") for (name,) in rows)


def lose(connection, *weeks, table="fct_metric_weeks"):
    for week in weeks:
        connection.execute(f"delete from marts.{table} where week_start = '{week}'")


def restate(connection, *weeks, cause="erasure"):
    for week in weeks:
        connection.execute(
            "insert into reports.rpt_restatements values (?, ?), (?, ?)",
            [week, cause, week, cause],
        )


def speak(connection, week, side="marts"):
    connection.execute(f"insert into {side}.fct_interactions values (date '{week}')")


def test_nothing_is_lost_where_every_week_stays(check, warehouse):
    assert lost(check, warehouse) == []


def test_week_that_is_gone_without_a_word_is_lost(check, warehouse):
    lose(warehouse, SPARSE)
    assert lost(check, warehouse) == ["fct_metric_weeks.2026_08_03"]


def test_weeks_that_an_erasure_emptied_are_not_lost(check, warehouse):
    for table in WEEKLY:
        lose(warehouse, SPARSE, OTHER, table=table)
    restate(warehouse, SPARSE, OTHER)
    assert lost(check, warehouse) == []


def test_each_lost_table_and_week_is_named(check, warehouse):
    for table in WEEKLY:
        lose(warehouse, SPARSE, OTHER, table=table)
    assert lost(check, warehouse) == [
        "agg_weekly_topics.2026_08_03",
        "agg_weekly_topics.2026_08_10",
        "fct_metric_weeks.2026_08_03",
        "fct_metric_weeks.2026_08_10",
    ]


def test_erasure_explains_no_further_week(check, warehouse):
    """As many weeks are restated as are missing, but another one."""
    lose(warehouse, OTHER)
    restate(warehouse, SPARSE)
    assert lost(check, warehouse) == ["fct_metric_weeks.2026_08_10"]


@pytest.mark.parametrize("table", WEEKLY)
@pytest.mark.parametrize("side", SIDES)
def test_week_that_still_has_acts_is_lost_after_an_erasure_too(
    check, warehouse, side, table
):
    """Readers hold acts of others that we lack: a file was lost, nobody erased."""
    lose(warehouse, SPARSE, OTHER, table=table)
    restate(warehouse, SPARSE, OTHER)
    speak(warehouse, OTHER, side)
    assert lost(check, warehouse) == [f"{table}.2026_08_10"]


@pytest.mark.parametrize(
    ("period", "is_lost"),
    [
        (("2026-08-09", None), True),
        (("2026-08-10", None), False),
        (("2026-07-20", "2026-08-03"), True),
        (("2026-07-20", "2026-08-02"), False),
        (("2026-07-20", None), False),
    ],
    ids=["its Sunday", "next Monday", "reaches it", "ends before", "posted before"],
)
@pytest.mark.parametrize("side", SIDES)
def test_week_that_still_has_observations_is_lost(
    check, warehouse, side, period, is_lost
):
    lose(warehouse, SPARSE)
    restate(warehouse, SPARSE)
    warehouse.execute(
        f"insert into {side}.fct_metric_observations values (?, ?)", period
    )
    assert bool(lost(check, warehouse)) is is_lost


def test_readers_of_another_version_may_lack_the_facts(check, warehouse):
    warehouse.execute("drop table readers.marts.fct_metric_observations")
    lose(warehouse, SPARSE)
    restate(warehouse, SPARSE)
    assert lost(check, warehouse) == []


@pytest.mark.parametrize("cause", ["correction", "unexplained", "deletion"])
def test_no_other_cause_excuses_a_week(check, warehouse, cause):
    lose(warehouse, SPARSE)
    restate(warehouse, SPARSE, cause=cause)
    assert lost(check, warehouse) == ["fct_metric_weeks.2026_08_03"]
