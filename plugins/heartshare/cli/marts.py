"""Commands for marts: build them, judge them, and test the judge."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from heartshare.cli.options import WEEK
from heartshare.cli.running import chosen_week, run_step

if TYPE_CHECKING:
    from heartshare.orchestration.terminal import Terminal
    from heartshare.settings import Settings
    from heartshare.weeks import ReportingWeek


@click.command()
@WEEK
@click.pass_context
def build(context: click.Context, week: ReportingWeek | None) -> None:
    """Build and test the marts of a week, unless they are there already."""
    from heartshare.orchestration.steps.building import build_marts

    run_step(
        context,
        lambda settings, at: build_marts(
            settings, chosen_week(settings, week), progress=at.advance
        ),
    )


@click.command()
@WEEK
@click.option("--explain", is_flag=True, help="Show the last verdict; judge nothing.")
@click.option("--all", "is_all", is_flag=True, help="Explain what passed as well.")
@click.option("--json", "as_json", is_flag=True, help="Explain as one JSON object.")
@click.option("--self-test", is_flag=True, help="Plant one fault per check in a copy.")
@click.option(
    "--output",
    type=click.Path(dir_okay=False, path_type=Path),
    help="With --self-test: write who noticed which fault as JSON.",
)
@click.pass_context
def gate(  # noqa: PLR0913, PLR0917 click hands over one argument for each option
    context: click.Context,
    week: ReportingWeek | None,
    explain: bool,  # noqa: FBT001 click
    is_all: bool,  # noqa: FBT001 click
    as_json: bool,  # noqa: FBT001 click
    self_test: bool,  # noqa: FBT001 click
    output: Path | None,
) -> None:
    """Judge the marts of a week; exit code 4 when the week must be held.

    With --explain: what each check that did not pass asks, found and needs next. With
    --self-test: whether each check notices its fault; exit code 1 when one does not.
    """
    from heartshare.orchestration.steps.explaining import explain_week
    from heartshare.orchestration.steps.judging import judge_marts
    from heartshare.quality.gate import WeekHeldError

    def step(settings: Settings, _: Terminal) -> None:
        chosen = chosen_week(settings, week)
        if explain:
            click.echo(explain_week(settings, chosen, is_all=is_all, as_json=as_json))
            return
        now = datetime.now(settings.timezone)
        verdict = judge_marts(
            settings, chosen, today=now.date(), at=now, is_forced=True
        )
        if not verdict.is_publishable:
            raise WeekHeldError(verdict)

    if (is_all or as_json) and not explain:
        raise click.UsageError("--all and --json go with --explain.")
    if self_test and (week or explain):
        raise click.UsageError("--self-test takes the week that the warehouse holds.")
    if output and not self_test:
        raise click.UsageError("--output goes with --self-test.")
    if self_test:
        run_step(context, lambda settings, at: _self_test(settings, at, output))
        return
    run_step(context, step)


def _self_test(settings: Settings, at: Terminal, output: Path | None) -> None:
    from heartshare.orchestration.steps.self_testing import DullGateError, self_test
    from heartshare.quality.self_test import write_matrix

    found = self_test(settings, progress=at.advance)
    for line in found.lines():
        click.echo(line)
    if output:
        write_matrix(found, output)
    if not found.is_passed:
        raise DullGateError(found)
