"""Measure the marts: the core path, all of them, one week more, and other engines.

Run by `make bench-marts`; writes var/bench/marts.json and the section between the
markers of docs/performance.md. Seconds are those of the models, as dbt times them; what
dbt takes for parsing and between them stands beside. The core path is the sum of its
models in the build of all. The limit is one scan and hash aggregation by person and day
of the turns that the models read.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
import time
from datetime import timedelta
from pathlib import Path

import duckdb
import marts_build
import marts_peers
import marts_world

ROOT = Path(__file__).parents[2]
EVENTS = 10_000_000
#: Deduplication, facts, weeks and funnel, with all that they read.
CORE = (
    "+fct_interactions",
    "+fct_funnel_transitions",
    "+agg_weekly_funnel",
    "+agg_weekly_dialogue",
)
LIMIT = """
select count(*), sum(turn_count), sum(like_sum) from (
    select account_id, cast(occurred_at as date) as day, count(*) as turn_count,
        sum(like_count) as like_sum
    from intermediate.int_interactions__unioned group by all
)
"""


def moments(week_number: int) -> tuple[str, str]:
    """Return the Monday of a week, counted from 1, and the moment it is built as of."""
    monday = marts_world.FIRST_WEEK + timedelta(weeks=week_number - 1)
    return f"{monday}", f"{monday + timedelta(weeks=2)} 00:00:00"


def limit_seconds(warehouse: Path, rounds: int = 3) -> float:
    """Return the best of some rounds, each on a file just opened."""
    taken = []
    for _ in range(rounds):
        with duckdb.connect(str(warehouse), read_only=True) as connection:
            begun = time.perf_counter()
            connection.execute(LIMIT).fetchall()
            taken.append(time.perf_counter() - begun)
    return min(taken)


def told(name: str, found: dict) -> dict:
    print(
        f"  {name}: {found['seconds']} s in models, {found['dbt_seconds']} s in dbt, "
        f"{found['peak_gb']} GB",
        flush=True,
    )
    return found


def measure(events: int, folder: Path) -> dict:
    warehouse = folder / "warehouse.duckdb"
    weeks = marts_world.WEEKS
    print(f"A world of {events:,} turns")
    with duckdb.connect(str(warehouse)) as connection:
        connection.execute("set memory_limit = '8GB'")
        marts_world.make_world(connection, events)
    now = moments(weeks)
    marts_build.seeds(warehouse, folder, *now)
    full = told("all marts", marts_build.build(warehouse, folder, *now))
    limit = limit_seconds(warehouse)
    core = sum(full["models"][name] for name in marts_build.names(folder, *now, *CORE))
    print(f"  limit: {limit:.2f} s, core path: {core:.1f} s")
    monday = marts_world.FIRST_WEEK + timedelta(weeks=weeks)
    with duckdb.connect(str(warehouse)) as connection:
        marts_world.deliver(connection, monday, monday)
    after = moments(weeks + 1)
    week = told("a week more", marts_build.build(warehouse, folder, *after))
    print("The core path in other engines")
    peers = marts_peers.compare(warehouse, folder)
    return {
        "events": events,
        "limit_seconds": round(limit, 2),
        "core_seconds": round(core, 1),
        "core_ratio": round(core / limit, 1),
        "full_seconds": full["seconds"],
        "full_dbt_seconds": full["dbt_seconds"],
        "full_ratio": round(full["seconds"] / limit, 1),
        "week_seconds": week["seconds"],
        "week_share": round(week["seconds"] / full["seconds"], 3),
        "peak_gb": max(full["peak_gb"], week["peak_gb"]),
        "models": dict(list(full["models"].items())[:10]),
        "peers": peers,
    }


def page(found: dict) -> str:
    rows = [
        "| What | Seconds | To the limit |",
        "|---|---|---|",
        f"| limit: one scan and hash aggregation | {found['limit_seconds']} | 1 |",
        (
            f"| core path: deduplicate, facts, weeks, funnel | {found['core_seconds']} "
            f"| **{found['core_ratio']}** |"
        ),
        f"| all marts | {found['full_seconds']} | **{found['full_ratio']}** |",
        (
            f"| all marts with one week more | {found['week_seconds']} "
            f"| {found['week_share']:.0%} of all marts |"
        ),
    ]
    plain = ["| The plain core path in | Seconds | Peak memory |", "|---|---|---|"]
    plain += [
        f"| {name} | {each['seconds']} | "
        + (f"{each['peak_gb']} GB |" if "peak_gb" in each else "not measured |")
        for name, each in found["peers"].items()
    ]
    where = ", ".join(f"`{name}` {spent} s" for name, spent in found["models"].items())
    said = (
        f"{found['events']:,} turns of two years, a fifth of the threads delivered "
        f"twice. dbt itself took {found['full_dbt_seconds']} s more for parsing and "
        f"between models. The process peaked at **{found['peak_gb']} GB**."
    )
    return "\n".join([said, "", *rows, "", *plain, "", f"Slowest models: {where}."])


def write_between(path: Path, name: str, said: str) -> None:
    start, end = f"<!-- {name} -->", f"<!-- /{name} -->"
    text = path.read_text(encoding="utf-8")
    before, opening, rest = text.partition(start)
    _, closing, after = rest.partition(end)
    if not (opening and closing):
        sys.exit(f"{path}: the markers {start} and {end} are missing")
    path.write_text(f"{before}{start}\n\n{said}\n\n{end}{after}", "utf-8")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--events", type=int, default=EVENTS)
    parser.add_argument("--folder", type=Path, help="where the scratch database goes")
    options = parser.parse_args()
    target = ROOT / "var" / "bench"
    target.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=options.folder or target) as name:
        found = measure(options.events, Path(name))
    (target / "marts.json").write_text(json.dumps(found, indent=1))
    write_between(ROOT / "docs" / "performance.md", "bench-marts", page(found))
    print(page(found))


if __name__ == "__main__":
    main()
