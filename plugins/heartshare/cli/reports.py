"""The command for reports: of a week, a month or a half-year, or one again."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from heartshare.cli.options import WEEK
from heartshare.cli.running import chosen_week, run_step

if TYPE_CHECKING:
    from heartshare.orchestration.terminal import Terminal
    from heartshare.reporting.editions.periods import Period
    from heartshare.settings import Settings
    from heartshare.weeks import ReportingWeek


@click.command()
@WEEK
@click.option("--send/--no-send", default=False, help="Also send it; default: no.")
@click.option(
    "--edition",
    type=click.Choice(["weekly", "monthly", "half-year"]),
    default="weekly",
    show_default=True,
    help="What to report on; a month and a half-year are named beside it.",
)
@click.option("--month", metavar="MONTH", help="With --edition monthly: 2026-10.")
@click.option("--half", metavar="HALF", help="With --edition half-year: 2026-H1.")
@click.option("--again", metavar="ISSUE", help="Render an archived issue; file none.")
@click.option(
    "--into",
    type=click.Path(file_okay=False, path_type=Path),
    help="With --again: keep what was rendered in this folder.",
)
@click.pass_context
def report(  # noqa: PLR0913, PLR0917 click hands over one argument for each option
    context: click.Context,
    week: ReportingWeek | None,
    send: bool,  # noqa: FBT001 click
    edition: str,
    month: str | None,
    half: str | None,
    again: str | None,
    into: Path | None,
) -> None:
    """Render the report of the published week into the archive.

    With --edition: that of a whole month, or of a half-year's recognition, from the
    marts of the week that closes it. A month has the weeks whose Thursday lies in it;
    all must be published. A half-year's ranking is final seven days after its end.

    With --again: render ISSUE (2026-W46, 2026-W46.r1, 2026-10 or all) from its own
    facts.json into a scratch folder and compare every file with the archived one; exit
    code 3 when one differs.
    """
    from heartshare.orchestration.steps.delivering import deliver_report
    from heartshare.orchestration.steps.reporting import render_report

    period = _period(edition, month, half)
    if period and (week or again):
        raise click.UsageError("--edition goes with neither --week nor --again.")
    if again and (week or send):
        raise click.UsageError("--again names its issue and sends nothing.")
    if into and not again:
        raise click.UsageError("--into goes with --again.")
    if again:
        run_step(context, lambda settings, _: _render_again(settings, again, into))
        return
    if period:
        run_step(context, lambda settings, _: _edition(settings, period, send=send))
        return

    def step(settings: Settings, _: Terminal) -> None:
        chosen = chosen_week(settings, week)
        issue = render_report(settings, chosen, at=datetime.now(UTC))
        click.echo(issue.path / "index.html")
        if send:
            deliver_report(settings, chosen, at=datetime.now(UTC))

    run_step(context, step)


def _period(edition: str, month: str | None, half: str | None) -> Period | None:
    """Return the month or half-year that an edition is of; None for the weekly one."""
    from heartshare.reporting.editions.periods import HalfYear, Month

    if bool(month) != (edition == "monthly"):
        raise click.UsageError("--edition monthly and --month go together.")
    if bool(half) != (edition == "half-year"):
        raise click.UsageError("--edition half-year and --half go together.")
    if month:
        return Month.parse(month)
    return HalfYear.parse(half) if half else None


def _edition(settings: Settings, period: Period, *, send: bool) -> None:
    from heartshare.orchestration.steps.delivering_editions import deliver_edition
    from heartshare.orchestration.steps.editions import render_edition

    issue = render_edition(settings, period, at=datetime.now(UTC))
    click.echo(issue.path / "index.html")
    if send:
        deliver_edition(settings, period, at=datetime.now(UTC))


def _render_again(settings: Settings, name: str, into: Path | None) -> None:
    from heartshare.orchestration.steps.rendering_again import (
        IssueDiffersError,
        render_again,
    )

    differing = []
    for issue in render_again(settings.archive, name, into):
        click.echo("\n".join(issue.lines()))
        differing += [] if issue.is_same else [issue.key]
    if differing:
        raise IssueDiffersError(differing)
