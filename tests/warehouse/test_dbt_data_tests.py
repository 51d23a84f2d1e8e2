"""Do kept data tests find in a later build what dbt would have found?"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from warehouse.dbt_builds import SMALL_PROFILE

from heartshare.errors import HeartshareError
from heartshare.orchestration import dbt_manifest
from heartshare.orchestration.dbt_runner import BuildFailedError, build_project
from heartshare.settings import Settings

if TYPE_CHECKING:
    from pathlib import Path

# Twice the same figure in one week alone.
MODEL = """
select 1 as figure
union all
select case '{{ var("week") }}' when 'twice' then 1 else 2 end
"""
NOTES = """
models:
  - name: weekly
    columns:
      - name: figure
        data_tests: [unique, not_null]
"""


@pytest.fixture
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    monkeypatch.setattr(dbt_manifest, "_in_memory", {})
    folder = tmp_path / "project"
    (folder / "models").mkdir(parents=True)
    (folder / "tests").mkdir()
    (folder / "dbt_project.yml").write_text(
        "name: small\nprofile: small\nvars: {week: null}\n"
    )
    (folder / "profiles.yml").write_text(SMALL_PROFILE)
    (folder / "models" / "weekly.sql").write_text(MODEL)
    (folder / "models" / "weekly.yml").write_text(NOTES)
    (folder / "tests" / "assert_week.sql").write_text(
        "select * from {{ ref('weekly') }} where '{{ var(\"week\") }}' = 'wrong'"
    )
    made = Settings.from_env(
        {
            "HEARTSHARE_HOME": str(tmp_path / "home"),
            "HEARTSHARE_DBT_PROJECT": str(folder),
        }
    )
    made.make_home()
    return made


def test_later_builds_ask_what_the_first_has_worded(settings):
    target = settings.home / "dbt" / "target"
    first = build_project(settings, {"week": "first"})
    assert (first.nodes, first.passed) == (4, 4)
    assert {json.loads(p.read_text())[0]["name"] for p in target.glob("tests-*")}

    told = []
    again = build_project(settings, {"week": "again"}, lambda *item: told.append(item))
    assert (again.nodes, again.passed) == (4, 4)
    assert [(place, total) for _, place, total in told] == [(n, 4) for n in range(1, 5)]
    assert {name for name, _, _ in told} >= {"unique_weekly_figure", "assert_week"}

    for week, broken in (
        ("twice", "unique_weekly_figure"),
        ("wrong", "assert_week"),
    ):
        with pytest.raises(BuildFailedError) as failed:
            build_project(settings, {"week": week})
        assert failed.value.nodes == (broken,)
    log = (settings.home / "dbt" / "logs" / "dbt.log").read_text()
    assert "FAIL unique_weekly_figure: Got 1 result, configured to fail" in log
    assert "PASS 2 generic data tests" in log

    # A project of another wording is worded again, by dbt.
    model = settings.dbt_project / "models" / "weekly.yml"
    model.write_text(NOTES.replace("[unique, not_null]", "[not_null]"))
    assert build_project(settings, {"week": "twice"}).nodes == 3
    assert len(list(target.glob("tests-*"))) == 1


def test_another_wording_of_a_test_is_asked(settings):
    build_project(settings, {"week": "first"})
    test = settings.dbt_project / "tests" / "assert_week.sql"
    test.write_text("select * from {{ ref('weekly') }}")
    with pytest.raises(BuildFailedError) as failed:
        build_project(settings, {"week": "first"})
    assert failed.value.nodes == ("assert_week",)


def test_a_project_that_cannot_be_parsed_is_not_built_as_it_was_before(settings):
    build_project(settings, {"week": "first"})
    (settings.dbt_project / "models" / "weekly.sql").write_text("select {{ nonsense")
    for _ in range(2):
        with pytest.raises(HeartshareError, match="unexpected end of template"):
            build_project(settings, {"week": "first"})
    assert not list((settings.home / "dbt" / "target").glob("parsed-*"))
