"""How do the DAGs run in one process, without a scheduler or a server?

The same DAG files and operators as in production; only the chaining is done here.
"""

from __future__ import annotations

import logging
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from heartshare.errors import GateError, HeartshareError
from heartshare.orchestration.metadata import (
    airflow_home,
    airflow_variables,
    migrate,
    prepare_environment,
)
from heartshare.orchestration.partitions import Mode
from heartshare.orchestration.steps.editions import due_editions
from heartshare.orchestration.terminal import Terminal, output_to

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from heartshare.settings import Settings
    from heartshare.weeks import ReportingWeek

LOGGER = logging.getLogger(__name__)
WEEKLY = ("pull_exports", "build_marts", "publish_weekly_report")
LATE = ("pull_late_exports", "build_marts", "publish_weekly_report")
#: Runs after these for a week with which the edition of a month or half-year is due.
EDITIONS = "publish_editions"


class BrokenDagsError(HeartshareError):
    """A DAG file cannot be imported."""

    def __init__(self, errors: dict[str, str]) -> None:
        shown = "; ".join(
            f"{name}: {text.strip().splitlines()[-1]}" for name, text in errors.items()
        )
        super().__init__(f"Airflow cannot load the DAGs: {shown}")


class RunHeldError(GateError):
    """The gate held a week of an embedded run."""

    def __init__(self, week: ReportingWeek) -> None:
        super().__init__(
            f"{week.label} is held. "
            f"Next step: heartshare gate --week {week.label} --explain"
        )


class RunFailedError(HeartshareError):
    """A task of an embedded run failed; ends with the exit code of its reason."""

    def __init__(self, result: DagResult, week: ReportingWeek, log: Path) -> None:
        failed = ", ".join(result.failed) or result.state
        why = f" {result.reason}" if result.reason else ""
        super().__init__(
            f"{result.dag_id} of {week.label} failed at {failed}.{why} Airflow's own "
            f"log: {log}"
        )
        if result.reason:
            self.exit_status = result.reason.exit_status  # type: ignore[misc]


class EditionsFailedError(HeartshareError):
    """Editions were due and not made; the weeks themselves ended well."""

    def __init__(self, failures: Sequence[RunFailedError]) -> None:
        super().__init__(
            "The weeks ended well; editions that were due with them are missing. "
            + " ".join(str(failure) for failure in failures)
        )
        self.exit_status = failures[0].exit_status  # type: ignore[misc]


@dataclass(frozen=True)
class DagResult:
    """How one DAG ended: its state, and the states of its tasks by name."""

    dag_id: str
    state: str
    tasks: dict[str, str]
    seconds: float
    reason: HeartshareError | None = None

    @property
    def is_success(self) -> bool:
        """Whether every task that had to run ended well."""
        return self.state == "success"

    @property
    def failed(self) -> list[str]:
        """The tasks that failed by themselves, not for want of another."""
        return sorted(name for name, state in self.tasks.items() if state == "failed")

    @property
    def is_held(self) -> bool:
        """Whether the gate held the week."""
        return "hold_week" in self.failed

    def sentence(self, week: ReportingWeek) -> str:
        """Say in one line how the DAG ended."""
        done = sum(state == "success" for state in self.tasks.values())
        end = "ended with the week held" if self.is_held else self.state
        return (
            f"{self.dag_id} {week.label}: {end}, {done} of {len(self.tasks)} tasks, "
            f"{self.seconds} s"
        )


class EmbeddedAirflow:
    """The DAGs of a checkout, loaded once into this process."""

    def __init__(self, settings: Settings) -> None:
        home = airflow_home(settings)
        variables = airflow_variables(home)
        prepare_environment(variables)
        migrate(home, variables)
        self._dags = _load(home.dags)

    def run_week(
        self, week: ReportingWeek, mode: Mode, dag_ids: Sequence[str] = WEEKLY
    ) -> Iterator[DagResult]:
        """Run DAGs for a week, one after the other, until one does not end well."""
        for dag_id in dag_ids:
            result = self.run(dag_id, {"week": week.key, "mode": mode.value})
            yield result
            if not result.is_success:
                return

    def run(self, dag_id: str, conf: dict[str, Any]) -> DagResult:
        """Run one DAG to its end."""
        from heartshare.orchestration.failures import raised

        raised.clear()
        start = time.monotonic()
        run = self._dags[dag_id].test(run_conf={**conf, "is_embedded": True})
        tasks = {ti.task_id: str(ti.state or "none") for ti in run.get_task_instances()}
        result = DagResult(
            dag_id,
            str(run.state),
            tasks,
            round(time.monotonic() - start, 1),
            raised[-1] if raised else None,
        )
        LOGGER.debug("%s ended as %s in %s s", dag_id, result.state, result.seconds)
        return result


def run_weeks(
    settings: Settings,
    weeks: Sequence[ReportingWeek],
    mode: Mode,
    *,
    is_verbose: bool = False,
) -> list[DagResult]:
    """Run weeks one after the other with progress on the terminal.

    Raises:
        RunHeldError: the gate held a week; later weeks did not run.
        RunFailedError: names the tasks that failed.
        EditionsFailedError: all weeks ran, but an edition could not be made.
    """
    results: list[DagResult] = []
    missed: list[RunFailedError] = []
    log = airflow_home(settings).log
    chain = LATE if mode is Mode.LATE else WEEKLY
    with output_to(log) as stream:
        terminal = Terminal(stream)
        with terminal.listening(is_verbose=is_verbose):
            airflow = EmbeddedAirflow(settings)

            def run(week: ReportingWeek, dag_ids: Sequence[str]) -> None:
                for result in airflow.run_week(week, mode, dag_ids):
                    results.append(result)
                    terminal.say(result.sentence(week))

            for week in weeks:
                run(week, chain)
                require_success(results[-1], week, log)
                if mode is Mode.BACKFILL or not due_editions(settings, week):
                    continue
                run(week, (EDITIONS,))
                if not results[-1].is_success:
                    missed.append(RunFailedError(results[-1], week, log))
                    terminal.say(str(missed[-1]), "yellow")
    if missed:
        raise EditionsFailedError(missed)
    return results


def require_success(result: DagResult, week: ReportingWeek, log: Path) -> None:
    """Pass silently when a DAG ended well.

    Raises:
        RunHeldError: the gate held the week.
        RunFailedError: names the tasks that failed.
    """
    if result.is_held:
        raise RunHeldError(week)
    if not result.is_success:
        raise RunFailedError(result, week, log)


def _load(folder: Path) -> dict[str, Any]:
    from airflow.dag_processing.dagbag import DagBag

    bag = DagBag(dag_folder=str(folder))
    if bag.import_errors:
        raise BrokenDagsError(bag.import_errors)
    return dict(bag.dags)
