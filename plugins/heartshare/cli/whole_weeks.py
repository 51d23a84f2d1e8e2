"""Commands that run whole weeks through Airflow: one, many, a demo, a service."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from heartshare.cli.options import WEEK, WeekType
from heartshare.cli.running import chosen_week, run_embedded, run_step, settings_here

if TYPE_CHECKING:
    from heartshare.weeks import ReportingWeek


@click.command()
@WEEK
@click.option(
    "--late", is_flag=True, help="Pull late exports; build the newest exported week."
)
@click.pass_context
def run(context: click.Context, week: ReportingWeek | None, late: bool) -> None:  # noqa: FBT001
    """Run the whole week through Airflow in this process: pull, build, gate, report."""
    from heartshare.orchestration.partitions import Mode

    mode = Mode.LATE if late else Mode.LIVE
    settings = settings_here()
    run_embedded(context, settings, [chosen_week(settings, week)], mode)


@click.command()
@click.option("--from", "first", type=WeekType(), required=True, help="First week.")
@click.option("--to", "last", type=WeekType(), required=True, help="Last week.")
@click.pass_context
def backfill(context: click.Context, first: ReportingWeek, last: ReportingWeek) -> None:
    """Build, judge and publish weeks long gone, oldest first; no report is sent.

    It ends at the first week that the gate holds. A week that is older than what
    readers see is built and judged, and not published.
    """
    from heartshare.orchestration.partitions import Mode

    if last < first:
        raise click.UsageError(
            f"--from {first.label} lies after --to {last.label}: no week to build."
        )
    run_embedded(context, settings_here(), list(first.until(last)), Mode.BACKFILL)


@click.command()
@click.option(
    "--home",
    type=click.Path(file_okay=False, path_type=Path),
    default=Path("var/demo"),
    show_default=True,
    help="Folder of the demo organisation's data.",
)
@click.pass_context
def demo(context: click.Context, home: Path) -> None:
    """Run the main job for a made-up organisation, through Airflow.

    Forty-two weeks of exports, a held week, its correction, the report and its
    delivery. A second run does only what is new.
    """
    from heartshare.demo.run import run_demo

    run_demo(home, is_verbose=context.obj)


@click.command()
@click.option("--port", default=28086, show_default=True, help="Port of the pages.")
@click.pass_context
def up(context: click.Context, port: int) -> None:
    """Start Airflow's four services here; Ctrl-C stops them.

    The DAGs then run by themselves: every Monday, and whenever `_READY` appears in the
    inbox.
    """
    from heartshare.orchestration.services import run_services

    run_step(context, lambda settings, _: run_services(settings, port))
