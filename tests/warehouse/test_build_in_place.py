"""Does a model take the place of what was there, also when its kind has changed?"""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import duckdb
import pytest
from warehouse.dbt_builds import PROJECT, SMALL_PROFILE, run_dbt

if TYPE_CHECKING:
    from pathlib import Path

NOTES = """
models:
  - name: weekly
    config: {contract: {enforced: true}}
    columns:
      - name: figure
        data_type: integer
        constraints: [{type: not_null}]
"""


@pytest.fixture
def project(tmp_path: Path) -> Path:
    folder = tmp_path / "project"
    (folder / "models").mkdir(parents=True)
    (folder / "macros").mkdir()
    shutil.copy(PROJECT / "macros" / "build_in_place.sql", folder / "macros")
    (folder / "dbt_project.yml").write_text("name: small\nprofile: small\n")
    (folder / "profiles.yml").write_text(SMALL_PROFILE)
    (folder / "models" / "weekly.yml").write_text(NOTES)
    return folder


def test_model_replaces_what_was_there(tmp_path, project):
    warehouse = tmp_path / "warehouse.duckdb"

    def built(kind, sql):
        model = f"{{{{ config(materialized='{kind}') }}}} {sql}"
        (project / "models" / "weekly.sql").write_text(model)
        failed = run_dbt(tmp_path, warehouse, "run", project=project).failures()
        with duckdb.connect(str(warehouse), read_only=True) as connection:
            found = connection.execute(
                "select table_name, table_type, figure "
                "from information_schema.tables, main.weekly"
            ).fetchall()
        return found, bool(failed)

    table, view = ("weekly", "BASE TABLE"), ("weekly", "VIEW")
    assert built("table", "select 1 as figure") == ([(*table, 1)], False)
    assert built("table", "select 2 as figure") == ([(*table, 2)], False)
    assert built("view", "select 3 as figure") == ([(*view, 3)], False)
    assert built("view", "select 4 as figure") == ([(*view, 4)], False)
    assert built("table", "select 5 as figure") == ([(*table, 5)], False)
    # What cannot be built, or breaks its contract, leaves the last rows in place.
    assert built("table", "select 'a' as figure") == ([(*table, 5)], True)
    assert built("table", "select cast(null as int) as figure") == ([(*table, 5)], True)
    assert built("table", "select 6 as figure, 7 as more") == ([(*table, 5)], True)
    assert built("view", "select 8 as another") == ([(*table, 5)], True)
    assert built("view", "select cast(a as int) as figure from b") == (
        [(*table, 5)],
        True,
    )
    assert built("view", "select 9 as figure") == ([(*view, 9)], False)
    assert built("table", "select cast(null as int) as figure") == ([(*view, 9)], True)
