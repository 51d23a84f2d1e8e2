"""One writer at a time; readers change nothing."""

import logging
import subprocess
import sys

import duckdb
import pytest
from filelock import FileLock

from heartshare.settings import Settings
from heartshare.warehouse import connections
from heartshare.warehouse.connections import (
    WarehouseBusyError,
    WarehouseDamagedError,
    WarehouseMissingError,
    open_reader,
    open_writer,
)
from heartshare.warehouse.disk_space import DiskFullError

#: What DuckDB says where a commit finds no room.
FULL = 'Failed to commit: Could not write file "a.wal": No space left on device'


@pytest.fixture
def settings(tmp_path):
    return Settings.from_env({"HEARTSHARE_HOME": str(tmp_path / "home")})


def test_writer_creates_the_warehouse_in_utc(settings):
    with open_writer(settings) as connection:
        connection.execute("create table t as select 1 as n")
        zone = connection.execute("select current_setting('TimeZone')").fetchone()
    assert zone == ("UTC",)
    with open_reader(settings.warehouse) as connection:
        assert connection.execute("select n from t").fetchall() == [(1,)]


def test_reader_cannot_write(settings):
    with open_writer(settings) as connection:
        connection.execute("create table t as select 1 as n")
    with (
        open_reader(settings.warehouse) as connection,
        pytest.raises(duckdb.InvalidInputException),
    ):
        connection.execute("delete from t")


def test_second_writer_is_told_to_wait(settings):
    settings.home.mkdir(parents=True)
    with (
        FileLock(settings.home / "warehouse.lock"),
        pytest.raises(WarehouseBusyError, match="Only one step may write"),
        open_writer(settings),
    ):
        pass


def test_who_waits_for_the_warehouse_is_told(settings, monkeypatch, caplog):
    monkeypatch.setattr(connections, "_SILENT_SECONDS", 0.01)
    settings.home.mkdir(parents=True)
    with (
        caplog.at_level(logging.INFO),
        FileLock(settings.home / "warehouse.lock"),
        pytest.raises(WarehouseBusyError),
        open_writer(settings, wait_seconds=0.02),
    ):
        pass
    assert "Another step holds" in caplog.text
    assert "waiting for its end" in caplog.text


def break_off_commit(connection):
    """Fail as a commit does that the disk refused: it cannot be rolled back either."""
    try:
        raise duckdb.TransactionException(FULL)
    except duckdb.Error:
        connection.execute("rollback")


def test_full_disk_is_no_fault_of_heartshare(settings):
    with pytest.raises(DiskFullError, match="Make room"), open_writer(settings) as each:
        break_off_commit(each)
    assert DiskFullError.exit_status == 5


def test_lock_is_free_again_after_a_failure(settings):
    message = "a step failed"
    with pytest.raises(ValueError, match=message), open_writer(settings):
        raise ValueError(message)
    with open_writer(settings) as connection:
        assert connection.execute("select 1").fetchone() == (1,)


def test_database_held_by_another_process_is_busy(settings):
    settings.home.mkdir(parents=True)
    code = (
        "import duckdb, sys; connection = duckdb.connect(sys.argv[1]); "
        "print('held', flush=True); sys.stdin.read()"
    )
    command = [sys.executable, "-c", code, str(settings.warehouse)]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as holder:
        assert holder.stdout.readline() == b"held\n"
        with pytest.raises(WarehouseBusyError), open_writer(settings):
            pass
        holder.communicate(b"")


def test_missing_database_is_named(tmp_path):
    with (
        pytest.raises(WarehouseMissingError, match="heartshare land"),
        open_reader(tmp_path / "none.duckdb"),
    ):
        pass


def test_file_that_is_no_database_is_named(settings):
    settings.home.mkdir(parents=True)
    settings.warehouse.write_bytes(b"not a database" * 1000)
    with (
        pytest.raises(WarehouseDamagedError, match="Move it away"),
        open_writer(settings),
    ):
        pass
