"""The command for what readers see: publish, compare, go back, copy."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import click

from heartshare.cli.options import WEEK
from heartshare.cli.running import chosen_week, run_step

if TYPE_CHECKING:
    from heartshare.orchestration.terminal import Terminal
    from heartshare.settings import Settings
    from heartshare.weeks import ReportingWeek


@click.command()
@click.argument("revisions", nargs=-1, metavar="[REVISION REVISION]")
@WEEK
@click.option("--diff", is_flag=True, help="Say what readers would notice; no more.")
@click.option("--list", "is_list", is_flag=True, help="Show the revisions on disk.")
@click.option("--json", "as_json", is_flag=True, help="--diff or --list as JSON.")
@click.option("--accept-breaking", is_flag=True, help="Readers may lose columns.")
@click.option("--roll-back", metavar="REVISION", help="Show readers this one again.")
@click.option("--to-postgres", is_flag=True, help="Copy what readers see; no more.")
@click.pass_context
def publish(  # noqa: PLR0913, PLR0917 click hands them by name
    context: click.Context,
    revisions: tuple[str, ...],
    week: ReportingWeek | None,
    diff: bool,  # noqa: FBT001 click
    is_list: bool,  # noqa: FBT001 click
    as_json: bool,  # noqa: FBT001 click
    accept_breaking: bool,  # noqa: FBT001 click
    roll_back: str | None,
    to_postgres: bool,  # noqa: FBT001 click
) -> None:
    """Publish the gated marts of a week as a new revision, or go back to an old one.

    With --diff: what a reader would notice if the marts in the warehouse were published
    now, or between two REVISIONS. A publication that takes tables, columns or types
    away is refused without --accept-breaking.
    """
    from heartshare.orchestration.steps import publishing

    others = sum([diff, is_list, roll_back is not None, to_postgres])
    if others > 1:
        raise click.UsageError(
            "Choose one of --diff, --list, --roll-back, --to-postgres."
        )
    if others and (week or accept_breaking):
        raise click.UsageError(
            "--week and --accept-breaking go with a publication, and with nothing else."
        )
    if revisions and not (diff and len(revisions) == 2):  # noqa: PLR2004 before, after
        raise click.UsageError("Two REVISIONS go with --diff, and with nothing else.")
    if as_json and not (diff or is_list):
        raise click.UsageError("--json goes with --diff or --list.")

    def step(settings: Settings, terminal: Terminal) -> None:
        if diff or is_list:
            click.echo(_seen(settings, revisions, is_list=is_list, as_json=as_json))
        elif to_postgres:
            publishing.copy_to_postgres(settings)
        elif roll_back is not None:
            revision = publishing.roll_back_to(settings, roll_back)
            again = "again" if revision.is_new else "already"
            terminal.say(f"Readers see {revision.name} {again} ({revision.path})")
        else:
            chosen = chosen_week(settings, week)
            publishing.publish_marts(settings, chosen, accepts_breaking=accept_breaking)
            publishing.copy_if_wanted(settings)

    run_step(context, step)


def _seen(
    settings: Settings, names: tuple[str, ...], *, is_list: bool, as_json: bool
) -> str:
    """Return the revisions on disk, or what differs, as text or JSON."""
    from heartshare.orchestration.steps.comparing import compare_publications
    from heartshare.warehouse.revision_diff_text import diff_lines
    from heartshare.warehouse.revision_listing import list_revisions, listing

    if is_list:
        states = list_revisions(settings)
        rows = [state.to_dict() for state in states]
        return json.dumps(rows, indent=2) if as_json else "\n".join(listing(states))
    pair = (names[0], names[1]) if names else None
    found = compare_publications(settings, pair)
    return (
        json.dumps(found.to_dict(), indent=2)
        if as_json
        else "\n".join(diff_lines(found))
    )
