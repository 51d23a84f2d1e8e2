"""An export dropped into the inbox becomes a published revision; nobody does anything.

Airflow's own processes run here: api-server, scheduler, dag-processor and triggerer.
"""

import os
import signal
import sqlite3
import subprocess
import sys
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from heartshare.orchestration.metadata import (
    airflow_home,
    migrate,
    run_airflow,
)
from heartshare.orchestration.services import service_variables
from heartshare.warehouse.revisions import check, current

#: These start by the clock; the test shows what a dropped file starts.
BY_CLOCK = "pull_exports|watch_pipeline|maintain_warehouse|publish_weekly_report"


@contextmanager
def heartshare_up(settings, port, log):
    """Run the command that a person runs, and stop it as an init system does."""
    with log.open("wb") as file:
        process = subprocess.Popen(
            [sys.executable, "-m", "heartshare.cli", "up", "--port", str(port)],
            stdout=file,
            stderr=subprocess.STDOUT,
        )
    try:
        yield process
    finally:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(240)
        except subprocess.TimeoutExpired:
            process.kill()
            raise


def children(parent):
    """Return the processes that a process has started."""
    found = []
    for entry in os.scandir("/proc"):
        if entry.name.isdigit():
            try:
                stat = Path(entry, "stat").read_text()
                fields = stat.rpartition(")")[2].split()
            except OSError:
                continue
            if int(fields[1]) == parent and fields[0] != "Z":
                found.append(int(entry.name))
    return found


def is_alive(pid):
    try:
        stat = Path(f"/proc/{pid}/stat").read_text()
        return stat.rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def query(home, sql):
    with closing(sqlite3.connect(f"file:{home.database}?mode=ro", uri=True)) as base:
        return base.execute(sql).fetchall()


@pytest.mark.slow
def test_dropped_export_is_published_by_itself(
    settings, port, drop, wait_for, tmp_path
):
    home = airflow_home(settings, "services")
    variables = service_variables(home, port)
    migrate(home, variables)
    run_airflow(["dags", "reserialize"], variables)
    run_airflow(
        ["dags", "pause", "--treat-dag-id-as-regex", "--yes", f"^({BY_CLOCK})$"],
        variables,
    )
    log = tmp_path / "up.log"

    def known():
        states = query(
            home, "select dag_id, task_id, state from task_instance order by 1, 2"
        )
        return f"{states}\n{log.read_text()[-2000:]}"

    def revision(name):
        return lambda: (seen := current(settings)) and seen.name == name and seen

    with heartshare_up(settings, port, log) as process:
        wait_for(
            lambda: "Airflow is ready" in log.read_text() or process.poll(),
            seconds=300,
            explain=known,
        )
        services = children(process.pid)
        assert len(services) == 4, log.read_text()

        drop(settings, 100, day=16)
        first = wait_for(revision("rev-0001"), seconds=300, explain=known)
        drop(settings, 200, day=18)
        second = wait_for(revision("rev-0002"), seconds=300, explain=known)

        runs = wait_for(
            lambda: query(
                home,
                "select partition_key from dag_run where dag_id = 'build_marts' "
                "group by 1 having count(*) = 2 and min(state) = 'success' "
                "and max(state) = 'success'",
            ),
            seconds=60,
            explain=known,
        )
    assert runs == [("2026-11-09",)]
    assert process.returncode == 0, log.read_text()
    assert not [pid for pid in services if is_alive(pid)]
    assert len(first.manifest()["inputs"]) == 1
    assert len(second.manifest()["inputs"]) == 2
    assert second.manifest()["week_label"] == "2026-W46"
    check(second)
    assert not (settings.inbox / "_READY").exists()
