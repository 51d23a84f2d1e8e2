"""The shipped dashboard hangs together, says what it shows, and names nobody."""

from __future__ import annotations

import importlib.util
import re
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).parents[2]
BUNDLE = ROOT / "bi" / "dashboard"
MODELS = ROOT / "dbt_project" / "models"
PERSONAL = re.compile(
    r"(?:person|interaction|thread|conversation|conversion|text)_keys?"
)


@cache
def parts(kind: str) -> dict[str, dict[str, Any]]:
    """Everything of one kind in the bundle, by uuid."""
    pages = [
        yaml.safe_load(path.read_text()) for path in (BUNDLE / kind).rglob("*.yaml")
    ]
    return {page["uuid"]: page for page in pages}


def position() -> dict[str, Any]:
    [dashboard] = parts("dashboards").values()
    return dashboard["position"]


def named(kind: str, name: str) -> Any:
    return pytest.mark.parametrize(
        "page", list(parts(kind).values()), ids=lambda page: page[name]
    )


def test_dashboard_shows_every_chart_of_the_bundle_once() -> None:
    placed = [
        part["meta"]["uuid"]
        for part in position().values()
        if isinstance(part, dict) and part["type"] == "CHART"
    ]

    assert sorted(placed) == sorted(parts("charts"))


def test_every_part_of_the_dashboard_is_the_child_of_its_parents() -> None:
    for key, part in position().items():
        if isinstance(part, dict) and part.get("parents"):
            assert key in position()[part["parents"][-1]]["children"], key


def test_no_row_is_wider_than_the_dashboard() -> None:
    for key, part in position().items():
        if isinstance(part, dict) and part["type"] == "ROW":
            widths = [position()[one]["meta"]["width"] for one in part["children"]]
            assert sum(widths) == 12, key


@named("charts", "slice_name")
def test_chart_says_in_words_what_it_shows(page: dict[str, Any]) -> None:
    assert page["description"].endswith(".")
    assert page["dataset_uuid"] in parts("datasets")
    assert page["params"]["viz_type"] == page["viz_type"]


@named("charts", "slice_name")
def test_axes_say_what_they_measure(page: dict[str, Any]) -> None:
    if page["viz_type"].startswith("echarts"):
        assert page["params"]["x_axis_title"]
        assert page["params"]["y_axis_title"]


@named("datasets", "table_name")
def test_dataset_has_the_columns_of_its_mart(page: dict[str, Any]) -> None:
    [path] = MODELS.rglob(f"{page['table_name']}.yml")
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    [model] = yaml.load(path.read_text(), loader)["models"]
    stored = {one["column_name"] for one in page["columns"] if "expression" not in one}
    public = {one["name"] for one in model["columns"]}

    assert model["config"]["meta"]["publish"] is True
    assert stored <= public
    assert {name for name in public - stored if not name.endswith("_key")} == set()


@pytest.mark.parametrize("kind", ["charts", "datasets", "dashboards"])
def test_no_personal_key_is_shown(kind: str) -> None:
    text = "".join(path.read_text() for path in (BUNDLE / kind).rglob("*.yaml"))

    assert PERSONAL.findall(text) == []


def test_bundle_is_pointed_at_a_folder_and_replaces_what_is_there() -> None:
    path = ROOT / "bi" / "prepare.py"
    spec = importlib.util.spec_from_file_location("bi_prepare", path)
    assert spec
    assert spec.loader
    prepare = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(prepare)

    files = prepare.read_bundle(BUNDLE, "/srv/heartshare/published")

    uri = yaml.safe_load(files["databases/heartshare.yaml"])["sqlalchemy_uri"]
    assert uri == (
        "duckdb:////srv/heartshare/published/current/heartshare.duckdb"
        "?access_mode=read_only"
    )
    assert yaml.safe_load(files["metadata.yaml"])["type"] == "assets"
    assert len(files) == len(list(BUNDLE.rglob("*.yaml")))
