"""Commands for exports: what a file is, what sources have, and landing it."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from heartshare.cli.running import run_step

if TYPE_CHECKING:
    from heartshare.exports.inspection import Inspection, RejectedRow
    from heartshare.orchestration.terminal import Terminal
    from heartshare.settings import Settings

_SHOWN_REJECTS = 20
_SHOWN_CHARACTERS = 60


@click.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def inspect(file: Path, as_json: bool) -> None:  # noqa: FBT001 click
    """Say what FILE is: contract, grain, period, rows good and rejected, and why.

    Nothing is loaded or copied. A file that no contract knows ends with exit code 3.
    """
    from heartshare.exports.inspection import inspect_file

    if not file.is_file():  # reading a pipe would wait for ever
        raise click.BadParameter(f"{str(file)!r} is no file.", param_hint="'FILE'")
    inspection = inspect_file(file)
    click.echo(inspection.to_json() if as_json else _described(inspection))


def _described(inspection: Inspection) -> str:
    """Return an inspection as text: totals, tables, drift, rejects and why."""
    period = inspection.period
    lines = [
        f"{inspection.file_name} is {inspection.contract}: {inspection.title}",
        f"Period: {f'{period[0]} to {period[1]}' if period else 'the file names none'}",
        (
            f"Rows: {inspection.rows_in} in, {inspection.rows_good} good, "
            f"{inspection.rows_rejected} rejected"
        ),
        *(
            f"  {table.table_name}: {table.grain}; {table.rows_in} in, "
            f"{table.rows_good} good, {table.rows_rejected} rejected"
            for table in inspection.tables
        ),
        *(
            f"Drift, {kind.replace('_', ' ')}: {', '.join(names)}"
            for kind, names in inspection.drift.items()
            if names
        ),
        *(
            f"Rejected: {row.table_name} row {row.row_number}{_cell(row)}: "
            f"{row.reason_text}"
            for row in inspection.rejects[:_SHOWN_REJECTS]
        ),
    ]
    if len(inspection.rejects) > _SHOWN_REJECTS:
        hidden = len(inspection.rejects) - _SHOWN_REJECTS
        lines.append(f"and {hidden} more; --json prints them all")
    return "\n".join(lines)


def _cell(row: RejectedRow) -> str:
    """Name the cell and what it holds, unless the whole row was rejected."""
    if row.column_name is None:
        return ""
    text = row.value_text or ""
    shown = text if len(text) <= _SHOWN_CHARACTERS else f"{text[:_SHOWN_CHARACTERS]}..."
    return f", {row.column_name} {shown!r}"


@click.command()
@click.argument("sources", nargs=-1, metavar="[SOURCE]...")
@click.option("--list", "is_list", is_flag=True, help="Name the sources; pull none.")
@click.option("--example", is_flag=True, help="Print a sources.yml to start from.")
@click.pass_context
def pull(
    context: click.Context,
    sources: tuple[str, ...],
    is_list: bool,  # noqa: FBT001 click
    example: bool,  # noqa: FBT001 click
) -> None:
    """Land what is new in each SOURCE, or in all: inbox folders and sources.yml.

    A source that fails does not stop the others; the exit code is that of the first.
    """
    from heartshare.orchestration.steps.pulling import pull_sources
    from heartshare.orchestration.steps.sources import describe_sources, example_sources

    def step(settings: Settings, terminal: Terminal) -> None:
        if is_list:
            click.echo("\n".join(describe_sources(settings)) or "No sources yet.")
            return
        now = datetime.now(UTC)
        pull_sources(settings, sources, now=now, progress=terminal.advance)

    if example:
        click.echo(example_sources(), nl=False)
    else:
        run_step(context, step)


@click.command()
@click.pass_context
def land(context: click.Context) -> None:
    """Pull what is new in every source, keep it in landing/, load it into raw tables.

    Sources that fail are told at the end; what the others brought is loaded.
    """
    from heartshare.orchestration.steps.landing import load_exports
    from heartshare.orchestration.steps.pulling import pull_sources

    def step(settings: Settings, terminal: Terminal) -> None:
        try:
            now = datetime.now(UTC)
            pull_sources(settings, now=now, progress=terminal.advance)
        finally:
            load_exports(settings, progress=terminal.advance)

    run_step(context, step)
