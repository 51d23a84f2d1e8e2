"""What is on disk, and what is wrong with it."""

import shutil

import pytest
from unit.warehouse.small_marts import WEEK, build, marts_settings, put_out

from heartshare.warehouse.revision_listing import list_revisions, listing
from heartshare.warehouse.revisions import roll_back


@pytest.fixture
def settings(tmp_path):
    settings = marts_settings(tmp_path)
    for number in (1, 2):
        build(settings, f"b{number}", people=number, week=WEEK.shift(number))
        put_out(settings, f"b{number}", week=WEEK.shift(number))
    return settings


def test_every_revision_is_listed_with_week_verdict_and_size(settings):
    roll_back(settings, "rev-0001")
    first, second = list_revisions(settings)
    assert (first.name, first.week_label, first.is_current) == (
        "rev-0001",
        "2026-W47",
        True,
    )
    assert (second.verdict, second.schema_version, second.table_count) == (
        "clean",
        "1.0",
        3,
    )
    assert first.size_bytes == sum(
        path.stat().st_size
        for path in (settings.published / "rev-0001").rglob("*")
        if path.is_file()
    )
    header, line, _ = listing([first, second])
    assert header.split() == ["revision", "week", "verdict", "schema", "tables", "size"]
    assert line.endswith("MiB  current")


def test_damage_is_named(settings):
    (settings.published / "rev-0001" / "manifest.json").unlink()
    (settings.published / "rev-0002" / "parquet" / "dim_people.parquet").unlink()
    first, second = list_revisions(settings)
    assert first.problem == "manifest.json is gone or cannot be read"
    assert second.problem == "parquet/dim_people.parquet is gone"
    assert listing([first, second])[2].endswith(
        "current; DAMAGED: parquet/dim_people.parquet is gone"
    )


def test_current_revision_without_a_folder_is_listed(settings):
    shutil.rmtree(settings.published / "rev-0002")
    names = [(each.name, each.is_current) for each in list_revisions(settings)]
    assert names == [("rev-0001", False), ("rev-0002", True)]


def test_nothing_published_is_a_sentence(tmp_path):
    assert listing(list_revisions(marts_settings(tmp_path / "empty"))) == [
        "Nothing was ever published. Run `heartshare publish`."
    ]
