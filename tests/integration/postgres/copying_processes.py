"""Processes that read PostgreSQL over swaps, or die in the middle of a copy."""

import os
import signal
from contextlib import closing

import psycopg2
from unit.warehouse.small_marts import marts_settings

from heartshare.warehouse import postgres_copy
from heartshare.warehouse.postgres_copy import copy_revision
from heartshare.warehouse.revisions import current

ENOUGH_READS = 20


def read_marts(address, stop, line):
    """Read one revision per transaction, table after table, until told to stop."""
    names, problems, reads = set(), [], 0
    with closing(psycopg2.connect(address)) as connection:
        while not stop.is_set() or reads < ENOUGH_READS:
            try:
                with connection, connection.cursor() as cursor:
                    names.add(read_one(cursor))
            except Exception as error:
                problems.append(repr(error))
            reads += 1
    line.send((reads, sorted(names), problems))


def read_one(cursor):
    """Query three tables; all must be of the same publication."""

    def answer(sql):
        cursor.execute(sql)
        return cursor.fetchall()

    [(name, build_id)] = answer(
        "select revision, build_id from marts.published_revision"
    )
    number = int(build_id.removeprefix("b"))
    people = answer(
        "select min(interaction_count), max(interaction_count), count(*) "
        "from marts.dim_people"
    )
    score = answer("select value from marts.rpt_weekly_scorecard")
    again = answer("select revision from marts.published_revision")
    found = (people, score, again)
    assert found == ([(number, number, 5)], [(number + 0.5,)], [(name,)]), (name, found)
    return name


def copy_and_die(address, home, reader, place):
    """Copy the current revision and die by SIGKILL where ``place`` says."""
    original = getattr(postgres_copy, place)

    def dying(*arguments, **keywords):
        result = original(*arguments, **keywords)
        if place != "create_table" or "dim_people" in arguments:
            os.kill(os.getpid(), signal.SIGKILL)
        return result

    setattr(postgres_copy, place, dying)
    copy_revision(address, current(marts_settings(home)), reader=reader)
