"""Call dbt on the warehouse of the bench, in a process of its own, and weigh it."""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).parents[2]
PROJECT = ROOT / "dbt_project"


def build(
    warehouse: Path, folder: Path, week: str, as_of: str, *selection: str
) -> dict[str, object]:
    """Run the models of a selection (all of them when it is empty).

    Returns seconds (the models alone), dbt_seconds (parsing, and what dbt does between
    models), peak_gb of the process, and models: the seconds of each, slowest first.
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
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        sys.exit(f"dbt failed:\n{done.stdout[-4000:]}\n{done.stderr[-2000:]}")
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


def main() -> None:
    """Run dbt with the arguments given and print what it took as one line of JSON."""
    from dbt.cli.main import dbtRunner

    begun = time.perf_counter()
    answer = dbtRunner().invoke(sys.argv[1:])
    spent = time.perf_counter() - begun
    results = list(getattr(answer.result, "results", None) or [])
    if not answer.success:
        failed = [r.message for r in results if str(r.status) == "error"]
        sys.exit(str(answer.exception or failed))
    models = {item.node.name: round(item.execution_time, 2) for item in results}
    seconds = sum(models.values())
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 / 1024**3
    told = {
        "seconds": round(seconds, 1),
        "dbt_seconds": round(spent - seconds, 1),
        "peak_gb": round(peak, 2),
        "models": dict(sorted(models.items(), key=lambda item: -item[1])),
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
