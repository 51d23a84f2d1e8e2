"""docs/metrics.md: what each metric asks, how it is computed and what proves it."""

from __future__ import annotations

import csv
from typing import TYPE_CHECKING

from heartshare.reference.exports_page import NOTICE
from heartshare.reference.metric_coverage import coverage_lines, metric_coverage

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path


def metrics_page(dbt_project: Path) -> str:
    """Return docs/metrics.md: the registry and, for each metric, model and proof."""
    with (dbt_project / "seeds" / "metrics.csv").open(newline="") as file:
        rows = list(csv.DictReader(file))
    lines = [
        "# Metrics",
        "",
        NOTICE,
        "",
        (
            "Every figure that the report prints or a mart publishes. Rates are sums "
            "over sums; a zero denominator gives null; null means not reported, zero "
            "means none. Weeks begin on Monday in the organisation's time zone."
        ),
    ]
    for row in rows:
        lines += ["", *_metric_lines(row)]
    lines += [
        "",
        "## Where each metric stands, and what proves it",
        "",
        (
            "`heartshare metrics --coverage` prints this table and fails if a metric "
            "lacks a model or a unit test."
        ),
        "",
        *coverage_lines(metric_coverage(dbt_project)),
    ]
    return "\n".join(lines) + "\n"


def _metric_lines(row: Mapping[str, str]) -> Iterable[str]:
    return (
        f"## {row['metric_id']}",
        "",
        f"**{row['metric_name']}.** {row['question_text']}",
        "",
        f"- Formula: {row['formula_text']}",
        f"- Grain: {row['grain_text']}",
        (
            f"- Unit {row['unit_code']}, kind {row['metric_kind_code']}, better"
            f" {row['better_direction_code']}, AMEC level {row['amec_level_code']}"
        ),
        (
            f"- Version {row['metric_version']}, valid from {row['valid_from']}, owner"
            f" {row['owner_name']}; source: {row['source_text']}"
        ),
    )
