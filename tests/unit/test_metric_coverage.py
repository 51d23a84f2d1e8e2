"""The coverage table believes the project and not the registry."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from heartshare.reference.metric_coverage import (
    MetricCoverageError,
    coverage_lines,
    metric_coverage,
)

ROOT = Path(__file__).parents[2]
FIELDS = ("metric_id", "source_text", "model_name", "column_name", "unit_test_name")


@pytest.fixture
def project(tmp_path: Path) -> Path:
    (tmp_path / "models").mkdir()
    (tmp_path / "seeds").mkdir()
    (tmp_path / "models" / "agg_weeks.sql").write_text("select 1 as half_ratio")
    (tmp_path / "models" / "agg_weeks.yml").write_text(
        "models: [{name: agg_weeks, columns: [{name: whole_ratio}]}]\n"
        "unit_tests: [{name: agg_weeks__adds_up, model: agg_weeks}]\n"
    )
    (tmp_path / "models" / "int_weeks.sql").write_text("select 1 as half_ratio")
    (tmp_path / "models" / "int_weeks.yml").write_text("models: [{name: int_weeks}]\n")
    return tmp_path


def write_registry(project: Path, *row: str) -> None:
    with (project / "seeds" / "metrics.csv").open("w", newline="") as file:
        csv.writer(file).writerows([FIELDS, ("halves", "metrics.md section 5", *row)])


@pytest.mark.parametrize(
    ("row", "gap"),
    [
        (("agg_weeks", "whole_ratio", "agg_weeks__adds_up"), ""),
        (("int_weeks", "half_ratio", "agg_weeks__adds_up"), ""),
        (("", "", ""), "no model"),
        (("agg_years", "whole_ratio", "agg_weeks__adds_up"), "no model agg_years"),
        (
            ("agg_weeks", "half_ratio", "agg_weeks__adds_up"),
            "no column half_ratio in agg_weeks",
        ),
        (("agg_weeks", "whole_ratio", ""), "no unit test"),
        (("agg_weeks", "whole_ratio", "gone"), "no unit test gone"),
    ],
)
def test_each_gap_is_named(project: Path, row: tuple[str, ...], gap: str) -> None:
    write_registry(project, *row)
    (found,) = metric_coverage(project)
    assert found.gap == gap
    assert found.section == "5"


def test_gap_stands_in_the_table_and_in_the_error(project: Path) -> None:
    write_registry(project, "", "", "")
    rows = metric_coverage(project)
    assert "| halves | 5 | **no model** |  |" in coverage_lines(rows)
    assert "halves: no model" in str(MetricCoverageError(rows))


def test_every_metric_has_a_model_and_a_unit_test() -> None:
    with (ROOT / "dbt_project" / "seeds" / "metrics.csv").open(newline="") as file:
        printed = {r["metric_id"] for r in csv.DictReader(file) if r["segment_kinds"]}
    rows = metric_coverage(ROOT / "dbt_project")
    assert len(printed) >= 35
    assert {row.metric_id for row in rows} >= printed
    assert [row.metric_id for row in rows if row.gap] == []
