"""Measure the whole gate on a fact of ten million acts in 26 weeks.

Run by `make bench-gate`; writes var/bench/gate.json. Every table is that of a built
home (`make demo` makes one); the facts that grow with the conversation, their themes,
scores and people are multiplied in a copy. What is measured is a process of its own, as
in production: Great Expectations is imported once, then all suites judge one week.
"""

from __future__ import annotations

import argparse
import json
import shutil
import subprocess
import sys
import time
from pathlib import Path
from zoneinfo import ZoneInfo

import duckdb
from memory import peak_gb

from heartshare.orchestration.dbt_runner import published_tables
from heartshare.quality.checks import Scope, open_judge
from heartshare.quality.gate import State
from heartshare.quality.suites import load_suites
from heartshare.settings import Settings
from heartshare.warehouse.marts_copy import STORAGE_VERSION
from heartshare.weeks import ReportingWeek

ROOT = Path(__file__).parents[2]
ROWS = 10_000_000
WEEKS = 26
TEXTS = 1_000_000
PEOPLE = 500_000

#: The rows of the fact again and again, each under its own keys and in another week.
_FACTS = f"""
create temp table again as
with source as (
    select *, row_number() over (order by interaction_key) - 1 as position
    from marts.fct_interactions
),
numbers as (
    select i, i % total as position
    from range($rows) as numbers (i), (select count(*) as total from source) as counted
),
drawn as (
    select
        source.*, numbers.i,
        $week::date - 7 * (numbers.i % {WEEKS})::integer as new_week
    from numbers
    inner join source
    on source.position = numbers.position
)
select * exclude (position, i, new_week) replace (
    md5('act' || i) as interaction_key,
    md5('person' || i % {PEOPLE}) as person_key,
    md5('thread' || i // 9) as thread_key,
    case when text_key is not null then md5('text' || i % {TEXTS}) end as text_key,
    new_week as occurred_week,
    occurred_date + (new_week - occurred_week)::integer as occurred_date,
    occurred_at + to_days((new_week - occurred_week)::integer) as occurred_at
)
from drawn
"""
_OTHERS = f"""
drop view marts.fct_interactions;
create table marts.fct_interactions as
from again order by occurred_week;
create or replace table marts.fct_interaction_themes as
select interaction_key, theme_code from again where theme_code is not null;
update reports.rpt_weekly_issues as issues set mention_count = (
    select count(*) from again
    where again.theme_code = issues.theme_code
    and again.occurred_week = issues.week_start
    and again.actor_class_code = 'stakeholder'
)
where issues.week_start = (select max(occurred_week) from again);
create or replace table raw.listening__text_scores as
select source.* replace (md5('text' || i) as text_hash)
from range({TEXTS}) as numbers (i), (
    select * from raw.listening__text_scores
    where compound_score is not null order by text_hash limit 1
) as source;
create or replace table marts.bdg_people_accounts as
select source.* replace (
    md5('person' || i) as person_key, md5('person' || i) as account_person_key
)
from range({PEOPLE}) as numbers (i), (
    select * from marts.bdg_people_accounts order by account_person_key limit 1
) as source;
create or replace table marts.dim_people as
select source.* replace (md5('person' || i) as person_key)
from range({PEOPLE}) as numbers (i), (
    select * from marts.dim_people order by person_key limit 1
) as source;
"""


def enlarge(source: Path, target: Path, week: ReportingWeek, rows: int) -> None:
    """Copy a built warehouse and give it so many acts in the weeks up to ``week``."""
    target.parent.mkdir(parents=True, exist_ok=True)
    partial = target.with_suffix(".part")
    shutil.copyfile(source, partial)
    with duckdb.connect(str(partial)) as connection:
        connection.execute("set preserve_insertion_order = false")
        connection.execute(_FACTS, {"rows": rows, "week": week.key})
        connection.execute(_OTHERS)
    partial.replace(target)


def publish(source: Path, target: Path) -> None:
    """Write what readers would see of a warehouse's weekly tables, for comparison."""
    with duckdb.connect() as connection:  # a read-only one could create no other file
        connection.execute(f"attach '{source}' as built (read_only)")
        connection.execute(
            f"attach '{target}' as seen (storage_version '{STORAGE_VERSION}')"
        )
        connection.execute("create schema seen.marts")
        for (table,) in connection.execute(
            "select table_name from duckdb_tables() where schema_name = 'marts'"
            " and database_name = 'built'"
            " and (table_name like 'agg_weekly_%' or table_name = 'fct_metric_weeks')"
        ).fetchall():
            connection.execute(
                f"create table seen.marts.{table} as from built.marts.{table}"
            )


def measure(scope: Scope) -> dict[str, object]:
    """Import the engine, run every suite once; return seconds and peak memory."""
    started = time.perf_counter()
    import great_expectations.expectations  # noqa: F401 - what is measured

    import heartshare.quality.datasource  # noqa: F401

    imported = time.perf_counter()
    used = time.process_time()
    suites = load_suites(ROOT / "expectations" / "suites")
    slowest = {}
    passed = 0
    checks = 0
    with open_judge() as judge:
        outcomes = judge.judge(suites, scope)
        seconds, cpu = time.perf_counter() - imported, time.process_time() - used
        for suite in suites:
            at = time.process_time()
            judge.judge([suite], scope)
            slowest[suite.name] = round(time.process_time() - at, 3)
    checks = len(outcomes)
    passed = sum(one.state is State.PASSED for one in outcomes)
    broken = [one.ref for one in outcomes if one.state is State.BROKEN]
    return {
        "checks": checks,
        "passed": passed,
        "broken": broken,
        "import_seconds": round(imported - started, 3),
        "seconds": round(seconds, 3),
        "cpu_seconds": round(cpu, 3),
        "peak_gb": round(peak_gb(), 3),
        "cpu_by_suite": dict(sorted(slowest.items(), key=lambda item: -item[1])),
    }


def built_week(warehouse: Path) -> ReportingWeek:
    """Return the week of the last build of a warehouse."""
    with duckdb.connect(str(warehouse), read_only=True) as connection:
        rows = connection.execute(
            "select week_start::varchar from meta.builds"
            " order by build_number desc limit 1"
        ).fetchall()
    return ReportingWeek.parse(rows[0][0])


def main() -> None:
    """Enlarge a built home once, then measure the gate on it in another process."""
    options = parse_options()
    source = options.home / "warehouse.duckdb"
    if not source.is_file():
        sys.exit(f"{source} does not exist. Run `make demo`, or say --home FOLDER.")
    folder = options.output.parent / f"gate-{options.rows}"
    warehouse, seen = folder / "warehouse.duckdb", folder / "seen.duckdb"
    week = built_week(source)
    if options.measure:
        settings = Settings.from_env({"HEARTSHARE_HOME": str(options.home.absolute())})
        published = frozenset(published_tables(settings))
        zone = ZoneInfo("Europe/Dublin")
        print(json.dumps(measure(Scope(warehouse, week, zone, published, seen))))
        return
    shutil.rmtree(folder, ignore_errors=True)
    enlarge(source, warehouse, week, options.rows)
    publish(source, seen)
    command = [sys.executable, __file__, "--measure", "--home", str(options.home)]
    command += ["--rows", str(options.rows), "--output", str(options.output)]
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True)
    found = {"rows": options.rows, "weeks": WEEKS, **json.loads(done.stdout)}
    shutil.rmtree(folder)
    options.output.write_text(json.dumps(found, indent=2) + "\n", encoding="utf-8")
    print(
        f"{found['checks']} checks on {found['rows']:,} acts: {found['seconds']} s, "
        f"{found['cpu_seconds']} s CPU after an import of {found['import_seconds']} s, "
        f"{found['peak_gb']} GB at most; {found['passed']} passed"
    )


def parse_options() -> argparse.Namespace:
    """Return where the built home is, where to write, and how many acts to make."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--home", type=Path, default=ROOT / "var" / "demo")
    parser.add_argument(
        "--output", type=Path, default=ROOT / "var" / "bench" / "gate.json"
    )
    parser.add_argument("--rows", type=int, default=ROWS)
    parser.add_argument("--measure", action="store_true", help=argparse.SUPPRESS)
    return parser.parse_args()


if __name__ == "__main__":
    main()
