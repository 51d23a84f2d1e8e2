"""What is known about the dbt project without running dbt."""

import errno
import json
import logging
from dataclasses import replace
from types import SimpleNamespace

import pytest
from google.protobuf.timestamp_pb2 import Timestamp

from heartshare.errors import InputError
from heartshare.orchestration import dbt_runner
from heartshare.orchestration.dbt_runner import (
    BuildFailedError,
    MissingProjectError,
    _log_file,
    _logger,
    build_project,
    digest_project,
    made_tables,
    published_tables,
)
from heartshare.settings import Settings
from heartshare.warehouse.disk_space import DiskFullError


@pytest.fixture
def settings(tmp_path):
    (tmp_path / "project" / "models").mkdir(parents=True)
    (tmp_path / "project" / "dbt_project.yml").write_text("name: small")
    (tmp_path / "project" / "models" / "a.sql").write_text("select 1")
    return Settings.from_env(
        {
            "HEARTSHARE_HOME": str(tmp_path / "home"),
            "HEARTSHARE_DBT_PROJECT": str(tmp_path / "project"),
        }
    )


@pytest.mark.parametrize("name", ["models/a.sql", "models/b.sql", "seeds/a.csv"])
def test_digest_changes_with_every_rule(settings, name):
    before = digest_project(settings)
    path = settings.dbt_project / name
    path.parent.mkdir(exist_ok=True)
    path.write_text("select 2")
    assert digest_project(settings) != before


def test_digest_ignores_what_decides_nothing(settings):
    before = digest_project(settings)
    (settings.dbt_project / "target").mkdir()
    (settings.dbt_project / "target" / "manifest.json").write_text("{}")
    (settings.dbt_project / "README.md").write_text("words")
    assert digest_project(settings) == before


def test_missing_project_is_named(settings, tmp_path):
    with pytest.raises(MissingProjectError, match="HEARTSHARE_DBT_PROJECT"):
        digest_project(replace(settings, dbt_project=tmp_path / "nowhere"))


def node(name, *, publish, kind="model", enabled=True):
    return {
        "resource_type": kind,
        "schema": "marts",
        "alias": name,
        "config": {"enabled": enabled, "meta": {"publish": publish}},
    }


def test_tables_are_published_only_on_request(settings):
    nodes = [
        node("dim_posts", publish=True),
        node("dim_people", publish=False),
        node("a_test", publish=True, kind="test"),
        node("old", publish=True, enabled=False),
    ]
    target = settings.home / "dbt" / "target"
    target.mkdir(parents=True)
    manifest = {"nodes": {str(n): item for n, item in enumerate(nodes)}}
    (target / "manifest.json").write_text(json.dumps(manifest))
    assert published_tables(settings) == ["marts.dim_posts"]
    assert made_tables(settings) == ["marts.dim_people", "marts.dim_posts"]


def test_tables_of_a_project_that_was_never_built_are_unknown(settings):
    with pytest.raises(InputError, match="heartshare build"):
        published_tables(settings)


def test_failed_build_names_its_first_nodes_and_the_log(tmp_path):
    failures = [(f"model_{n}", "reason") for n in range(7)]
    error = BuildFailedError(failures, tmp_path / "dbt.log")
    assert "7 of its nodes: model_0: reason" in str(error)
    assert "(and 2 more)" in str(error)
    assert str(tmp_path / "dbt.log") in str(error)


class FullDisk:
    """What a log writes to on a disk without room."""

    def write(self, text):
        raise OSError(errno.ENOSPC, "No space left on device")

    def flush(self):
        pass


def built(monkeypatch, settings, answer):
    """Build a project of which dbt gives an answer."""
    monkeypatch.setattr(dbt_runner, "invoke_parsed", lambda *_, **__: answer)
    monkeypatch.setattr(dbt_runner, "_close_warehouse", lambda: None)
    return build_project(settings, {})


def failed(message):
    item = SimpleNamespace(
        node=SimpleNamespace(name="dim_people", unique_id="a", resource_type="model"),
        status="error",
        message=message,
    )
    return SimpleNamespace(result=SimpleNamespace(results=[item]), exception=None)


@pytest.mark.parametrize(
    "answer",
    [
        failed(f"{'a long statement ' * 40} No space left on device"),
        failed("failed to offload data block; set by 'max_temp_directory_size'"),
        SimpleNamespace(result=None, exception=OSError(errno.ENOSPC, "manifest")),
    ],
    ids=["a model", "no room to spill", "dbt's own files"],
)
def test_full_disk_in_dbt_names_the_disk_and_may_be_run_again(
    settings, monkeypatch, answer
):
    """It ended with exit code 3, or 1, and dbt's own words."""
    with pytest.raises(DiskFullError, match=r"MB free now\. Make room") as raised:
        built(monkeypatch, settings, answer)
    assert str(settings.warehouse) in str(raised.value)
    assert raised.value.exit_status == 5


def test_other_failures_of_dbt_are_named_as_before(settings, monkeypatch):
    with pytest.raises(BuildFailedError, match="dim_people: no such column"):
        built(monkeypatch, settings, failed("no such column"))


def test_log_on_a_full_disk_fills_no_terminal_with_its_own_failures(tmp_path, capsys):
    """One build printed 649 call stacks of its log."""
    log = dbt_runner._Log(tmp_path / "dbt.log", delay=True)
    log.stream = FullDisk()
    log.emit(logging.makeLogRecord({"msg": "no room"}))
    assert capsys.readouterr().err == ""


def event(level, message):
    moment = Timestamp(seconds=1_773_057_600)
    return SimpleNamespace(info=SimpleNamespace(level=level, msg=message, ts=moment))


def test_log_holds_what_happened_and_not_what_developers_of_dbt_want(tmp_path):
    path = tmp_path / "logs" / "dbt.log"
    for told in ("OK created model", "ERROR creating model"):
        with _log_file(path) as write:
            tell = _logger(write)
            tell(event("debug", "begin"))
            tell(event("info" if told.startswith("OK") else "error", told))
    assert path.read_text().splitlines() == [
        "2026-03-09 12:00:00 [info ] OK created model",
        "2026-03-09 12:00:00 [error] ERROR creating model",
    ]
