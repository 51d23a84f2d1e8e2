"""The record of runs: what counts as one, and that the warehouse holds the same."""

import json
from datetime import datetime

import duckdb
import pytest
from unit.quality.gate_records import WEEK, write_run

from heartshare.orchestration.steps.judging import note_history
from heartshare.orchestration.steps.maintaining import back_up_warehouse
from heartshare.quality.history import DamagedRecordError, read_runs, run_row
from heartshare.settings import Settings
from heartshare.warehouse.connections import open_memory, open_reader, open_writer
from heartshare.warehouse.forgetting import rewrite_warehouse
from heartshare.warehouse.gate_history import note_runs


@pytest.fixture
def settings(tmp_path):
    return Settings.from_env({"HEARTSHARE_HOME": str(tmp_path)})


def noted(connection):
    return connection.execute(
        "select week_start::varchar, run_number, build_id, verdict_code, check_code, "
        "state_code, offending_count, waived_by, waiver_reason from meta.gate_runs "
        "join meta.gate_findings using (run_key) order by 1, 2, position_number"
    ).fetchall()


def test_runs_come_in_order_of_week_and_number(tmp_path):
    write_run(tmp_path, WEEK, 10, "b3", totals__match="p")
    write_run(tmp_path, WEEK, 9, "b2", totals__match="f")
    write_run(tmp_path, WEEK.shift(-1), 1, "b1", totals__match="p")
    (tmp_path / WEEK.label / "run-0011").mkdir()  # died before its verdict
    runs = read_runs(tmp_path)
    assert [(run.week.label, run.number) for run in runs] == [
        ("2026-W45", 1),
        ("2026-W46", 9),
        ("2026-W46", 10),
    ]
    assert runs[-1].judged_at.isoformat() == "2026-11-16T06:00:00+00:00"
    assert [run.week for run in read_runs(tmp_path, until=WEEK.shift(-1))] == [
        WEEK.shift(-1)
    ]


def test_run_that_repeats_the_one_before_it_says_nothing_new(tmp_path):
    write_run(tmp_path, WEEK, 1, totals__match="f")
    write_run(tmp_path, WEEK, 2, totals__match="f", hour=7)
    write_run(tmp_path, WEEK, 3, totals__match="w")
    write_run(tmp_path, WEEK, 4, totals__match="f")
    assert [run.number for run in read_runs(tmp_path)] == [1, 3, 4]


def test_run_that_saw_more_rows_in_a_passed_check_says_nothing_new(tmp_path):
    """The history is published too: judging again once made another publication."""
    write_run(tmp_path, WEEK, 1, text__seen="p")
    folder = write_run(tmp_path, WEEK, 2, text__seen="p")
    stored = (folder / "verdict.json").read_text()
    assert "0 offending rows" in stored
    (folder / "verdict.json").write_text(
        stored.replace("0 offending rows", "2,918 rows")
    )
    assert [run.number for run in read_runs(tmp_path)] == [1]


def test_record_from_before_times_were_kept_is_read(tmp_path):
    folder = write_run(tmp_path, WEEK, 1, totals__match="f")
    stored = json.loads((folder / "verdict.json").read_text())
    del stored["judged_at"], stored["as_of"]
    for outcome in stored["outcomes"]:
        del outcome["offending"]
    (folder / "verdict.json").write_text(json.dumps(stored))
    (run,) = read_runs(tmp_path)
    assert (run.judged_at, run.as_of) == (None, None)
    assert run_row(run).findings[0].offending_count is None


@pytest.mark.parametrize("text", ["", "[]", '{"week": "2026-11-09"}'])
def test_record_that_cannot_be_read_is_named(tmp_path, text):
    folder = write_run(tmp_path, WEEK, 1, totals__match="p")
    (folder / "verdict.json").write_text(text)
    with pytest.raises(DamagedRecordError, match=r"run-0001/verdict\.json"):
        read_runs(tmp_path)


def test_warehouse_notes_each_run_once(settings):
    write_run(settings.gate, WEEK, 1, "b1", totals__match="f", volume__usual="p")
    assert (note_history(settings), note_history(settings)) == (1, 0)
    write_run(settings.gate, WEEK, 2, "b1", totals__match="w", volume__usual="p")
    assert note_history(settings) == 1
    with open_reader(settings.warehouse) as connection:
        rows = noted(connection)
        times = connection.execute(
            "select distinct judged_at, as_of from meta.gate_runs"
        ).fetchall()
    week = "2026-11-09"
    assert rows == [
        (week, 1, "b1", "blocked", "totals.match", "failed", 3, None, None),
        (week, 1, "b1", "blocked", "volume.usual", "passed", 0, None, None),
        (
            *(week, 2, "b1", "published_with_notes", "totals.match", "waived", 3),
            *("Aoife Byrne", "The platform was down."),
        ),
        (
            week,
            2,
            "b1",
            "published_with_notes",
            "volume.usual",
            "passed",
            0,
            None,
            None,
        ),
    ]
    assert times == [(datetime(2026, 11, 16, 6), datetime(2026, 11, 16, 6))]  # noqa: DTZ001 the warehouse is naive


def test_lost_warehouse_gets_its_history_back(settings):
    for number, end in enumerate("fwp", start=1):
        write_run(settings.gate, WEEK, number, f"b{number}", totals__match=end)
        note_history(settings)
    with open_reader(settings.warehouse) as connection:
        before = noted(connection)
    settings.warehouse.unlink()
    assert note_history(settings) == 3
    with open_reader(settings.warehouse) as connection:
        assert noted(connection) == before


def test_history_outlives_models_and_forgetting(settings):
    write_run(settings.gate, WEEK, 1, totals__match="f")
    note_history(settings)
    with open_writer(settings) as connection:
        connection.execute("create schema marts; create table marts.x as select 1")
        before = noted(connection)
    rewrite_warehouse(settings)
    with open_reader(settings.warehouse) as connection:
        assert noted(connection) == before


def test_backup_holds_the_history(settings):
    write_run(settings.gate, WEEK, 1, totals__match="w")
    note_history(settings)
    copy = back_up_warehouse(settings, "2026-11-16")
    with open_reader(settings.warehouse) as connection:
        before = noted(connection)
    with open_reader(copy) as connection:
        assert noted(connection) == before != []


def test_damaged_record_leaves_a_hole_and_no_more(settings, caplog):
    folder = write_run(settings.gate, WEEK.shift(-1), 1, totals__match="f")
    write_run(settings.gate, WEEK, 1, totals__match="f")
    (folder / "verdict.json").write_text("{")
    assert note_history(settings) == 1
    assert "2026-W45/run-0001/verdict.json cannot be read" in caplog.text


def test_run_is_noted_whole_or_not_at_all(settings):
    write_run(settings.gate, WEEK, 1, totals__match="f")
    rows = [run_row(run) for run in read_runs(settings.gate)]
    twice = rows[0].__class__(
        **{**vars(rows[0]), "findings": (*rows[0].findings, *rows[0].findings)}
    )
    with open_memory() as connection:
        with pytest.raises(duckdb.ConstraintException):
            note_runs(connection, [twice])
        count = connection.execute("select count(*) from meta.gate_runs").fetchall()
    assert count == [(0,)]
