"""Commands for tone: scores for texts, and labels by people."""

from __future__ import annotations

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
@click.pass_context
def score(context: click.Context) -> None:
    """Give every new text a language and a tone."""
    from heartshare.orchestration.steps.scoring import score_texts

    run_step(context, lambda settings, at: score_texts(settings, progress=at.advance))


@click.command()
@WEEK
@click.option(
    "--size",
    type=click.IntRange(min=30),
    default=200,
    show_default=True,
    help="Texts in the sample.",
)
@click.option(
    "--read",
    "file",
    is_flag=False,
    flag_value=Path(),
    type=click.Path(path_type=Path),
    metavar="[FILE]",
    help="Read the labelled sheet back; default: where it was written.",
)
@click.option("--new-sample", is_flag=True, help="Draw anew; keep labels in both.")
@click.pass_context
def label(
    context: click.Context,
    week: ReportingWeek | None,
    size: int,
    file: Path | None,
    new_sample: bool,  # noqa: FBT001 click
) -> None:
    """Write a sample of the week's texts for people to label, or read it back.

    Labels give the week's tone its error bar; half an hour a week is enough.
    """
    from heartshare.orchestration.steps.label_reading import read_back
    from heartshare.orchestration.steps.labelling import write_sample

    def step(settings: Settings, _: Terminal) -> None:
        chosen = chosen_week(settings, week)
        if file is None:
            drawn = write_sample(settings, chosen, size=size, is_new=new_sample)
            click.echo(drawn.instructions(chosen))
        else:
            named = file if file != Path() else None
            click.echo(read_back(settings, chosen, named).told())

    run_step(context, step)
