"""Pages under docs/ that are written from contracts and seeds, never by hand."""

from __future__ import annotations

import csv
from typing import TYPE_CHECKING

from heartshare.exports.contract import load_contracts

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from pathlib import Path

    from heartshare.exports.contract_types import Column, ExportContract

_NOTICE = "<!-- Written by `heartshare docs`. Change the source, then run it again. -->"
_PERSONAL = {
    "drop": "personal: never stored",
    "hash": "personal: hashed",
    "keep": "personal: kept, never published",
}


def exports_page() -> str:
    """Return docs/exports.md: every export contract with its tables and columns."""
    contracts = load_contracts()
    lines = [
        "# Exports that heartshare reads",
        "",
        _NOTICE,
        "",
        (
            "A file is recognised by its headers or keys, never by its name. "
            "`heartshare inspect FILE` says which contract a file meets, without "
            "loading it."
        ),
        "",
        "| Contract | What it is | Formats | Raw tables |",
        "|---|---|---|---|",
    ]
    for contract in contracts:
        tables = ", ".join(f"`{table.name}`" for table in contract.tables)
        formats = ", ".join(contract.formats)
        lines.append(
            f"| `{contract.code}` | {_cell(contract.title)} | {formats} | {tables} |"
        )
    for contract in contracts:
        lines += ["", *_contract_lines(contract)]
    return "\n".join(lines) + "\n"


def _contract_lines(contract: ExportContract) -> Iterator[str]:
    yield f"## {contract.code}"
    yield ""
    yield f"{contract.title}."
    for table in contract.tables:
        yield ""
        yield f"**raw.{table.name}**: {table.grain}."
        yield ""
        yield "| Column | Type | Read from | Notes |"
        yield "|---|---|---|---|"
        for column in table.columns:
            headers = ", ".join(f"`{_cell(header)}`" for header in column.headers)
            yield (
                f"| `{column.name}` | {column.type_code} | {headers} "
                f"| {'; '.join(_notes(column))} |"
            )


def _notes(column: Column) -> Iterator[str]:
    if column.is_key:
        yield "key"
    if column.is_text:
        yield "tone is scored"
    if column.metric:
        yield column.metric
    if column.zone != "UTC":
        yield f"local time of {column.zone}"
    if column.personal:
        yield _PERSONAL[column.personal]


def metrics_page(registry: Path) -> str:
    """Return docs/metrics.md from the metric registry, the seed metrics.csv."""
    with registry.open(newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    lines = [
        "# Metrics",
        "",
        _NOTICE,
        "",
        (
            "Every figure that the report prints or a mart publishes. Rates are sums "
            "over sums; a zero denominator gives null; null means not reported, zero "
            "means none. Weeks begin on Monday in the organisation's time zone."
        ),
    ]
    for row in rows:
        lines += ["", *_metric_lines(row)]
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


def _cell(text: str) -> str:
    return " ".join(text.split()).replace("|", "\\|")
