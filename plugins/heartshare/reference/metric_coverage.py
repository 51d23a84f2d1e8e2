"""Is every metric of the registry built by a model and proved by a unit test?"""

from __future__ import annotations

import csv
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import yaml

from heartshare.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

_HEAD = ("Metric", "Section", "Model and column", "Unit test")


class MetricCoverageError(InputError):
    """The registry names a metric without a model or a unit test."""

    def __init__(self, gaps: Sequence[MetricCoverage]) -> None:
        super().__init__(
            f"{len(gaps)} of the metrics lack a model or a unit test: "
            + "; ".join(f"{gap.metric_id}: {gap.gap}" for gap in gaps)
            + ". Build what is missing, then name it in dbt_project/seeds/metrics.csv."
        )


@dataclass(frozen=True)
class MetricCoverage:
    """Where one metric is computed and which unit test holds it; ``gap`` if not."""

    metric_id: str
    section: str
    model_name: str
    column_name: str
    unit_test_name: str
    gap: str

    @property
    def cells(self) -> tuple[str, str, str, str]:
        """Return the metric as a row of the coverage table."""
        place = f"{self.model_name}.{self.column_name}" if self.model_name else ""
        return self.metric_id, self.section, place, self.unit_test_name


@dataclass(frozen=True)
class _Project:
    """What the dbt project holds: columns by model, and the names of unit tests."""

    columns: Mapping[str, frozenset[str]]
    unit_tests: frozenset[str]


def metric_coverage(dbt_project: Path) -> list[MetricCoverage]:
    """Return one row per metric of the registry, in its order.

    A gap is said where the registry names no model, column or unit test, or one that
    the dbt project does not hold.
    """
    project = _read_project(dbt_project / "models")
    with (dbt_project / "seeds" / "metrics.csv").open(newline="") as file:
        rows = {row["metric_id"]: row for row in csv.DictReader(file)}
    return [_covered(row, project) for row in rows.values()]


def coverage_lines(rows: Sequence[MetricCoverage]) -> list[str]:
    """Return the coverage as a Markdown table, gaps in words."""
    return [
        f"| {' | '.join(_HEAD)} |",
        "|---|---|---|---|",
        *(
            f"| {row.metric_id} | {row.section} "
            f"| {row.cells[2] or f'**{row.gap}**'} | {row.cells[3]} |"
            for row in rows
        ),
    ]


def _covered(row: Mapping[str, str], project: _Project) -> MetricCoverage:
    model, column = row["model_name"], row["column_name"]
    return MetricCoverage(
        metric_id=row["metric_id"],
        section=row["source_text"].rpartition(" ")[2],
        model_name=model,
        column_name=column,
        unit_test_name=row["unit_test_name"],
        gap=_gap(model, column, row["unit_test_name"], project),
    )


def _gap(model: str, column: str, unit_test: str, project: _Project) -> str:
    if not model or not column:
        return "no model"
    if model not in project.columns:
        return f"no model {model}"
    if column not in project.columns[model]:
        return f"no column {column} in {model}"
    if not unit_test:
        return "no unit test"
    return "" if unit_test in project.unit_tests else f"no unit test {unit_test}"


def _read_project(models: Path) -> _Project:
    columns: dict[str, frozenset[str]] = {}
    tests: set[str] = set()
    for path in sorted(models.rglob("*.yml")):
        page: dict[str, Any] = yaml.safe_load(path.read_text()) or {}
        tests |= {test["name"] for test in page.get("unit_tests", [])}
        for model in page.get("models", []):
            named = {column["name"] for column in model.get("columns", [])}
            query = path.with_name(f"{model['name']}.sql")
            # Intermediate models have no contract: their columns stand in the query.
            named = named or set(re.findall(r"\w+", query.read_text()))
            columns[model["name"]] = frozenset(named)
    return _Project(columns, frozenset(tests))
