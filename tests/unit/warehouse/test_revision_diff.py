"""What a reader would notice, counted by hand."""

from dataclasses import replace

import pytest
from unit.warehouse.small_marts import WEEK, build, marts_settings, put_out

from heartshare.warehouse.connections import open_writer
from heartshare.warehouse.dictionary import TableNotes
from heartshare.warehouse.revision_diff import (
    NothingToCompareError,
    compare_candidate,
    compare_revisions,
)
from heartshare.warehouse.revision_diff_text import diff_lines
from heartshare.warehouse.revisions import revisions

TABLES = ["marts.dim_people", "marts.fct_metric_weeks", "reports.rpt_weekly_scorecard"]
NOTES = {
    "fct_metric_weeks": TableNotes(key=("metric_id", "week_start", "segment_code")),
    "dim_people": TableNotes(key=("person_key",)),
}
#: metric, Monday, segment, value
BEFORE = [
    ("reach", "2026-11-02", "all", 100.0),
    ("reach", "2026-11-09", "all", 110.0),
    ("reach", "2026-11-09", "x", 60.0),
    ("replies", "2026-11-02", "all", None),
    ("replies", "2026-11-09", "all", 0.1 + 0.2),
    ("leads", "2026-10-26", "all", 4.0),
]
AFTER = [
    ("reach", "2026-11-02", "all", 80.0),  # restated by a fifth
    ("reach", "2026-11-09", "all", 110.0),
    ("reach", "2026-11-09", "x", 66.0),  # restated, but not of everybody
    ("replies", "2026-11-02", "all", 5.0),  # was not reported
    ("replies", "2026-11-09", "all", 0.3),  # the same up to the ninth place
    ("reach", "2026-11-16", "all", 500.0),  # a new week is no restatement
]


@pytest.fixture
def settings(tmp_path):
    return marts_settings(tmp_path)


def fill(settings, build_id, rows, *statements, week=WEEK):
    build(settings, build_id, week=week)
    with open_writer(settings) as connection:
        connection.execute(
            "create or replace table marts.fct_metric_weeks (metric_id varchar, "
            "week_start date, segment_kind_code varchar, segment_code varchar, "
            "value double)"
        )
        for metric, monday, segment, value in rows:
            kind = "all" if segment == "all" else "platform"
            connection.execute(
                "insert into marts.fct_metric_weeks values (?, ?, ?, ?, ?)",
                [metric, monday, kind, segment, value],
            )
        for statement in statements:
            connection.execute(statement)


@pytest.fixture
def published(settings):
    fill(settings, "b1", BEFORE)
    return put_out(settings, "b1", tables=TABLES, notes=NOTES)


def compared(settings):
    return compare_candidate(settings, TABLES, NOTES)


def test_same_marts_differ_in_nothing(settings, published):
    fill(settings, "b2", list(reversed(BEFORE)))
    diff = compared(settings)
    assert (diff.tables, diff.schema_changes, diff.moves) == ([], [], [])
    assert diff_lines(diff)[1:] == [
        "Schema 1.0: the same tables, columns and types",
        "Rows: the same in every table",
    ]


def test_restated_weeks_are_told_from_new_and_from_left_ones(settings, published):
    fill(settings, "b2", AFTER, week=WEEK.shift(1))
    [table] = compared(settings).tables
    assert (table.rows_before, table.rows_after) == (6, 6)
    assert (table.changed, table.gone, table.new) == (3, 1, 1)
    assert dict(table.columns) == {"value": 3}
    assert table.weeks == {"2026-11-02": (2, 2), "2026-11-09": (1, 1)}
    assert table.past_weeks("2026-11-02") == ["2026-11-02"]


def test_metrics_are_ordered_by_how_much_they_move(settings, published):
    fill(settings, "b2", AFTER, week=WEEK.shift(1))
    moves = [
        (move.metric_id, move.week_start, move.before, move.after, move.size)
        for move in compared(settings).moves
    ]
    assert moves == [
        ("leads", "2026-10-26", 4.0, None, 1.0),
        ("replies", "2026-11-02", None, 5.0, 1.0),
        ("reach", "2026-11-02", 100.0, 80.0, 0.2),
    ]


def test_rows_without_a_key_are_gone_or_new(settings, published):
    fill(settings, "b2", BEFORE, "update reports.rpt_weekly_scorecard set value = 7")
    [table] = compared(settings).tables
    assert (table.table, table.changed) == ("rpt_weekly_scorecard", None)
    assert (table.gone, table.new, dict(table.weeks)) == (1, 1, {})


def test_duplicates_count(settings, published):
    again = "insert into reports.rpt_weekly_scorecard from reports.rpt_weekly_scorecard"
    fill(settings, "b2", BEFORE, again)
    [table] = compared(settings).tables
    assert (table.gone, table.new) == (0, 1)


def test_keys_of_people_are_compared_as_they_are_published(settings, published):
    statement = (
        "update marts.dim_people set interaction_count = 9 where interaction_count = 1"
    )
    fill(settings, "b2", BEFORE, statement)
    [table] = compared(settings).tables
    assert (table.changed, table.gone, table.new) == (1, 0, 0)
    assert dict(table.columns) == {"interaction_count": 1}


def test_change_of_schema_comes_first_and_says_what_it_breaks(settings, published):
    fill(
        settings,
        "b2",
        BEFORE,
        "alter table marts.dim_people drop column interaction_count",
        "alter table marts.dim_people add column since date",
    )
    diff = compared(settings)
    assert diff.is_breaking
    assert diff_lines(diff)[1:4] == [
        "Schema 1.0 -> 2.0: breaks readers, needs --accept-breaking",
        "  ! dim_people.interaction_count removed",
        "  + dim_people.since added (DATE)",
    ]
    assert diff.to_dict()["schema_changes"][0]["is_breaking"] is True


def test_two_revisions_are_compared_like_a_candidate(settings, published):
    fill(settings, "b2", AFTER, week=WEEK.shift(1))
    candidate = compared(settings).to_dict()
    put_out(settings, "b2", week=WEEK.shift(1), tables=TABLES, notes=NOTES)
    found = compare_revisions(*revisions(settings)).to_dict()
    assert found.pop("after") == "rev-0002"
    assert candidate.pop("after") == "what would be published"
    assert found == candidate


def test_changed_salt_is_said_and_no_key_is_told_as_a_change(settings, published):
    fill(settings, "b1", BEFORE)
    other = replace(settings, person_salt="saffron")
    told = compared(other)
    assert (told.is_rekeyed, told.tables) == (True, [])
    assert told.to_dict()["is_rekeyed"] is True
    keys, rows = diff_lines(told)[-2:]
    assert "HEARTSHARE_PERSON_SALT changed" in keys
    assert rows == "Rows: the same in every table, keys aside"
    put_out(other, "b1", tables=TABLES, notes=NOTES)
    assert compare_revisions(*revisions(settings)).is_rekeyed
    assert not compared(other).is_rekeyed


def test_comparing_changes_nothing(settings, published):
    fill(settings, "b2", AFTER)
    before = sorted(path.name for path in settings.published.rglob("*"))
    compared(settings)
    assert sorted(path.name for path in settings.published.rglob("*")) == before
    with open_writer(settings) as connection:
        assert connection.execute(
            "select count(*) from duckdb_tables() where table_name = 'candidate'"
        ).fetchall() == [(0,)]


def test_nothing_published_is_nothing_to_compare_with(settings):
    with pytest.raises(NothingToCompareError, match="no publication"):
        compared(settings)
