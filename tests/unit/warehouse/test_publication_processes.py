"""Real processes die at every step of a publication, and others read meanwhile."""

import os
import random
from contextlib import contextmanager
from pathlib import Path

import pytest
from unit.warehouse.publishing_processes import (
    ENOUGH_READS,
    build_next,
    memory_folder,
    processes,
    read_digests,
    read_figures,
    repeat_and_publish,
)
from unit.warehouse.small_marts import build, marts_settings, put_out

from heartshare.warehouse.revisions import check, current, revisions, roll_back

ROUNDS = 100
FEWEST_MOMENTS = 20
SWAPS = 200
EVERY_TENTH = 10


@pytest.fixture
def settings():
    with memory_folder() as folder:
        yield marts_settings(folder)


@contextmanager
def reading(settings, count, target):
    """Let processes read; yield the list that will hold what each has to say."""
    context, told, started = processes(), [], []
    stop = context.Event()
    for _ in range(count):
        here, there = context.Pipe(duplex=False)
        process = context.Process(target=target, args=(settings.home, stop, there))
        process.start()
        started.append((process, here))
    try:
        yield told
    finally:
        stop.set()
        for process, line in started:
            told.append(line.recv())
            process.join()


def publish_and_die(settings, number, *, last=None, moment=None):
    """Let a process publish until a step or a moment; return its end and its steps."""
    context = processes()
    here, there = context.Pipe(duplex=False)
    process = context.Process(
        target=repeat_and_publish, args=(settings.home, number, last, there)
    )
    process.start()
    there.close()
    assert here.recv() == "ready"
    process.join(moment)
    process.kill()
    process.join()
    return process.exitcode, here.recv() if process.exitcode == 0 else None


def test_publication_killed_at_every_step_leaves_a_whole_revision(settings):
    """A hundred rounds or more; each begins by repeating what the last one left."""
    build(settings, "b0")
    status, steps = publish_and_die(settings, 1)
    assert status == 0
    assert {"fsync", "rename", "replace", "symlink", "write half"} <= set(steps)
    moments = random.Random(14)
    deaths = [{"last": step} for step in range(1, len(steps) + 1)]
    while len(deaths) < ROUNDS or len(deaths) < len(steps) + FEWEST_MOMENTS:
        deaths.append({"moment": moments.uniform(0, 0.25)})
    killed = 0
    with reading(settings, 1, read_digests) as told:
        for number, death in enumerate(deaths, start=2):
            status, _ = publish_and_die(settings, number, **death)
            assert status == -9 if "last" in death else status in {0, -9}
            killed += status == -9
            seen = current(settings)
            check(seen)
            assert seen.manifest()["build_id"] in {f"b{number - 1}", f"b{number}"}
    [(reads, names, problems)] = told
    assert problems == []
    assert killed >= len(steps)
    assert reads > ROUNDS
    assert len(names) > ROUNDS // 2


def test_two_processes_read_over_two_hundred_swaps(settings):
    build(settings, "b0")
    for number in range(4):
        build_next(settings, number)
        put_out(settings, f"b{number}")
    order = random.Random(14)
    with reading(settings, 2, read_figures) as told:
        for swap in range(SWAPS):
            if swap % EVERY_TENTH == 0:
                number = 4 + swap // EVERY_TENTH
                build_next(settings, number)
                assert put_out(settings, f"b{number}").is_new
            else:
                known = [each.name for each in revisions(settings)]
                known.remove(current(settings).name)
                assert roll_back(settings, order.choice(known[-4:])).is_new
    assert [problems for _, _, problems in told] == [[], []]
    assert all(reads >= ENOUGH_READS for reads, _, _ in told)
    assert all(len(names) > 3 for _, names, _ in told)


def test_files_folder_name_and_link_reach_the_disk_in_that_order(tmp_path, monkeypatch):
    """Durable before it has its name, and the name before the link leads to it."""
    settings = marts_settings(tmp_path / "home")
    build(settings, "b0")
    calls = record_calls(monkeypatch)
    revision = put_out(settings, "b0")
    home, published = settings.home, settings.published
    hidden = published / ".tmp-rev-0001"

    def place(*call):
        assert calls.count(call) == 1, call
        return calls.index(call)

    def syncs(path):
        return [at for at, call in enumerate(calls) if call == ("fsync", str(path))]

    named = place("rename", str(hidden), str(revision.path))
    linked = place("replace", str(published / ".tmp-link"), str(published / "current"))
    files = [*revision.manifest()["files"], "manifest.json"]
    assert len(files) > 6
    for name in files:
        closed = place("chmod", str(hidden / name))
        [synced] = syncs(hidden / name)
        [folder_synced] = syncs((hidden / name).parent)
        assert closed < synced < folder_synced < named
    assert syncs(hidden / "parquet") < syncs(hidden)
    assert place("mkdir", str(published)) < syncs(home)[0] < named
    after_name, after_link = syncs(published)
    assert named < after_name < linked < after_link


def record_calls(monkeypatch):
    calls = []

    def recorded(name, original):
        def call(*arguments, **keywords):
            paths = [one for one in arguments if isinstance(one, str | os.PathLike)]
            if name == "fsync":
                paths = [Path(f"/proc/self/fd/{arguments[0]}").readlink()]
            calls.append((name, *map(str, paths)))
            return original(*arguments, **keywords)

        return call

    for name in ("mkdir", "chmod", "fsync", "rename", "replace"):
        monkeypatch.setattr(os, name, recorded(name, getattr(os, name)))
    return calls
