"""The compose file's own commands, on PostgreSQL, Redis and Celery, publish a week."""

import socket
from contextlib import closing

import pytest
from end_to_end.compose_processes import Topology, missing_programs

from heartshare.warehouse.revisions import check, current

BY_CLOCK = ("pull_exports", "watch_pipeline", "maintain_warehouse")


def free_ports(count):
    with closing(socket.socket()) as first:
        probes = [first, *(socket.socket() for _ in range(count - 1))]
        for probe in probes:
            probe.bind(("127.0.0.1", 0))
        ports = [probe.getsockname()[1] for probe in probes]
        for probe in probes[1:]:
            probe.close()
    return ports


@pytest.mark.topology
@pytest.mark.skipif(bool(missing_programs()), reason="needs PostgreSQL and Redis")
def test_dropped_export_is_published_by_celery_workers(
    settings, drop, wait_for, tmp_path, request
):
    if "topology" not in (request.config.getoption("-m") or ""):
        pytest.skip("runs on request: make test-topology")
    import psycopg2

    topology = Topology(tmp_path / "topology", free_ports(3), settings)

    def query(sql):
        with (
            closing(psycopg2.connect(topology.dsn)) as connection,
            connection.cursor() as cursor,
        ):
            cursor.execute(sql)
            return cursor.fetchall()

    def pause_what_starts_by_the_clock():
        with (
            closing(psycopg2.connect(topology.dsn)) as connection,
            connection,
            connection.cursor() as cursor,
        ):
            cursor.execute(
                "update dag set is_paused = true where dag_id in %s", (BY_CLOCK,)
            )
            return cursor.rowcount == len(BY_CLOCK)

    def known():
        return query("select dag_id, task_id, state, queue from task_instance")

    def revision(name):
        return lambda: (seen := current(settings)) and seen.name == name and seen

    with topology.running() as processes:
        wait_for(
            pause_what_starts_by_the_clock,
            seconds=300,
            explain=lambda: topology.folder,
        )
        drop(settings, 100, day=16)
        wait_for(revision("rev-0001"), seconds=400, explain=known)
        drop(settings, 200, day=18)
        second = wait_for(revision("rev-0002"), seconds=400, explain=known)
        queues = dict(
            query(
                "select task_id, min(queue) from task_instance "
                "where state = 'success' group by 1"
            )
        )
        roles = query("select name from ab_role order by 1")
        ended = [name for name, one in processes.items() if one.poll() is not None]
    assert ended == []
    check(second)
    assert second.manifest()["week_label"] == "2026-W46"
    assert queues["build_models"] == queues["publish_marts"] == "duckdb"
    assert queues["pull_source"] == "default"
    assert ("Admin",) in roles
