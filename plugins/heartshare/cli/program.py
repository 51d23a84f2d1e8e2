"""The command line as a whole; the exit code says what to do next."""

from __future__ import annotations

import logging
import os
import sys
import tempfile
import traceback
from pathlib import Path
from typing import NoReturn

import click

from heartshare.cli import (
    delivery,
    documents,
    exports,
    listening,
    marts,
    people,
    publication,
    reports,
    whole_weeks,
)
from heartshare.errors import HeartshareError
from heartshare.settings import Settings

EXIT_CODES = """Exit codes: 0 done; 2 wrong usage; 3 correct an input or a setting;
4 the gate holds the week; 5 something was busy, run it again; 1 a fault in
heartshare."""


@click.group(epilog=EXIT_CODES, context_settings={"max_content_width": 88})
@click.option("-v", "--verbose", is_flag=True, help="Say more; show tracebacks.")
@click.version_option(package_name="heartshare")
@click.pass_context
def commands(context: click.Context, verbose: bool) -> None:  # noqa: FBT001 click
    """Is advocacy growing, where is it stuck, what should we do this week?

    Each command is one step of the weekly run, in this order: land, score, build, gate,
    publish, report. `run` does them all through Airflow, in this process.
    """
    context.obj = verbose


for command in (
    exports.inspect,
    exports.pull,
    exports.land,
    listening.score,
    marts.build,
    marts.gate,
    publication.publish,
    reports.report,
    whole_weeks.run,
    whole_weeks.backfill,
    whole_weeks.demo,
    whole_weeks.up,
    listening.label,
    people.worklist,
    people.forget,
    delivery.outbox,
    documents.metrics,
    documents.docs,
    documents.catalogue_messages,
):
    commands.add_command(command)


def main() -> None:
    """Run the command line; our errors end in one sentence and their exit code."""
    is_verbose = any(argument in {"-v", "--verbose"} for argument in sys.argv[1:])
    status = 0
    try:
        commands(prog_name="heartshare")
    except HeartshareError as error:
        if is_verbose:
            traceback.print_exc()
        click.echo(f"{_family(error)}: {error}", err=True)
        status = error.exit_status
    except Exception as error:
        from heartshare.warehouse.disk_space import DiskFullError, is_full

        if not is_full(error):
            raise
        if is_verbose:
            traceback.print_exc()
        full = DiskFullError(_unwritten(error))
        click.echo(f"{_family(full)}: {full}", err=True)
        status = full.exit_status
    except SystemExit as end:
        status = end.code if isinstance(end.code, int) else 1
    _leave(status)


def _unwritten(error: Exception) -> Path:
    """Return the file that a full disk refused; the fullest folder if none is named."""
    from heartshare.warehouse.disk_space import fullest

    name = error.filename if isinstance(error, OSError) else None
    if isinstance(name, str):
        return Path(name)
    return fullest([Settings.from_env(os.environ).home, Path(tempfile.gettempdir())])


def _leave(status: int) -> NoReturn:
    """End the process; where Airflow ran in it, without waiting for its threads.

    Its in-process server leaves threads that hold on to open modules, about which the
    libraries then complain on the terminal.
    """
    if "airflow" in sys.modules:
        logging.shutdown()
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(status)
    sys.exit(status)


def _family(error: HeartshareError) -> str:
    return {3: "Input", 4: "Held", 5: "Busy"}.get(error.exit_status, "Error")
