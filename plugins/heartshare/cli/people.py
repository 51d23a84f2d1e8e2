"""Commands about people: who is meant by the week's actions, and whom to forget."""

from __future__ import annotations

from datetime import UTC, datetime
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
def worklist(context: click.Context, week: ReportingWeek | None) -> None:
    """Write for each owner whom the week's actions and suggestions are about.

    The report and the published tables name nobody. These sheets do, with the words and
    the address of each message: they are for the owners alone.
    """
    from heartshare.orchestration.steps.worklists import write_worklists

    def step(settings: Settings, _: Terminal) -> None:
        chosen = chosen_week(settings, week)
        click.echo(write_worklists(settings, chosen).told(chosen))

    run_step(context, step)


@click.command()
@click.argument("platform")
@click.argument("account", nargs=-1, required=True)
@click.option("--requested-by", required=True, help="Who asked; stays on the list.")
@click.option("--reason", required=True, help="Why; stays on the list.")
@click.option("--yes", is_flag=True, help="Do not ask again.")
@click.pass_context
def forget(  # noqa: PLR0913, PLR0917 click hands them by name
    context: click.Context,
    platform: str,
    account: tuple[str, ...],
    requested_by: str,
    reason: str,
    yes: bool,  # noqa: FBT001 click
) -> None:
    """Erase a person: every ACCOUNT (id, handle or address) of theirs on PLATFORM.

    They go from landing/, the warehouse, every published revision and the archive, and
    are refused in every export that comes later. This cannot be undone. Build and
    publish the week again afterwards: `heartshare run`.
    """
    from heartshare.orchestration.steps.forgetting import (
        ErasureRequest,
        check_request,
        forget_person,
    )

    request = ErasureRequest(platform, account, requested_by, reason)

    def step(settings: Settings, terminal: Terminal) -> None:
        check_request(settings, request)
        if not yes:
            named = ", ".join(account)
            click.confirm(f"Erase {named} of {platform} for good?", abort=True)
        at = datetime.now(UTC)
        forget_person(settings, request, at=at, progress=terminal.advance)

    run_step(context, step)
