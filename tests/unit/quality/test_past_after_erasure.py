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


@pytest.fixture
def check():
    suites = load_suites(SHIPPED)
    checks = [check for suite in suites for check in suite.checks]
    return next(one for one in checks if one.ref == "past.published_weeks_stay")


@pytest.fixture
def warehouse(tmp_path):
    """Readers see three weeks, in two of which one person alone spoke."""
    with duckdb.connect() as connection:
        connection.execute(f"attach '{tmp_path / 'seen.duckdb'}' as readers")
        connection.execute("create schema marts; create schema reports")
        connection.execute("create schema readers.marts")
        connection.execute(
            "create table readers.marts.fct_metric_weeks as select date "
            f"'{SPARSE}' as week_start, 1 as value union all select date '{OTHER}', 1 "
            f"union all select date '{FULL}', 9"
        )
        connection.execute(
            "create table marts.fct_metric_weeks as select * from "
            f"readers.marts.fct_metric_weeks where week_start = '{FULL}'"
        )
        connection.execute(
            "create table reports.rpt_restatements "
            "(restated_week date, cause_code varchar)"
        )
        yield connection


def lost(check, connection):
    """Return the tables that the check names."""
    rows = connection.execute(COLUMNS_QUERY).fetchall()
    found = compose("settled_weeks", [Column(*row) for row in rows], (), WEEK)
    for statement in found.statements("main.found"):
        connection.execute(statement)
    rows = connection.execute(check.sql.format(batch="main.found")).fetchall()
    connection.execute("drop table main.found")
    return [name for (name,) in rows]


def restate(connection, week, cause):
    connection.execute(
        "insert into reports.rpt_restatements values (?, ?), (?, ?)",
        [week, cause, week, cause],
    )


def test_week_that_is_gone_without_a_word_is_lost(check, warehouse):
    assert lost(check, warehouse) == ["marts.fct_metric_weeks"]


def test_weeks_that_an_erasure_emptied_are_not_lost(check, warehouse):
    for week in (SPARSE, OTHER):
        restate(warehouse, week, "erasure")
    assert lost(check, warehouse) == []


def test_erasure_explains_no_further_week(check, warehouse):
    restate(warehouse, SPARSE, "erasure")
    assert lost(check, warehouse) == ["marts.fct_metric_weeks"]


@pytest.mark.parametrize("cause", ["correction", "unexplained", "deletion"])
def test_no_other_cause_excuses_a_week(check, warehouse, cause):
    for week in (SPARSE, OTHER):
        restate(warehouse, week, cause)
    assert lost(check, warehouse) == ["marts.fct_metric_weeks"]
