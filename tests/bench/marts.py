"""Measure the marts: the core path, all of them, one week more, and other engines.

Run by `make bench-marts`; writes var/bench/marts.json and the section between the
markers of docs/performance.md. CPU seconds (user and system, all threads) stand beside
seconds on the clock, which other work on the machine lengthens; both are those of the
models, and what dbt takes for parsing and between them stands beside. The core path is
the sum of its models in the build of all. The limit is one scan and hash aggregation by
person, week and kind of turn over the raw rows, with nothing written.
"""

from __future__ import annotations

import argparse
import json
import os
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
MEMORY = "8GB"
#: Deduplication, facts, weeks and funnel, with all that they read.
CORE = (
    "+fct_interactions",
    "+fct_funnel_transitions",
    "+agg_weekly_funnel",
    "+agg_weekly_dialogue",
)
LIMIT = """
select count(*), sum(turn_count), sum(score_sum) from (
    select platform_code, author_id, date_trunc('week', created_at) as week_start,
        verb_code, count(*) as turn_count, sum(score_count) as score_sum
    from (
        select 'discourse' as platform_code, user_id as author_id, created_at,
            case when post_number = 1 then 'create' else 'reply' end as verb_code,
            like_count as score_count
        from raw.discourse__posts
        union all
        select 'reddit', author_fullname, created_at, 'create', score_count
        from raw.reddit__submissions
        union all
        select 'reddit', author_fullname, created_at, 'reply', score_count
        from raw.reddit__comments
        union all
        select 'support', author_id, created_at,
            case when reply_to_tweet_id is null then 'create' else 'reply' end, 0
        from raw.support__tweets
    )
    group by all
)
"""


def moments(week_number: int) -> tuple[str, str]:
    """Return the Monday of a week, counted from 1, and the moment it is built as of."""
    monday = marts_world.FIRST_WEEK + timedelta(weeks=week_number - 1)
    return f"{monday}", f"{monday + timedelta(weeks=2)} 00:00:00"


def limit(warehouse: Path, rounds: int = 3) -> dict[str, float]:
    """Return what the best of some rounds took, each on a file just opened."""
    taken = []
    for _ in range(rounds):
        with duckdb.connect(str(warehouse), read_only=True) as connection:
            cpu, begun = marts_build.cpu_seconds(), time.perf_counter()
            connection.execute(LIMIT).fetchall()
            spent = time.perf_counter() - begun
            taken.append((marts_build.cpu_seconds() - cpu, spent))
    cpu, seconds = min(taken)
    return {"cpu_seconds": round(cpu, 2), "seconds": round(seconds, 2)}


def load_week(warehouse: Path, week_number: int) -> dict[str, float]:
    """Land the exports of one more week; return what that took."""
    monday = marts_world.FIRST_WEEK + timedelta(weeks=week_number - 1)
    cpu, begun = marts_build.cpu_seconds(), time.perf_counter()
    with duckdb.connect(str(warehouse)) as connection:
        marts_world.deliver(connection, monday, monday)
    return {
        "cpu_seconds": round(marts_build.cpu_seconds() - cpu, 1),
        "seconds": round(time.perf_counter() - begun, 1),
    }


def say(name: str, found: dict) -> None:
    """Tell what one stage took, at once, because a run takes long."""
    peak = f", {found['peak_gb']} GB" if "peak_gb" in found else ""
    more = (
        f"; dbt beside them {found['dbt_cpu_seconds']} CPU s"
        if "dbt_cpu_seconds" in found
        else ""
    )
    print(
        f"  {time.strftime('%H:%M:%S')} {name}: {found['cpu_seconds']} CPU s, "
        f"{found['seconds']} s{peak}{more}",
        flush=True,
    )


def prepare(warehouse: Path, folder: Path, events: int) -> None:
    """Make the world and load the seeds, which are no part of what is measured."""
    cpu, begun = marts_build.cpu_seconds(), time.perf_counter()
    with duckdb.connect(str(warehouse)) as connection:
        connection.execute(f"set memory_limit = '{MEMORY}'")
        marts_world.make_world(connection, events)
    marts_build.seeds(warehouse, folder, *moments(marts_world.WEEKS))
    took = {
        "cpu_seconds": round(marts_build.cpu_seconds() - cpu, 1),
        "seconds": round(time.perf_counter() - begun, 1),
    }
    say(f"a world of {events:,} turns", took)


def measure(events: int, folder: Path) -> dict:
    """Measure all but the other engines in an empty folder, as marts.json holds it."""
    warehouse, weeks = folder / "warehouse.duckdb", marts_world.WEEKS
    prepare(warehouse, folder, events)
    now, after = moments(weeks), moments(weeks + 1)
    least = limit(warehouse)
    say("the limit", least)
    core_names = set(marts_build.names(folder, *now, *CORE))
    full = marts_build.build(warehouse, folder, *now)
    say("all marts", full)
    chosen = [each for name, each in full["models"].items() if name in core_names]
    core = {
        "cpu_seconds": round(sum(each["cpu"] for each in chosen), 1),
        "seconds": round(sum(each["wall"] for each in chosen), 1),
    }
    say("of these, the core path", core)
    landed = load_week(warehouse, weeks + 1)
    say("the exports of a week more", landed)
    week = marts_build.build(warehouse, folder, *after)
    say("all marts with a week more", week)
    return {
        "events": events,
        **_both("limit", least),
        **_both("core", core),
        **_both("full", full),
        **_both("week", week),
        **_both("week_load", landed),
        "full_dbt_seconds": full["dbt_seconds"],
        "full_dbt_cpu_seconds": full["dbt_cpu_seconds"],
        "core_ratio": round(core["cpu_seconds"] / least["cpu_seconds"], 1),
        "full_ratio": round(full["cpu_seconds"] / least["cpu_seconds"], 1),
        "week_share": round(week["cpu_seconds"] / full["cpu_seconds"], 3),
        "peak_gb": max(full["peak_gb"], week["peak_gb"]),
        "models": dict(list(full["models"].items())[:15]),
        "peers": {},
    }


def _both(name: str, found: dict) -> dict[str, float]:
    return {
        f"{name}_seconds": found["seconds"],
        f"{name}_cpu_seconds": found["cpu_seconds"],
    }


def page(found: dict) -> str:
    """Return the section of docs/performance.md that says what was found."""
    where = ", ".join(
        f"`{name}` {each['cpu']} CPU s" for name, each in found["models"].items()
    )
    said = (
        f"{found['events']:,} turns of two years, a fifth of the threads delivered "
        f"twice. dbt itself took {found['full_dbt_cpu_seconds']} CPU s more for "
        f"parsing and between models. The process peaked at **{found['peak_gb']} GB**."
    )
    parts = [said, _stages(found), _peers(found["peers"]), f"Dearest models: {where}."]
    return "\n\n".join(part for part in parts if part)


def _stages(found: dict) -> str:
    def row(what: str, name: str, ratio: str) -> str:
        cpu, seconds = found[f"{name}_cpu_seconds"], found[f"{name}_seconds"]
        return f"| {what} | {cpu} | {seconds} | {ratio} |"

    rows = [
        "| What | CPU seconds | Seconds | CPU to the limit |",
        "|---|---|---|---|",
        row("limit: one scan and hash aggregation", "limit", "1"),
        row(
            "core path: deduplicate, facts, weeks, funnel",
            "core",
            f"**{found['core_ratio']}**",
        ),
        row("all marts", "full", f"**{found['full_ratio']}**"),
        row(
            "all marts with one week more",
            "week",
            f"{found['week_share']:.0%} of all marts",
        ),
        row("landing that week before it", "week_load", ""),
    ]
    return "\n".join(rows)


def _peers(peers: dict) -> str:
    if not peers:
        return "The other engines were left out of this run."
    rows = [
        "| The plain core path in | CPU seconds | Seconds | Peak memory |",
        "|---|---|---|---|",
    ]
    for name, each in peers.items():
        peak = f"{each['peak_gb']} GB" if "peak_gb" in each else "not measured"
        cpu = each.get("cpu_seconds", "not measured")
        rows.append(f"| {name} | {cpu} | {each['seconds']} | {peak} |")
    return "\n".join(rows)


def write_between(path: Path, name: str, said: str) -> None:
    """Put a text between the markers of that name in a page."""
    start, end = f"<!-- {name} -->", f"<!-- /{name} -->"
    text = path.read_text(encoding="utf-8")
    before, opening, rest = text.partition(start)
    _, closing, after = rest.partition(end)
    if not (opening and closing):
        sys.exit(f"{path}: the markers {start} and {end} are missing")
    path.write_text(f"{before}{start}\n\n{said}\n\n{end}{after}", "utf-8")


def main() -> None:
    """Measure, and write what was found."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--events", type=int, default=EVENTS)
    parser.add_argument("--folder", type=Path, help="where the scratch database goes")
    parser.add_argument(
        "--skip-peers", action="store_true", help="leave the other engines out"
    )
    parser.add_argument(
        "--keep-page", action="store_true", help="write marts.json, not the page"
    )
    options = parser.parse_args()
    os.environ.setdefault("HEARTSHARE_DUCKDB_MEMORY", MEMORY)
    target = ROOT / "var" / "bench"
    target.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=options.folder or target) as name:
        folder = Path(name)
        if not options.skip_peers:
            marts_peers.install(folder)
        found = measure(options.events, folder)
        # What was measured stands, even if another engine fails.
        (target / "marts.json").write_text(json.dumps(found, indent=1) + "\n")
        if not options.skip_peers:
            found["peers"] = marts_peers.compare(folder / "warehouse.duckdb", folder)
    (target / "marts.json").write_text(json.dumps(found, indent=1) + "\n")
    if not options.keep_page:
        write_between(ROOT / "docs" / "performance.md", "bench-marts", page(found))
    print(page(found))


if __name__ == "__main__":
    main()
