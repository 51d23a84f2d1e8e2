"""Is a project parsed once, and again as soon as anything about it changed?"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import duckdb
import pytest
from warehouse.dbt_builds import SMALL_PROFILE, run_dbt

from heartshare.orchestration import dbt_manifest
from heartshare.orchestration.dbt_manifest import parsing_key, recall_manifest

if TYPE_CHECKING:
    from pathlib import Path

MODEL = "select date '{{ var(\"week\") }}' as week_start, 1 as figure"


@pytest.fixture
def project(tmp_path: Path) -> Path:
    folder = tmp_path / "project"
    (folder / "models").mkdir(parents=True)
    (folder / "dbt_project.yml").write_text(
        "name: small\nprofile: small\nvars: {week: null}\n"
        "models: {small: {+materialized: table}}\n"
    )
    (folder / "profiles.yml").write_text(SMALL_PROFILE)
    (folder / "models" / "weekly.sql").write_text(MODEL)
    return folder


@pytest.fixture(autouse=True)
def nothing_in_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dbt_manifest, "_in_memory", {})


def built(home: Path, project: Path, week: str) -> tuple[str, int]:
    warehouse = home / "warehouse.duckdb"
    assert not run_dbt(home, warehouse, "run", week=week, project=project).failures()
    with duckdb.connect(str(warehouse), read_only=True) as connection:
        row = connection.execute("select week_start, figure from main.weekly")
        week_start, figure = row.fetchall()[0]
    return str(week_start), figure


def test_another_week_is_built_from_what_was_parsed(tmp_path, project):
    assert built(tmp_path, project, "2026-11-02") == ("2026-11-02", 1)
    parsed = tmp_path / "target" / "partial_parse.msgpack"
    parsed.unlink()
    assert built(tmp_path, project, "2026-11-09") == ("2026-11-09", 1)
    assert not parsed.exists()  # dbt writes it when it parses


def test_another_process_reads_what_was_kept(tmp_path, project, monkeypatch):
    built(tmp_path, project, "2026-11-02")
    monkeypatch.setattr(dbt_manifest, "_in_memory", {})
    key = parsing_key(project, tmp_path / "warehouse.duckdb")
    assert recall_manifest(tmp_path / "target", key) is not None


def test_a_changed_model_is_parsed_anew(tmp_path, project):
    built(tmp_path, project, "2026-11-02")
    (project / "models" / "weekly.sql").write_text(MODEL.replace("1 as", "2 as"))
    assert built(tmp_path, project, "2026-11-02") == ("2026-11-02", 2)
    assert len(list((tmp_path / "target").glob("parsed-*"))) == 1


def test_a_damaged_manifest_is_parsed_anew(tmp_path, project, monkeypatch):
    built(tmp_path, project, "2026-11-02")
    monkeypatch.setattr(dbt_manifest, "_in_memory", {})
    kept = next((tmp_path / "target").glob("parsed-*"))
    kept.write_bytes(b"\x00 not a manifest")
    assert built(tmp_path, project, "2026-11-09") == ("2026-11-09", 1)


def test_a_fresh_target_folder_gets_its_manifest(tmp_path, project):
    built(tmp_path / "first", project, "2026-11-02")
    built(tmp_path / "second", project, "2026-11-02")
    written = json.loads((tmp_path / "second/target/manifest.json").read_text())
    assert "model.small.weekly" in written["nodes"]
