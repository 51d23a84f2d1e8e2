"""Does the dbt project build, and do its rows depend on nothing but the exports?

One small history of the demo organisation is landed once; the whole project is built
on it twice. Between the builds every raw table is stored in another order and loses
what was exported after the week's as-of: both must leave every row as it was.
"""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import duckdb
import pytest
from warehouse.dbt_builds import AS_OF, WEEK, Build, rows_by_table, run_dbt

from heartshare.demo.organisation import write_history
from heartshare.exports.landing import land_file, load_landing
from heartshare.exports.raw_tables import create_raw_tables, text_columns
from heartshare.listening.score_tables import create_score_tables
from heartshare.listening.scoring import score_new_texts

if TYPE_CHECKING:
    from pathlib import Path

LANDED_UNTIL = WEEK.shift(1)

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("warehouse")


@pytest.fixture(scope="module")
def warehouse(home: Path) -> Path:
    """A warehouse with six landed weeks, the last of them after the as-of."""
    inbox, landing, path = home / "inbox", home / "landing", home / "warehouse.duckdb"
    for file in write_history(inbox, until=LANDED_UNTIL):
        modified = datetime.fromtimestamp(file.stat().st_mtime, UTC)
        land_file(file, file.parent.name, landing, modified)
    with duckdb.connect(str(path)) as connection:
        connection.execute("set TimeZone = 'UTC'")
        load_landing(connection, landing)
        columns = [(f"raw.{table}", column) for table, column in text_columns()]
        score_new_texts(connection, columns, character_limit=5000)
    return path


@pytest.fixture(scope="module")
def first_build(home: Path, warehouse: Path) -> Build:
    return run_dbt(home, warehouse, "build", "--selector", "weekly")


@pytest.fixture(scope="module")
def manifest(home: Path, first_build: Build) -> dict[str, Any]:
    assert first_build.statuses
    return json.loads((home / "target" / "manifest.json").read_text())


def test_every_model_and_data_test_passes(first_build: Build) -> None:
    assert first_build.failures() == {}
    assert "model.heartshare.fct_interactions" in first_build.statuses


def test_every_unit_test_of_the_models_passes(
    home: Path, warehouse: Path, first_build: Build
) -> None:
    assert first_build.failures() == {}
    units = run_dbt(home, warehouse, "test", "--select", "test_type:unit")
    assert units.failures() == {}
    assert len(units.statuses) >= 20


def test_rows_depend_neither_on_row_order_nor_on_later_exports(
    home: Path, warehouse: Path, first_build: Build
) -> None:
    assert first_build.failures() == {}
    before = rows_by_table(warehouse)
    assert {"fct_interactions", "agg_weekly_dialogue"} <= {name for _, name in before}
    with duckdb.connect(str(warehouse)) as connection:
        forget_what_came_later(connection)
        turn_raw_tables_over(connection)
    again = run_dbt(home, warehouse, "build", "--selector", "weekly")
    assert again.failures() == {}
    after = rows_by_table(warehouse)
    assert after.keys() == before.keys()
    assert [name for name in before if before[name] != after[name]] == []


def test_the_marts_hold_the_landed_turns_and_no_others(
    warehouse: Path, first_build: Build
) -> None:
    assert first_build.failures() == {}
    with duckdb.connect(str(warehouse), read_only=True) as connection:
        built = connection.execute(
            "select count(*) from marts.fct_interactions where platform_code = 'reddit'"
        ).fetchone()
        # Midnight in Dublin is midnight UTC in winter.
        landed = connection.execute(
            f"""
            select count(distinct fullname) from (
                select fullname, created_at, _exported_at, author_name, body_text
                from raw.reddit__comments
                union all
                select fullname, created_at, _exported_at, author_name, body_text
                from raw.reddit__submissions
            ) where _exported_at < '{AS_OF}' and created_at < '2026-03-02'
                and not (author_name = '[deleted]' and body_text = '[deleted]')
            """
        ).fetchone()
    assert built == landed
    assert built is not None
    assert built[0] > 50


def test_only_staging_reads_sources_and_each_source_has_one_staging_model(
    manifest: dict[str, Any],
) -> None:
    readers: dict[str, list[str]] = {name: [] for name in manifest["sources"]}
    for node in manifest["nodes"].values():
        if node["resource_type"] == "model":
            for parent in node["depends_on"]["nodes"]:
                if parent in readers:
                    readers[parent].append(node["name"])
    for source, models in readers.items():
        own = [name for name in models if name == staging_name(manifest, source)]
        others = set(models) - set(own)
        assert len(own) == 1, source
        # The books of landing are staged by file; lineage counts what staging drops.
        assert all(
            name.startswith("stg_landing__") or name == "audit_lineage"
            for name in others
        ), source


def test_published_models_hold_no_text_and_name_nobody(
    manifest: dict[str, Any],
) -> None:
    published = [
        node
        for node in manifest["nodes"].values()
        if node["resource_type"] == "model"
        and node["config"]["meta"].get("publish") is True
    ]
    assert len(published) >= 10
    personal = {"account_id", "username", "display_name", "first_name", "email"}
    for node in published:
        assert node["schema"] in {"marts", "reports"}, node["name"]
        assert node["columns"], node["name"]
        assert not personal & node["columns"].keys(), node["name"]
        assert "full_text" not in node["columns"], node["name"]


def test_every_mart_says_who_owns_it_and_what_a_row_is(
    manifest: dict[str, Any],
) -> None:
    for node in manifest["nodes"].values():
        if node["resource_type"] == "model":
            meta = node["config"]["meta"]
            assert meta.get("owner"), node["name"]
            assert meta.get("grain"), node["name"]
            assert node["description"].startswith("One row"), node["name"]


def test_an_empty_warehouse_builds_to_empty_marts(tmp_path: Path) -> None:
    path = tmp_path / "warehouse.duckdb"
    with duckdb.connect(str(path)) as connection:
        create_raw_tables(connection)
        create_score_tables(connection)
    build = run_dbt(tmp_path, path, "build", "--selector", "weekly")
    assert {
        node: message
        for node, message in build.failures().items()
        if build.statuses[node] != "warn"
    } == {}
    # Without exports no metric can be computed, and exactly that is said.
    assert [
        node.split(".")[-1]
        for node, status in build.statuses.items()
        if status == "warn"
    ] == ["assert_every_registered_metric_is_computed"]
    with duckdb.connect(str(path), read_only=True) as connection:
        weeks = connection.execute("select * from marts.dim_weeks").fetchall()
        turns = connection.execute("from marts.fct_interactions").fetchall()
    assert weeks == [(WEEK.monday, WEEK.label)]
    assert turns == []


def forget_what_came_later(connection: duckdb.DuckDBPyConnection) -> None:
    for table in raw_tables(connection):
        if table.startswith("printed_") or table == "redacted_files":
            continue
        if table == "unchanged_exports":
            connection.execute(f"delete from raw.{table} where seen_at >= '{AS_OF}'")
        elif table in {"export_tables", "rejected_rows", "export_totals"}:
            connection.execute(
                f"delete from raw.{table} where file_sha256 in (select file_sha256 "
                f"from raw.export_manifest where exported_at >= '{AS_OF}')"
            )
        elif table != "export_manifest" and not table.startswith("listening__"):
            connection.execute(
                f"delete from raw.{table} where _exported_at >= '{AS_OF}'"
            )
    deleted = connection.execute(
        f"delete from raw.export_manifest where exported_at >= '{AS_OF}' "
        "returning file_sha256"
    ).fetchall()
    assert deleted


def turn_raw_tables_over(connection: duckdb.DuckDBPyConnection) -> None:
    for table in raw_tables(connection):
        connection.execute(
            f"create or replace temp table shuffled as select * from raw.{table} as r "
            "order by md5(cast(r as varchar)) desc"
        )
        connection.execute(f"delete from raw.{table}")
        connection.execute(f"insert into raw.{table} select * from shuffled")


def raw_tables(connection: duckdb.DuckDBPyConnection) -> list[str]:
    return [
        name
        for (name,) in connection.execute(
            "select table_name from information_schema.tables "
            "where table_schema = 'raw' order by all"
        ).fetchall()
    ]


def staging_name(manifest: dict[str, Any], source: str) -> str:
    entry = manifest["sources"][source]
    return f"stg_{entry['source_name']}__{entry['name']}"
