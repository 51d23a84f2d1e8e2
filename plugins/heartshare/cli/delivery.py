"""The command for what was sent: who got what, and rows nobody can know."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import click

from heartshare.cli.running import run_step

if TYPE_CHECKING:
    from heartshare.orchestration.terminal import Terminal
    from heartshare.settings import Settings


@click.command()
@click.option("--issue", metavar="ISSUE", help="Rows of one issue, as 2026-W46.r1.")
@click.option("--open", "is_open", is_flag=True, help="Rows that wait for a person.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON list.")
@click.option(
    "--settle",
    nargs=3,
    type=(str, str, click.Choice(["sent", "not-sent", "close"])),
    metavar="ISSUE RECIPIENT sent|not-sent|close",
    help="Answer for a row; not-sent has it sent once more, close does not.",
)
@click.option("--bounces", is_flag=True, help="Read what came back; who is suspended?")
@click.option("--lift", metavar="ADDRESS", help="Let a suspended address have mail.")
@click.option("--by", "person", default="", help="Settle or lift: who says so.")
@click.option("--because", "reason", default="", help="Settle or lift: why.")
@click.pass_context
def outbox(  # noqa: PLR0913, PLR0917 click hands them by name
    context: click.Context,
    issue: str | None,
    is_open: bool,  # noqa: FBT001 click
    as_json: bool,  # noqa: FBT001 click
    settle: tuple[str, str, str] | None,
    bounces: bool,  # noqa: FBT001 click
    lift: str | None,
    person: str,
    reason: str,
) -> None:
    """Show who was sent what and with what result, or settle a row nobody can know.

    RECIPIENT is an address, or the reference that the list shows in its place.
    """
    from heartshare.orchestration.steps.bouncing import lift_suspension
    from heartshare.orchestration.steps.settling import outbox_rows, settle_row
    from heartshare.reporting.delivery.outbox_listing import listing, row_facts

    if (person or reason) and not (settle or lift):
        raise click.UsageError("--by and --because go with --settle and --lift.")
    if settle and (issue or is_open):
        raise click.UsageError("--settle names its issue itself.")
    if sum(map(bool, (settle, bounces, lift))) > 1:
        raise click.UsageError("Choose one of --settle, --bounces, --lift.")

    def step(settings: Settings, _: Terminal) -> None:
        at = datetime.now(UTC)
        if bounces:
            _read_bounces(settings, at)
            return
        if lift:
            lift_suspension(settings, lift, person=person, reason=reason, at=at)
            return
        rows = (
            [settle_row(settings, *settle, person=person, reason=reason, at=at)]
            if settle
            else list(outbox_rows(settings, at=at, issue=issue, is_open=is_open))
        )
        if as_json:
            click.echo(json.dumps([row_facts(row, at) for row in rows], indent=2))
        else:
            click.echo("\n".join(listing(rows, at)))

    run_step(context, step)


def _read_bounces(settings: Settings, at: datetime) -> None:
    from heartshare.orchestration.steps.bouncing import read_bounces
    from heartshare.reporting.delivery.outbox_listing import masked

    found = read_bounces(settings, at=at)
    click.echo(f"{found.read} bounces read, {found.left} files left alone.")
    for one in found.suspended:
        click.echo(f"suspended: {masked(one.recipient)}, {one.reason}")
