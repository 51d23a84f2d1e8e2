"""Call dbt on the warehouse of the bench, in a process of its own, and weigh it."""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

from memory import peak_gb

ROOT = Path(__file__).parents[2]
PROJECT = ROOT / "dbt_project"


def build(
    warehouse: Path, folder: Path, week: str, as_of: str, *selection: str
) -> dict[str, Any]:
    """Run the models of a selection (all of them when it is empty).

    Returns seconds and cpu_seconds (the models alone), dbt_seconds and dbt_cpu_seconds
    (parsing, and what dbt does between models), peak_gb of the process, and models: by
    name the CPU seconds and the seconds of each, dearest first. Each model that takes
    five seconds or more is told on stderr when it is done.
    """
    variables = {"week": week, "as_of": as_of, "timezone": "Europe/Dublin"}
    called = [
        *("--quiet", "--no-use-colors", "--log-path", folder / "logs"),
        *("run", "--project-dir", PROJECT, "--profiles-dir", PROJECT),
        *("--target-path", folder / "target", "--vars", json.dumps(variables)),
        *(("--select", *selection) if selection else ()),
    ]
    done = subprocess.run(
        [sys.executable, __file__, *map(str, called)],
        env={
            **os.environ,
            "HEARTSHARE_WAREHOUSE": str(warehouse),
            "HEARTSHARE_DBT_KEEP_OPEN": "true",
            "DO_NOT_TRACK": "1",
        },
        stdout=subprocess.PIPE,
        text=True,
        check=False,
    )
    if done.returncode:
        sys.exit(f"dbt failed:\n{done.stdout[-4000:]}")
    return json.loads(done.stdout.splitlines()[-1])


def names(folder: Path, week: str, as_of: str, *selection: str) -> list[str]:
    """Return which models a selection holds."""
    variables = {"week": week, "as_of": as_of, "timezone": "Europe/Dublin"}
    called = ["--quiet", "ls", "--resource-type", "model", "--output", "name"]
    called += ["--project-dir", PROJECT, "--profiles-dir", PROJECT]
    called += ["--target-path", folder / "target", "--log-path", folder / "logs"]
    called += ["--vars", json.dumps(variables), "--select", *selection]
    done = subprocess.run(
        [Path(sys.executable).with_name("dbt"), *map(str, called)],
        env={**os.environ, "HEARTSHARE_WAREHOUSE": str(folder / "warehouse.duckdb")},
        check=True,
        capture_output=True,
        text=True,
    )
    return done.stdout.split()


def cpu_seconds() -> float:
    """Return the CPU seconds of this process, user and system, all threads."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


class Meter:
    """Weighs each model between the moments at which dbt starts and ends it."""

    def __init__(self) -> None:
        self.models: dict[str, dict[str, float]] = {}
        self._begun = (0.0, 0.0)

    def __call__(self, event: Any) -> None:
        """Take one event of dbt; the project has one thread, so models do not mix."""
        if event.info.name == "NodeStart":
            self._begun = (cpu_seconds(), time.perf_counter())
        elif event.info.name == "LogModelResult":
            cpu, wall = (
                cpu_seconds() - self._begun[0],
                time.perf_counter() - self._begun[1],
            )
            name = event.data.node_info.node_name
            self.models[name] = {"cpu": round(cpu, 2), "wall": round(wall, 2)}
            if wall >= TOLD_SECONDS:
                place = f"{event.data.index} of {event.data.total}"
                told = f"    {place}: {name} {cpu:.1f} CPU s, {wall:.1f} s"
                print(told, file=sys.stderr, flush=True)


#: Models that take as long are told as they end.
TOLD_SECONDS = 5


def main() -> None:
    """Run dbt with the arguments given and print what it took as one line of JSON."""
    from dbt.cli.main import dbtRunner

    begun, meter = time.perf_counter(), Meter()
    answer = dbtRunner(callbacks=[meter]).invoke(sys.argv[1:])
    spent = time.perf_counter() - begun
    if not answer.success:
        results = list(getattr(answer.result, "results", None) or [])
        failed = [r.message for r in results if str(r.status) == "error"]
        sys.exit(str(answer.exception or failed))
    cpu = sum(each["cpu"] for each in meter.models.values())
    wall = sum(each["wall"] for each in meter.models.values())
    told = {
        "cpu_seconds": round(cpu, 1),
        "seconds": round(wall, 1),
        "dbt_cpu_seconds": round(cpu_seconds() - cpu, 1),
        "dbt_seconds": round(spent - wall, 1),
        "peak_gb": round(peak_gb(), 2),
        "models": dict(sorted(meter.models.items(), key=lambda one: -one[1]["cpu"])),
    }
    print(json.dumps(told))


def seeds(warehouse: Path, folder: Path, week: str, as_of: str) -> None:
    """Load the seeds, which are no part of what is measured."""
    variables = {"week": week, "as_of": as_of, "timezone": "Europe/Dublin"}
    called = ["seed", "--project-dir", PROJECT, "--profiles-dir", PROJECT]
    called += ["--target-path", folder / "target", "--log-path", folder / "logs"]
    subprocess.run(
        [
            Path(sys.executable).with_name("dbt"),
            *map(str, called),
            *("--vars", json.dumps(variables)),
        ],
        env={**os.environ, "HEARTSHARE_WAREHOUSE": str(warehouse)},
        check=True,
        capture_output=True,
    )


if __name__ == "__main__":
    main()
