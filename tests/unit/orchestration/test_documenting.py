"""Definitions take the place of older ones only when dbt wrote a whole page."""

import json
import subprocess
from datetime import UTC, datetime
from types import SimpleNamespace

import pytest
from click.testing import CliRunner

from heartshare.cli.program import commands
from heartshare.orchestration.steps import documenting
from heartshare.orchestration.steps.documenting import (
    DefinitionsFailedError,
    NotBuiltError,
    document_marts,
)
from heartshare.settings import Settings
from heartshare.warehouse.builds import close_build, open_build
from heartshare.warehouse.connections import open_writer
from heartshare.weeks import ReportingWeek

WEEK = ReportingWeek.parse("2026-W46")
AS_OF = datetime(2026, 11, 23, tzinfo=UTC)


@pytest.fixture
def settings(tmp_path):
    """Give the settings of a home that carries a build, in a project behind a link."""
    project = tmp_path / "clone" / "dbt_project"
    project.mkdir(parents=True)
    (tmp_path / "current").symlink_to(project.parent)
    made = Settings.from_env(
        {
            "HEARTSHARE_HOME": str(tmp_path / "home"),
            "HEARTSHARE_DBT_PROJECT": str(tmp_path / "current" / "dbt_project"),
            "HEARTSHARE_TIMEZONE": "Europe/Dublin",
        }
    )
    made.make_home()
    with open_writer(made) as connection:
        open_build(connection, WEEK, "build-1", AS_OF)
        close_build(connection, "build-1")
    manifest = made.home / "dbt" / "target" / "manifest.json"
    manifest.parent.mkdir(parents=True)
    manifest.write_text('{"of": "the build"}')
    return made


@pytest.fixture
def dbt(settings, monkeypatch):
    """Stand in for dbt: note how it was called, then write a page or fail."""
    told = SimpleNamespace(page="", status=0, calls=[])

    def run(command, **options):
        told.calls.append((command, options["env"]))
        options["stdout"].write(b"what dbt said")
        target = settings.home / "dbt" / "docs" / "target"
        assert json.loads((target / "manifest.json").read_text()) == {"of": "the build"}
        if told.page:
            (target / "static_index.html").write_text(told.page, encoding="utf-8")
        return subprocess.CompletedProcess(command, told.status)

    monkeypatch.setattr(documenting.subprocess, "run", run)
    return told


def test_page_names_no_folder_of_this_machine(settings, dbt, tmp_path):
    places = (settings.dbt_project, settings.dbt_project.resolve(), settings.home)
    dbt.page = "".join(f"<p>{place}/models/a.sql</p>" for place in places)

    page = document_marts(settings)

    assert page == settings.archive / "definitions.html"
    text = page.read_text(encoding="utf-8")
    assert str(tmp_path) not in text
    assert text.count("dbt_project/models/a.sql") == 2
    assert 'href="definitions.html"' in (settings.archive / "index.html").read_text()


def test_dbt_is_asked_for_the_week_and_zone_of_the_build(settings, dbt):
    dbt.page = "<p>page</p>"
    document_marts(settings)

    ((command, environment),) = dbt.calls
    variables = json.loads(command[command.index("--vars") + 1])
    assert variables == {"week": "2026-11-09", "timezone": "Europe/Dublin"}
    assert "--no-compile" in command
    assert environment["HEARTSHARE_WAREHOUSE"] == str(settings.warehouse)
    assert environment["DBT_SEND_ANONYMOUS_USAGE_STATS"] == "false"


@pytest.mark.parametrize(
    ("page", "status"), [("<p>half</p>", 2), ("", 0)], ids=["fails", "writes no page"]
)
def test_page_of_before_stays_when_dbt_gives_up(settings, dbt, page, status):
    settings.archive.mkdir(parents=True, exist_ok=True)
    (settings.archive / "definitions.html").write_text("before")
    dbt.page, dbt.status = page, status

    with pytest.raises(DefinitionsFailedError, match=r"Log: .*output\.log") as end:
        document_marts(settings)

    log = settings.home / "dbt" / "docs" / "output.log"
    assert str(log) in str(end.value)
    assert log.read_text() == "what dbt said"
    assert (settings.archive / "definitions.html").read_text() == "before"
    with open_writer(settings):
        pass  # the warehouse is let go


def test_page_of_an_earlier_call_is_not_taken_for_this_one(settings, dbt):
    dbt.page = "<p>first</p>"
    document_marts(settings)
    dbt.page = ""

    with pytest.raises(DefinitionsFailedError):
        document_marts(settings)


def test_models_are_shown_with_the_sql_that_the_build_ran(tmp_path):
    node = {
        "resource_type": "model",
        "package_name": "heartshare",
        "original_file_path": "models/a.sql",
        "compiled_code": "select 'the week of an earlier build'",
    }
    never_built = {**node, "original_file_path": "models/b.sql"}
    manifest = tmp_path / "manifest.json"
    manifest.write_text(json.dumps({"nodes": {"a": node, "b": never_built}}))
    compiled = tmp_path / "compiled" / "heartshare" / "models" / "a.sql"
    compiled.parent.mkdir(parents=True)
    compiled.write_text("select 'this week'")
    documenting._copy_compiled(manifest, tmp_path / "copy.json")
    copied = json.loads((tmp_path / "copy.json").read_text())["nodes"]
    assert copied["a"]["compiled_code"] == "select 'this week'"
    assert copied["b"] == never_built


def test_build_without_a_manifest_cannot_be_documented(settings, dbt):
    (settings.home / "dbt" / "target" / "manifest.json").unlink()
    with pytest.raises(NotBuiltError, match="heartshare build"):
        document_marts(settings)
    assert dbt.calls == []


def test_command_says_where_the_page_is_and_takes_no_check(settings, dbt, monkeypatch):
    dbt.page = "<p>page</p>"
    monkeypatch.setenv("HEARTSHARE_HOME", str(settings.home))
    monkeypatch.setenv("HEARTSHARE_DBT_PROJECT", str(settings.dbt_project))

    done = CliRunner().invoke(commands, ["docs", "--dbt"])
    assert done.exit_code == 0, done.output
    assert "definitions.html" in done.output

    refused = CliRunner().invoke(commands, ["docs", "--dbt", "--check"])
    assert refused.exit_code == 2
    assert "--dbt writes to the archive" in refused.output
