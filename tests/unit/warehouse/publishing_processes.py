"""Processes that publish and die, or read while others publish."""

import multiprocessing
import os
import pathlib
import signal
import sys
import tempfile
from contextlib import contextmanager
from datetime import UTC, datetime
from multiprocessing import forkserver
from pathlib import Path

import duckdb
import pytest
from unit.warehouse.small_marts import WEEK, marts_settings, put_out

from heartshare.warehouse import publication
from heartshare.warehouse.builds import close_build, open_build
from heartshare.warehouse.connections import open_writer
from heartshare.warehouse.revisions import check, current, digest_of

#: Calls that change names, modes or durability of files.
FILE_CALLS = (
    "mkdir",
    "fsync",
    "rename",
    "replace",
    "symlink",
    "chmod",
    "unlink",
    "rmdir",
    "utime",
)
ENOUGH_READS = 25


def processes():
    """Return a way to start processes that have imported everything beforehand.

    The server that they are forked from takes its path from the environment only.
    """
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["unit.warehouse.publishing_processes"])
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PYTHONPATH", os.pathsep.join(sys.path))
        forkserver.ensure_running()
    return context


@contextmanager
def memory_folder():
    """Lend a folder in memory, where there is one: a kill loses no written byte."""
    where = "/dev/shm" if Path("/dev/shm").is_dir() else None
    with tempfile.TemporaryDirectory(prefix="heartshare-", dir=where) as folder:
        yield Path(folder)


class Steps:
    """Counts the steps of a publication and ends the process at one of them."""

    def __init__(self, last=None):
        self.last = last
        self.names = []

    def take(self, name):
        self.names.append(name)
        if len(self.names) == self.last:
            os.kill(os.getpid(), signal.SIGKILL)

    def watch(self):
        for name in FILE_CALLS:
            setattr(os, name, self._counted(name, getattr(os, name)))
        write, opened = pathlib.Path.write_text, publication.open_writer

        def torn(path, text, *arguments, **keywords):
            self.take("write nothing")
            write(path, text[: len(text) // 2], *arguments, **keywords)
            self.take("write half")
            return write(path, text, *arguments, **keywords)

        @contextmanager
        def watched(settings, **keywords):
            with opened(settings, **keywords) as connection:
                yield WatchedConnection(connection, self)

        pathlib.Path.write_text = torn
        publication.open_writer = watched

    def _counted(self, name, original):
        def call(*arguments, **keywords):
            self.take(name)
            return original(*arguments, **keywords)

        return call


class WatchedConnection:
    """A connection whose statements are steps."""

    def __init__(self, connection, steps):
        self._connection = connection
        self._steps = steps

    def execute(self, sql, *values):
        self._steps.take(sql.split("(")[0][:40])
        return self._connection.execute(sql, *values)


def build_next(settings, number):
    """Give the marts another build, with the number in both tables."""
    with open_writer(settings) as connection:
        open_build(connection, WEEK, f"b{number}", datetime(2026, 11, 23, tzinfo=UTC))
        connection.execute(
            f"update reports.rpt_weekly_scorecard set value = {number}.5"
        )
        connection.execute(f"update marts.dim_people set interaction_count = {number}")
        close_build(connection, f"b{number}")


def repeat_and_publish(home, number, last, line):
    """Repeat the publication that died, then start the next one and die at a step."""
    settings = marts_settings(home)
    put_out(settings, f"b{number - 1}")
    seen = current(settings)
    check(seen)
    assert seen.manifest()["build_id"] == f"b{number - 1}"
    assert not list(settings.published.glob(".tmp-*"))
    build_next(settings, number)
    steps = Steps(last)
    steps.watch()
    line.send("ready")
    put_out(settings, f"b{number}")
    line.send(steps.names)


def read_digests(home, stop, line):
    """Hold what readers see against its manifest until told to stop."""
    settings = marts_settings(home)
    names, problems, reads = set(), [], 0
    while not stop.wait(0.002):
        try:
            seen = current(settings)
            check(seen)
            names.add(seen.name)
        except Exception as error:
            problems.append(repr(error))
        reads += 1
    line.send((reads, sorted(names), problems))


def read_figures(home, stop, line):
    """Read a revision through database and Parquet until told to stop."""
    settings = marts_settings(home)
    names, problems, reads = set(), [], 0
    while not stop.is_set() or reads < ENOUGH_READS:
        try:
            names.add(read_one(current(settings)))
        except Exception as error:
            problems.append(repr(error))
        reads += 1
    line.send((reads, sorted(names), problems))


def read_one(seen):
    """Query a revision twice; every answer must be of the same publication."""
    manifest = seen.manifest()
    number = float(manifest["build_id"].removeprefix("b"))
    people = "select min(interaction_count), max(interaction_count) from "
    score = "select value - 0.5 from "
    with duckdb.connect(str(seen.database), read_only=True) as connection:

        def answer(sql):
            return {
                float(one) for row in connection.execute(sql).fetchall() for one in row
            }

        answers = [
            answer(people + "heartshare.marts.dim_people"),
            answer(score + f"'{seen.path}/parquet/rpt_weekly_scorecard.parquet'"),
            answer(score + "heartshare.marts.rpt_weekly_scorecard"),
            answer(people + f"'{seen.path}/parquet/dim_people.parquet'"),
            answer(people + "heartshare.marts.dim_people"),
        ]
    assert answers == [{number}] * 5, (seen.name, number, answers)
    for name, digest in manifest["files"].items():
        assert digest_of(seen.path / name) == digest, (seen.name, name)
    assert manifest["revision"] == seen.name
    return seen.name
