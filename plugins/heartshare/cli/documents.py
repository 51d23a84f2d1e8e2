"""Commands for what is written from the code: metrics, pages, languages."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

from heartshare.cli.running import run_step, settings_here

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path


@click.command()
@click.option(
    "--coverage", is_flag=True, help="Also fail if one lacks a model or a unit test."
)
def metrics(coverage: bool) -> None:  # noqa: FBT001 click
    """List every metric with the model and column that hold it and its unit test."""
    from heartshare.reference.metric_coverage import (
        MetricCoverageError,
        coverage_lines,
        metric_coverage,
    )

    rows = metric_coverage(settings_here().dbt_project)
    click.echo("\n".join(coverage_lines(rows)))
    gaps = [row for row in rows if row.gap]
    if coverage and gaps:
        click.echo(f"error: {MetricCoverageError(gaps)}", err=True)
        sys.exit(1)


@click.command()
@click.option("--check", is_flag=True, help="Write nothing; fail if a page is stale.")
@click.option(
    "--dbt", "of_marts", is_flag=True, help="Document the built marts in the archive."
)
@click.pass_context
def docs(context: click.Context, check: bool, of_marts: bool) -> None:  # noqa: FBT001 click
    """Write the pages under docs/ that come from code, contracts and seeds.

    With --dbt, write what every model, column and metric means beside the archive's
    index instead.
    """
    if of_marts and check:
        raise click.UsageError("--check looks at docs/; --dbt writes to the archive.")
    if of_marts:
        from heartshare.orchestration.steps.documenting import document_marts

        run_step(context, lambda settings, _: click.echo(document_marts(settings)))
        return
    _renew(_pages(), check=check)


def _pages() -> dict[Path, str]:
    """Return the generated pages by the path where each belongs."""
    from heartshare.orchestration.dag_pages import dags_page
    from heartshare.reference.exports_page import exports_page
    from heartshare.reference.metrics_page import metrics_page
    from heartshare.reference.tonality_page import with_tonality

    root = settings_here().dbt_project.parent
    seeds = root / "dbt_project" / "seeds"
    listening = root / "docs" / "listening.md"
    return {
        root / "docs" / "dags.md": dags_page(root / "dags"),
        root / "docs" / "exports.md": exports_page(),
        root / "docs" / "metrics.md": metrics_page(root / "dbt_project"),
        listening: with_tonality(_text(listening) or "", seeds / "tonality_rules.csv"),
    }


@click.command("messages")
@click.option("--check", is_flag=True, help="Write nothing; fail if a file is stale.")
def catalogue_messages(*, check: bool) -> None:
    """Renew the catalogue of languages: what is said, and what is not yet translated.

    A new language begins as a copy of messages.pot under its code, such as fr.po.
    """
    from heartshare.reference.messages import catalogue_files

    settings = settings_here()
    files = catalogue_files(settings.dbt_project, settings.expectations)
    _renew(files, check=check)


def _renew(files: Mapping[Path, str], *, check: bool) -> None:
    """Write the files that are stale, or only name them and end with exit code 1."""
    stale = [path for path, text in files.items() if _text(path) != text]
    for path in stale:
        if not check:
            path.write_text(files[path], encoding="utf-8")
        click.echo(f"{'stale' if check else 'written'}: {path.name}")
    if check and stale:
        sys.exit(1)


def _text(path: Path) -> str | None:
    return path.read_text(encoding="utf-8") if path.exists() else None
