"""Metrics for BI tools are those of the registry, and exposures name what is read."""

from __future__ import annotations

import csv
import re
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).parents[2]
PROJECT = ROOT / "dbt_project"
PUBLISHED = re.compile(r"\b(?:agg|bdg|dim|fct|rpt)_\w+")


@cache
def semantic(key: str) -> tuple[dict[str, Any], ...]:
    """Everything of one kind that the semantic layer declares."""
    pages = (
        yaml.safe_load(path.read_text())
        for path in sorted((PROJECT / "models" / "semantic").glob("*.yml"))
    )
    return tuple(item for page in pages for item in page.get(key, ()))


@cache
def registry() -> dict[str, dict[str, str]]:
    with (PROJECT / "seeds" / "metrics.csv").open(newline="") as file:
        return {row["metric_id"]: row for row in csv.DictReader(file)}


@cache
def published_models() -> frozenset[str]:
    """Models marked for publication, without parsing some four hundred pages."""
    pages = (path.read_text() for path in (PROJECT / "models").rglob("*.yml"))
    return frozenset(
        re.search(r"^  - name: (\w+)$", page, re.M)[1]
        for page in pages
        if re.search(r"\bpublish: true\b", page)
    )


def depends_on(name: str) -> set[str]:
    [exposure] = (one for one in semantic("exposures") if one["name"] == name)
    return {re.fullmatch(r"ref\('(\w+)'\)", ref)[1] for ref in exposure["depends_on"]}


@pytest.mark.parametrize(
    ("key", "said"),
    [
        ("semantic_models", "ten semantic models"),
        ("saved_queries", "five saved queries"),
        ("exposures", "three exposures"),
    ],
)
def test_page_counts_what_is_declared(key: str, said: str) -> None:
    numbers = {"three": 3, "five": 5, "ten": 10}
    assert len(semantic(key)) == numbers[said.split(maxsplit=1)[0]]
    assert said in " ".join((ROOT / "docs" / "bi.md").read_text().split())


@pytest.mark.parametrize(
    "metric_id", [name for name, row in registry().items() if row["section_code"]]
)
def test_figure_of_the_scorecard_is_a_metric_and_in_its_saved_query(
    metric_id: str,
) -> None:
    [query] = (
        one for one in semantic("saved_queries") if one["name"] == "weekly_scorecard"
    )

    assert metric_id in {one["name"] for one in semantic("metrics")}
    assert metric_id in query["query_params"]["metrics"]


@pytest.mark.parametrize(
    "metric",
    [one for one in semantic("metrics") if one["name"] in registry()],
    ids=lambda metric: metric["name"],
)
def test_metric_bears_the_name_that_the_report_prints(metric: dict[str, Any]) -> None:
    assert metric["label"] == registry()[metric["name"]]["metric_name"]


@pytest.mark.parametrize(
    "model", semantic("semantic_models"), ids=lambda model: model["name"]
)
def test_semantic_model_stands_on_a_published_mart(model: dict[str, Any]) -> None:
    assert re.fullmatch(r"ref\('(\w+)'\)", model["model"])[1] in published_models()


@pytest.mark.parametrize(
    "model", semantic("semantic_models"), ids=lambda model: model["name"]
)
def test_semantic_model_offers_no_person_to_group_by(model: dict[str, Any]) -> None:
    names = [one["name"] for one in model["dimensions"]]

    assert [name for name in names if name.endswith(("_key", "_keys"))] == []


@pytest.mark.parametrize(
    ("exposure", "is_edition"), [("weekly_report", False), ("editions", True)]
)
def test_exposure_of_a_report_names_every_table_that_rendering_reads(
    exposure: str, is_edition: bool
) -> None:
    folder = ROOT / "plugins/heartshare/reporting"
    steps = ROOT / "plugins/heartshare/orchestration/steps"
    sources = [*folder.rglob("*.py"), steps / "reporting.py"]
    read = {
        word
        for path in sources
        if ("editions" in path.parts) == is_edition
        for word in PUBLISHED.findall(path.read_text())
    }

    assert depends_on(exposure) == read & published_models()


def test_exposure_of_the_dashboard_names_every_table_that_it_shows() -> None:
    datasets = (ROOT / "bi" / "dashboard" / "datasets").rglob("*.yaml")
    shown = {yaml.safe_load(path.read_text())["table_name"] for path in datasets}

    assert depends_on("advocacy_dashboard") == shown


@pytest.mark.parametrize("package", ["dbt-core", "dbt-duckdb", "duckdb"])
def test_environment_of_the_metrics_has_the_versions_that_build_the_marts(
    package: str,
) -> None:
    locks = (ROOT / "requirements.txt", ROOT / "requirements-semantic.txt")
    pinned = {
        re.search(rf"^{package}==(\S+)", lock.read_text(), re.M)[1] for lock in locks
    }

    assert len(pinned) == 1


def test_packages_of_the_semantic_environment_are_pinned_with_hashes() -> None:
    text = (ROOT / "requirements-semantic.txt").read_text()
    blocks = re.split(r"^(?=[A-Za-z0-9])", text, flags=re.M)[1:]

    assert len(blocks) > 40
    assert all("==" in block and "--hash=sha256:" in block for block in blocks)
    assert "\ndbt-metricflow==" in text
