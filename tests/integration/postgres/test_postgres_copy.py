"""Readers of a real PostgreSQL see one revision or the next, and can only read."""

from contextlib import closing, contextmanager
from dataclasses import replace
from multiprocessing import get_context

import duckdb
import psycopg2
import pytest
from integration.postgres.copying_processes import (
    ENOUGH_READS,
    copy_and_die,
    read_marts,
)
from integration.postgres.server import READER
from unit.warehouse.publishing_processes import build_next
from unit.warehouse.small_marts import build, put_out

from heartshare.orchestration.steps.publishing import copy_to_postgres
from heartshare.warehouse.connections import open_writer
from heartshare.warehouse.dictionary import TableNotes
from heartshare.warehouse.postgres_copy import (
    PostgresAwayError,
    PostgresRefusedError,
    ReadersHoldError,
    copy_revision,
)
from heartshare.warehouse.revisions import current, roll_back

pytestmark = pytest.mark.integration

SWAPS = 30
SCHEMAS = "select nspname from pg_namespace where nspname like 'marts%' order by 1"
SEEN = "select revision from marts.published_revision"


def publish_next(settings, number, **more):
    build_next(settings, number)
    return put_out(settings, f"b{number}", **more)


def no_pause(_):
    """Do not wait between attempts to lock."""


def copy(settings, **more):
    return copy_revision(
        settings.postgres_copy, current(settings), reader=READER, **more
    )


@contextmanager
def session(server, name):
    with closing(psycopg2.connect(server.address(name))) as connection:
        yield connection.cursor()


def test_first_copy_holds_every_table_with_rows_types_and_descriptions(
    server, settings
):
    notes = {
        "dim_people": TableNotes("One row per person", {"person_key": "It's keyed"})
    }
    publish_next(settings, 1, notes=notes)
    done = copy_to_postgres(settings)
    assert (done.revision, done.is_new, done.tables) == ("rev-0002", True, 3)
    with duckdb.connect(str(current(settings).database), read_only=True) as marts:
        for table in ("dim_people", "rpt_weekly_scorecard", "dictionary"):
            ordered = f"select * from marts.{table} order by 1, 2, 3"
            ordered = ordered if table != "rpt_weekly_scorecard" else ordered[:-3]
            theirs = server.ask("person", ordered)
            assert sorted(theirs, key=repr) == sorted(
                marts.execute(f"select * from marts.{table}").fetchall(), key=repr
            )
    assert server.ask(
        "person",
        "select obj_description('marts.dim_people'::regclass), "
        "col_description('marts.dim_people'::regclass, 1)",
    ) == [("One row per person", "It's keyed")]
    assert server.ask(
        "person",
        "select revision, week_start::text, week_label, build_id, verdict, "
        "schema_version from marts.published_revision",
    ) == [("rev-0002", "2026-11-09", "2026-W46", "b1", "clean", "1.0")]


def test_every_type_null_and_text_survives(server, settings):
    build(settings, "b1")
    with open_writer(settings) as connection:
        connection.execute(
            "create or replace table marts.all_types as "
            "select * from (values "
            "('', null::double, true, date '2026-11-09', "
            " timestamp '2026-11-09 10:11:12.5', 1::bigint, 1::hugeint, "
            " 1.50::decimal(6,2), null::integer), "
            "(e'a,\"b\"\\nc\\\\N', 'nan'::double, null, null, null, "
            " 9223372036854775807, -3::hugeint, null, -1), "
            "(null, 0.1::double + 0.2::double, false, date '0099-01-01', "
            " timestamp '1969-12-31 23:59:59.999999', null, null, -0.01, 7)) "
            "as t(text, float, flag, day, moment, large, huge, fixed, small)"
        )
    put_out(settings, "b1", tables=["marts.all_types"], accepts_breaking=True)
    copy_to_postgres(settings)
    with duckdb.connect(str(current(settings).database), read_only=True) as marts:
        ours = marts.execute("select * from marts.all_types").fetchall()
    theirs = server.ask("person", "select * from marts.all_types")
    assert sorted(map(repr, theirs)) == sorted(repr(tuple(row)) for row in _plain(ours))


def _plain(rows):
    """Return rows with whole numbers as PostgreSQL's numeric says them."""
    from decimal import Decimal

    huge = 6
    return [
        [Decimal(v) if at == huge and v is not None else v for at, v in enumerate(row)]
        for row in rows
    ]


def test_same_revision_is_copied_once_and_the_one_before_stays(server, settings):
    assert copy(settings).is_new
    assert not copy(settings).is_new
    assert server.ask("writer", SCHEMAS) == [("marts",)]
    for number in (1, 2):
        publish_next(settings, number)
        assert copy(settings).is_new
    assert server.ask("writer", SCHEMAS) == [("marts",), ("marts_previous",)]
    assert server.ask("person", SEEN) == [("rev-0003",)]
    assert server.ask(
        "writer", "select revision from marts_previous.published_revision"
    ) == [("rev-0002",)]
    roll_back(settings, "rev-0001")
    assert copy(settings).is_new
    assert server.ask("person", SEEN) == [("rev-0001",)]


def test_previous_generation_goes_where_a_person_was_forgotten(server, settings):
    copy(settings)
    publish_next(settings, 1)
    copy(settings)
    assert not copy(settings, keeps_previous=False).is_new
    assert server.ask("writer", SCHEMAS) == [("marts",)]
    publish_next(settings, 2)
    assert copy(settings, keeps_previous=False).is_new
    assert server.ask("writer", SCHEMAS) == [("marts",)]


@pytest.mark.parametrize(
    "statement",
    [
        "insert into marts.dim_people values ('x', null, 1)",
        "update marts.dim_people set interaction_count = 0",
        "delete from marts.dim_people",
        "truncate marts.dim_people",
        "drop table marts.dim_people",
        "create table marts.mine (a int)",
        "alter schema marts rename to mine",
        "drop schema marts cascade",
        "comment on table marts.dim_people is 'mine'",
    ],
)
def test_reader_cannot_write(server, settings, statement):
    copy(settings)
    with pytest.raises(psycopg2.errors.InsufficientPrivilege):
        server.ask("person", statement)
    assert server.ask("person", "select count(*) from marts.dim_people") == [(5,)]


def test_reader_process_sees_whole_revisions_over_swaps(server, settings):
    copy(settings)
    context = get_context("spawn")
    stop = context.Event()
    here, there = context.Pipe(duplex=False)
    process = context.Process(
        target=read_marts, args=(server.address("person"), stop, there)
    )
    # The first revision has other figures: 0 to 5 in one table.
    publish_next(settings, 1)
    copy(settings)
    process.start()
    for number in range(2, SWAPS + 2):
        publish_next(settings, number)
        assert copy(settings).is_new
    stop.set()
    reads, names, problems = here.recv()
    process.join()
    assert problems == []
    assert reads >= ENOUGH_READS
    assert len(names) > 3


def test_open_transaction_keeps_its_revision_and_holds_up_the_swap(server, settings):
    copy(settings)
    publish_next(settings, 1)
    with session(server, "person") as reader:
        reader.execute("select count(*) from marts.dim_people")
        with pytest.raises(ReadersHoldError, match=r"process \d+ of person"):
            copy(settings, pause=no_pause)
        reader.execute(SEEN)
        assert reader.fetchall() == [("rev-0001",)]
    assert copy(settings).is_new
    assert server.ask("person", SEEN) == [("rev-0002",)]


def test_swap_goes_on_once_the_open_transaction_ends(server, settings):
    copy(settings)
    publish_next(settings, 1)
    with session(server, "person") as reader:
        reader.execute(SEEN)
        pauses = []

        def pause(seconds):
            pauses.append(seconds)
            reader.connection.commit()

        assert copy(settings, pause=pause).is_new
        assert len(pauses) == 1
        reader.execute(SEEN)
        assert reader.fetchall() == [("rev-0002",)]


def test_prepared_statement_of_a_long_session_sees_the_new_revision(server, settings):
    copy(settings)
    with session(server, "person") as reader:
        reader.connection.autocommit = True
        reader.execute(f"prepare seen as {SEEN}")
        reader.execute("execute seen")
        assert reader.fetchall() == [("rev-0001",)]
        publish_next(settings, 1)
        copy(settings)
        reader.execute("execute seen")
        assert reader.fetchall() == [("rev-0002",)]


@pytest.mark.parametrize("place", ["create_table", "_note_revision", "_grant", "_swap"])
def test_copy_killed_half_way_leaves_the_old_schema(server, settings, place):
    copy(settings)
    publish_next(settings, 1)
    context = get_context("spawn")
    process = context.Process(
        target=copy_and_die,
        args=(settings.postgres_copy, settings.home, READER, place),
    )
    process.start()
    process.join()
    assert process.exitcode == -9
    assert server.ask("person", SEEN) == [("rev-0001",)]
    assert server.ask("writer", SCHEMAS) == [("marts",)]
    assert copy(settings).is_new
    assert server.ask("person", SEEN) == [("rev-0002",)]


def test_foreign_schema_is_left_alone(server, settings):
    server.ask("writer", "create schema marts create table precious (a int)")
    with pytest.raises(PostgresRefusedError, match="not ours"):
        copy(settings)
    assert server.ask("writer", "select count(*) from marts.precious") == [(0,)]


def test_missing_role_and_server_are_told_without_the_password(server, settings):
    with pytest.raises(PostgresRefusedError, match="no role nobody"):
        copy_to_postgres(replace(settings, postgres_reader="nobody"))
    assert server.ask("writer", SCHEMAS) == []
    password = server.password("writer")
    for harm in (str(server.port), password):
        address = settings.postgres_copy.replace(harm, "1")
        with pytest.raises(PostgresAwayError) as away:
            copy_to_postgres(replace(settings, postgres_copy=address))
        assert password not in str(away.value)
