"""A person leaves the warehouse file and every published revision."""

import hashlib
from datetime import UTC, datetime

import duckdb
import pytest

from heartshare.settings import Settings
from heartshare.warehouse.builds import close_build, latest_build, open_build
from heartshare.warehouse.connections import open_writer
from heartshare.warehouse.forgetting import (
    forget_in_revisions,
    published_keys,
    rewrite_warehouse,
)
from heartshare.warehouse.publication import publish
from heartshare.warehouse.revisions import check, current, revisions
from heartshare.weeks import ReportingWeek

WEEK = ReportingWeek.parse("2026-W46")
MARLA, OTTO = "marla", "otto"
TABLES = [f"marts.{name}" for name in ("dim_people", "fct_interactions", "fct_moves")]


@pytest.fixture
def settings(tmp_path):
    home = {"HEARTSHARE_HOME": str(tmp_path), "HEARTSHARE_PERSON_SALT": "pepper"}
    return Settings.from_env(home)


def keyed(key):
    return hashlib.sha256(f"pepper|{key}".encode()).hexdigest()[:32]


@pytest.fixture
def two_revisions(settings):
    for number in (1, 2):
        build_id = f"build-{number}"
        with open_writer(settings) as connection:
            open_build(connection, WEEK, build_id, datetime(2026, 11, 23, tzinfo=UTC))
            connection.execute("create schema if not exists marts")
            connection.execute("create schema if not exists raw")
            connection.execute(
                "create or replace table raw.reddit__comments as "
                "select 'a word of marla' as body_text"
            )
            connection.execute(
                "create or replace table marts.dim_people as "
                "select unnest(['marla', 'otto']) as person_key"
            )
            connection.execute(
                "create or replace table marts.fct_interactions as select * from "
                "(values ('act-1', 'marla', null), ('act-2', 'otto', 'marla')) "
                "as t(interaction_key, person_key, parent_person_key)"
            )
            connection.execute(
                "create or replace table marts.fct_moves as "
                "select 'otto' as person_key, 'act-1,act-2' as evidence_keys"
            )
            close_build(connection, build_id)
        publish(
            settings,
            week=WEEK,
            build_id=build_id,
            verdict={"week": WEEK.label, "build_id": build_id, "verdict": "clean"},
            tables=TABLES,
            inputs=[],
        )
    return settings


def test_published_keys_are_those_of_publications(settings):
    assert published_keys(settings, [MARLA]) == [keyed(MARLA)]


def read(revision, query):
    with duckdb.connect(str(revision.database), read_only=True) as connection:
        return connection.execute(query).fetchall()


def test_the_persons_rows_and_links_to_them_go_from_every_revision(two_revisions):
    forget_in_revisions(two_revisions, [keyed(MARLA)], "e1")
    kept = revisions(two_revisions)
    assert [revision.name for revision in kept] == ["rev-0001", "rev-0003"]
    for revision in kept:
        check(revision)
        assert revision.manifest()["erasures"] == ["e1"]
        assert revision.manifest()["tables"]["dim_people"]["rows"] == 1
        people = read(revision, "select person_key from marts.dim_people")
        assert people == [(keyed(OTTO),)]
        acts = read(revision, "select * from marts.fct_interactions")
        assert acts == [(keyed("act-2"), keyed(OTTO), None)]
        moves = read(revision, "select evidence_keys from marts.fct_moves")
        assert moves == [(keyed("act-2"),)]
        parquet = revision.path / "parquet" / "fct_interactions.parquet"
        assert len(duckdb.sql(f"from '{parquet}'").fetchall()) == 1


def test_no_published_byte_holds_the_key(two_revisions):
    forget_in_revisions(two_revisions, [keyed(MARLA)], "e1")
    for path in two_revisions.published.rglob("*"):
        if path.is_file():
            assert keyed(MARLA).encode() not in path.read_bytes(), path


def test_readers_are_led_to_the_new_revision(two_revisions):
    forget_in_revisions(two_revisions, [keyed(MARLA)], "e1")
    assert current(two_revisions).name == "rev-0003"


def test_the_second_time_changes_nothing(two_revisions):
    forget_in_revisions(two_revisions, [keyed(MARLA)], "e1")
    assert forget_in_revisions(two_revisions, [keyed(MARLA)], "e1") == []
    assert current(two_revisions).name == "rev-0003"


def test_a_person_without_acts_goes_too(two_revisions):
    forget_in_revisions(two_revisions, ["nobody"], "e2")
    assert len(read(current(two_revisions), "from marts.dim_people")) == 2


def test_the_warehouse_keeps_raw_tables_alone_and_no_deleted_bytes(two_revisions):
    with open_writer(two_revisions) as connection:
        connection.execute("delete from raw.reddit__comments")
    rewrite_warehouse(two_revisions)
    assert b"a word of marla" not in two_revisions.warehouse.read_bytes()
    with open_writer(two_revisions) as connection:
        schemas = connection.execute(
            "select distinct schema_name from duckdb_tables() order by 1"
        ).fetchall()
        assert schemas == [("meta",), ("raw",)]
        assert latest_build(connection) is None
