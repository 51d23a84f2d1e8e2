"""Where a command finds its settings and week, and how its step is shown."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import click

from heartshare.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Callable

    from heartshare.orchestration.terminal import Terminal
    from heartshare.weeks import ReportingWeek


def settings_here() -> Settings:
    """Return the settings of this environment."""
    return Settings.from_env(os.environ)


def chosen_week(settings: Settings, week: ReportingWeek | None) -> ReportingWeek:
    """Return the week that was named, or the last one that has ended."""
    from heartshare.orchestration.partitions import last_closed_week

    return week or last_closed_week(datetime.now(UTC), settings.timezone)


def run_step(
    context: click.Context, step: Callable[[Settings, Terminal], object]
) -> None:
    """Run one step and show what it says."""
    from heartshare.orchestration.terminal import Terminal

    settings = settings_here()
    settings.make_home()
    terminal = Terminal()
    with terminal.listening(is_verbose=context.obj):
        step(settings, terminal)


def run_embedded(
    context: click.Context,
    settings: Settings,
    weeks: list[ReportingWeek],
    mode: Any,  # noqa: ANN401 Mode is imported lazily
) -> None:
    """Run weeks through Airflow in this process and show how each DAG run ended."""
    from heartshare.orchestration.embedded import run_weeks

    settings.make_home()
    for result in run_weeks(settings, weeks, mode, is_verbose=context.obj):
        click.echo(f"{result.dag_id} {result.state}")
