"""What readers see, from a shell: list, compare, go back."""

import json

import pytest
from click.testing import CliRunner
from unit.warehouse.small_marts import WEEK, build, marts_settings, put_out

from heartshare.cli.program import commands
from heartshare.errors import InputError
from heartshare.orchestration.steps.publishing import NoPostgresError
from heartshare.warehouse.revisions import (
    DamagedRevisionError,
    UnknownRevisionError,
    current,
)


@pytest.fixture
def settings(tmp_path, monkeypatch):
    monkeypatch.setenv("HEARTSHARE_HOME", str(tmp_path))
    monkeypatch.setenv("HEARTSHARE_PERSON_SALT", "pepper")
    monkeypatch.delenv("HEARTSHARE_POSTGRES_COPY", raising=False)
    settings = marts_settings(tmp_path)
    for number in (1, 2):
        build(settings, f"b{number}", people=number, week=WEEK.shift(number))
        put_out(settings, f"b{number}", week=WEEK.shift(number))
    return settings


def run(*arguments):
    return CliRunner().invoke(commands, ["publish", *arguments])


def test_revisions_are_listed_compared_and_rolled_back(settings):
    listed = run("--list", "--json")
    assert listed.exit_code == 0, listed.output
    assert [(row["name"], row["is_current"]) for row in json.loads(listed.stdout)] == [
        ("rev-0001", False),
        ("rev-0002", True),
    ]
    assert run("--list").stdout.splitlines()[2].endswith("current")
    told = run("--diff", "rev-0001", "rev-0002").stdout
    assert told.splitlines()[0].startswith("rev-0001 (week of 2026-11-16) -> rev-0002")
    found = json.loads(run("--diff", "rev-0001", "rev-0002", "--json").stdout)
    assert [table["table"] for table in found["tables"]] == [
        "dim_people",
        "rpt_weekly_scorecard",
    ]
    assert run("--roll-back", "rev-0001").exit_code == 0
    assert current(settings).name == "rev-0001"


@pytest.mark.parametrize(
    ("arguments", "error"),
    [
        (("--roll-back", "rev-0009"), UnknownRevisionError),
        (("--diff", "rev-0001", "rev-0009"), UnknownRevisionError),
        (("--diff",), InputError),
        (("--to-postgres",), NoPostgresError),
    ],
    ids=["roll back", "compare", "marts never built", "no database"],
)
def test_error_names_what_is_missing(settings, arguments, error):
    result = run(*arguments)
    assert isinstance(result.exception, error)
    assert result.exception.exit_status == 3


def test_empty_name_is_no_publication(settings):
    """A script whose variable is empty asks for a roll-back all the same."""
    result = run("--roll-back", "")
    assert isinstance(result.exception, UnknownRevisionError)
    assert current(settings).name == "rev-0002"


@pytest.mark.parametrize(
    "text", ["", "[]", "{}", '{"revision": "rev-0001"}', "null", "{"], ids=repr
)
def test_damaged_manifest_is_listed_and_named(settings, text):
    manifest = settings.published / "rev-0001" / "manifest.json"
    manifest.chmod(0o644)
    manifest.write_text(text)
    listed = run("--list")
    assert listed.exit_code == 0, listed.output
    assert "DAMAGED: manifest.json" in listed.stdout.splitlines()[1]
    for arguments in (("--roll-back", "rev-0001"), ("--diff", "rev-0001", "rev-0002")):
        error = run(*arguments).exception
        assert isinstance(error, DamagedRevisionError)
        assert "rev-0001/manifest.json" in str(error)
    build(settings, "b3", week=WEEK.shift(3))
    assert put_out(settings, "b3", week=WEEK.shift(3)).name == "rev-0003"


def test_revision_without_its_database_is_named(settings):
    (settings.published / "rev-0001" / "heartshare.duckdb").unlink()
    error = run("--diff", "rev-0001", "rev-0002").exception
    assert isinstance(error, DamagedRevisionError)
    assert "rev-0001/heartshare.duckdb is gone" in str(error)


@pytest.mark.parametrize(
    "arguments",
    [
        ("--diff", "--list"),
        ("--diff", "rev-0001"),
        ("rev-0001", "rev-0002"),
        ("--json",),
        ("--to-postgres", "--roll-back", "rev-0001"),
        ("--diff", "--roll-back", ""),
        ("--list", "--accept-breaking"),
        ("--roll-back", "rev-0001", "--week", "2026-W46"),
    ],
    ids=" ".join,
)
def test_options_that_do_not_go_together_are_refused(arguments):
    assert run(*arguments).exit_code == 2
