"""What no model makes any more goes; what dbt does not own stays."""

import pytest

from heartshare.settings import Settings
from heartshare.warehouse.connections import open_writer
from heartshare.warehouse.orphans import drop_orphans

MADE = ["intermediate.int_texts__read", "marts.dim_people", "staging.stg_x__posts"]


@pytest.fixture
def connection(tmp_path):
    settings = Settings.from_env({"HEARTSHARE_HOME": str(tmp_path)})
    with open_writer(settings) as opened:
        for name in (
            *MADE,
            "marts.dim_Former",
            "raw.x__posts",
            "meta.gate_findings",
            "analyst.own",
        ):
            opened.execute(f"create schema if not exists {name.partition('.')[0]}")
            opened.execute(f"create table {name} as select 1 as n")
        opened.execute("create view staging.stg_gone as from marts.dim_Former")
        opened.execute("create view analyst.seen as from marts.dim_people")
        opened.execute("create temp table candidate as select 1 as n")
        yield opened


def names(connection):
    rows = connection.execute(
        "select schema_name || '.' || table_name from duckdb_tables() union all "
        "select schema_name || '.' || view_name from duckdb_views() where not internal"
    ).fetchall()
    return {name for (name,) in rows}


def test_tables_of_models_that_are_gone_do_not_stay_for_ever(connection):
    dropped = drop_orphans(connection, MADE)
    assert dropped == ["marts.dim_Former", "staging.stg_gone"]
    assert drop_orphans(connection, MADE) == []


def test_landing_gate_history_and_schemas_of_others_are_never_touched(connection):
    """Not even where a model should ever be written beside landed rows."""
    drop_orphans(connection, [*MADE, "raw.x__made"])
    kept = {"raw.x__posts", "meta.gate_findings", "analyst.own", "analyst.seen"}
    assert names(connection) == {*MADE, *kept, "main.candidate"}


def test_a_model_is_known_however_its_name_is_written(connection):
    assert "marts.dim_Former" not in drop_orphans(
        connection, [*MADE, "Marts.DIM_FORMER"]
    )


def test_name_that_holds_a_quotation_mark_does_not_end_every_build(connection):
    connection.execute('create table marts."of ""May""" as select 1 as n')
    assert 'marts.of "May"' in drop_orphans(connection, MADE)
    assert names(connection).isdisjoint({'marts.of "May"'})
