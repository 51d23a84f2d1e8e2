"""A whole run is shared out by files, in order, among as many as the machine bears."""

import os
from pathlib import Path
from types import SimpleNamespace

import pytest
import workers
from workers import FilesInOrder, count_workers

ROOT = Path(__file__).parents[2]


class Node:
    def __init__(self):
        self.given, self.shutting_down = [], False
        self.gateway = SimpleNamespace(id="gw0")

    def send_runtest_some(self, indices):
        self.given += indices

    def shutdown(self):
        self.shutting_down = True


@pytest.mark.parametrize(
    ("cores", "gigabytes", "expected"),
    [(1, 64, 0), (2, 24, 2), (16, 64, 16), (16, 32, 10), (4, 4, 0), (2, 2, 0)],
)
def test_there_is_a_worker_for_each_core_with_memory(
    monkeypatch, cores, gigabytes, expected
):
    sizes = {"SC_PAGE_SIZE": 4096, "SC_PHYS_PAGES": gigabytes * 2**18}
    monkeypatch.setattr(os, "sysconf", sizes.__getitem__)
    monkeypatch.setattr(os, "sched_getaffinity", lambda _: set(range(cores)))
    assert count_workers() == expected


def test_cores_are_counted_where_the_system_knows_no_affinity(monkeypatch):
    """macOS has no sched_getaffinity: every run of the tests ended there."""
    sizes = {"SC_PAGE_SIZE": 4096, "SC_PHYS_PAGES": 64 * 2**18}
    monkeypatch.setattr(os, "sysconf", sizes.__getitem__)
    monkeypatch.delattr(os, "sched_getaffinity", raising=False)
    monkeypatch.setattr(os, "cpu_count", lambda: 4)
    assert count_workers() == 4


def test_files_are_handed_out_whole_and_in_order(pytestconfig, monkeypatch):
    monkeypatch.setattr(workers, "_TOGETHER", {"d.py": "dear", "e.py": "dear"})
    monkeypatch.setattr(pytestconfig.option, "tx", ["2*popen"])
    monkeypatch.setattr(pytestconfig.option, "loadscopereorder", True)
    scheduler = FilesInOrder(pytestconfig)
    names = "a.py::1 b.py::1 b.py::2 b.py::3[x::y] c.py::1 d.py::1 e.py::1 f.py::1"
    first, second = nodes = Node(), Node()
    for node in nodes:
        scheduler.add_node(node)
    for node in nodes:
        scheduler.add_node_collection(node, names.split())
    scheduler.schedule()
    assert (first.given, second.given) == ([0, 4], [1, 2, 3])
    scheduler.mark_test_complete(first, 0)
    assert first.given == [0, 4, 5, 6]
    scheduler.mark_test_complete(second, 1)
    assert second.given == [1, 2, 3, 7]


def test_files_that_stay_together_are_there():
    assert [path for path in workers._TOGETHER if not (ROOT / path).is_file()] == []
