"""The DAG files load quickly, say what they do, and name pools, tags and schedules."""

import ast
import inspect
import re
import subprocess
import sys
from pathlib import Path
from unittest.mock import patch

import pytest

ROOT = Path(__file__).parents[2]
FILES = sorted((ROOT / "dags").glob("*.py"))
NAMES = [path.stem for path in FILES]


def test_every_file_loads_and_holds_the_dag_it_is_named_after(bag):
    assert bag.import_errors == {}
    assert sorted(bag.dags) == NAMES


@pytest.mark.parametrize("name", NAMES)
def test_dag_bears_one_layer_and_one_tier(bag, name):
    from heartshare.orchestration.defaults import Tag

    tags = {Tag(tag) for tag in bag.dags[name].tags}
    kinds = sorted(tag.value.partition(":")[0] for tag in tags)
    assert kinds == ["layer", "tier"]


@pytest.mark.parametrize("path", FILES, ids=NAMES)
def test_docstring_is_the_manual(bag, path):
    text = ast.get_docstring(ast.parse(path.read_text()))
    assert bag.dags[path.stem].doc_md.strip() == text
    for line in ("Reads   ", "Writes  ", "If red  "):
        assert f"\n{line}" in text
    page, _, anchor = re.search(r"If red  (\S+)", text)[1].partition("#")
    headings = re.findall(r"^## (.+)$", (ROOT / page).read_text(), flags=re.M)
    assert anchor in {heading.lower().replace(" ", "-") for heading in headings}


def opens_warehouse(task):
    """Whether the step that a task runs opens or locks the warehouse."""
    module = inspect.getmodule(task.operator_class if task.is_mapped else type(task))
    steps = [
        value
        for value in vars(module).values()
        if inspect.isfunction(value) and ".steps." in value.__module__
    ]
    used = inspect.getsource(module)
    return any(
        re.search(r"open_writer|hold_warehouse", inspect.getsource(step))
        for step in steps
        if f"{step.__name__}(" in used
    )


@pytest.mark.parametrize("name", NAMES)
def test_tasks_that_open_the_warehouse_share_one_slot_and_one_queue(bag, name):
    for task in bag.dags[name].tasks:
        if opens_warehouse(task) and task.task_type != "AnnounceWeekOperator":
            assert (task.pool, task.queue) == ("duckdb_writer", "duckdb"), task.task_id


def test_the_rule_about_writers_finds_the_writers(bag):
    found = {
        task.task_id
        for dag in bag.dags.values()
        for task in dag.tasks
        if opens_warehouse(task)
    }
    assert {"load_exports", "score_texts", "build_models", "judge_marts"} <= found
    assert "render_report" not in found


@pytest.mark.parametrize("name", NAMES)
def test_failed_tasks_tell_the_owners(bag, name):
    from heartshare.orchestration.failures import notify_failure

    for task in bag.dags[name].tasks:
        callbacks = (
            task.partial_kwargs["on_failure_callback"]
            if task.is_mapped
            else task.on_failure_callback
        )
        assert notify_failure in (
            callbacks if isinstance(callbacks, list) else [callbacks]
        )


def test_gate_is_never_retried(bag):
    assert bag.dags["build_marts"].get_task("judge_marts").retries == 0


@pytest.mark.parametrize(
    ("name", "asset"),
    [("build_marts", "raw_week"), ("publish_weekly_report", "marts_week")],
)
def test_dag_waits_for_one_asset_only(bag, name, asset):
    condition = bag.dags[name].timetable.asset_condition
    assert (type(condition).__name__, condition.name) == ("Asset", asset)


@pytest.mark.parametrize(
    ("name", "task", "asset"),
    [
        ("pull_exports", "announce_week", "raw_week"),
        ("pull_late_exports", "announce_week", "raw_week"),
        ("build_marts", "publish_marts", "marts_week"),
    ],
)
def test_an_asset_is_emitted_by_one_task(bag, name, task, asset):
    emitting = [t.task_id for t in bag.dags[name].tasks if t.outlets]
    assert emitting == [task]
    assert [outlet.name for outlet in bag.dags[name].get_task(task).outlets] == [asset]


@pytest.mark.parametrize("name", NAMES)
def test_dag_survives_serialisation(bag, name):
    from airflow.serialization.serialized_objects import DagSerialization

    dag = bag.dags[name]
    again = DagSerialization.deserialize_dag(DagSerialization.serialize_dag(dag))
    assert set(again.task_dict) == set(dag.task_dict)


def test_nothing_runs_while_files_are_parsed():
    from airflow.dag_processing.dagbag import DagBag

    def refuse(*_, **__):
        raise AssertionError("work at parse time")

    with (
        patch("duckdb.connect", refuse),
        patch("subprocess.run", refuse),
        patch("socket.socket.connect", refuse),
        patch("airflow.sdk.Variable.get", refuse),
        patch("airflow.sdk.Connection.get", refuse),
    ):
        assert DagBag(dag_folder=str(ROOT / "dags")).import_errors == {}


def test_parsing_loads_no_heavy_library():
    code = (
        "import runpy, sys, pathlib\n"
        "for path in sorted(pathlib.Path('dags').glob('*.py')):\n"
        "    runpy.run_path(str(path))\n"
        "heavy = {'dbt', 'great_expectations', 'typst', 'pandas'}\n"
        "print(sorted(heavy & set(sys.modules)))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.strip().splitlines()[-1] == "[]"


def test_package_is_hidden_from_the_plugin_loader():
    assert (ROOT / "plugins" / ".airflowignore").read_text().split() == ["heartshare/"]


def test_dag_page_is_current():
    from heartshare.orchestration.dag_pages import dags_page

    assert (ROOT / "docs" / "dags.md").read_text() == dags_page(ROOT / "dags")


def test_plugin_loads_once_and_offers_its_macro():
    code = (
        "import sys\n"
        "from airflow import plugins_manager\n"
        "found, errors = plugins_manager._get_plugins()\n"
        "assert not errors, errors\n"
        "ours = [one for one in found if one.name == 'heartshare']\n"
        "assert len(ours) == 1\n"
        "print([macro('2026-11-09') for macro in ours[0].macros])\n"
        "print(sorted({'cli', 'settings', 'weeks', 'errors'} & set(sys.modules)))\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines()[-2:] == ["['2026-W46']", "[]"]
