"""The core path in plain DuckDB, PostgreSQL, pandas and polars, from one Parquet file.

Newest version of each turn, facts with keys and the person answered, person-weeks,
levels by active weeks of the last eight, and the moves between levels. Without text
rules and identities, which the models have on top. All do the same: keys are the ids
behind the platform's code, and facts, weeks and levels are written, by the three in a
process as Parquet of one compression, by PostgreSQL as its own tables and a checkpoint,
without a log. PostgreSQL's loading is not counted, nor its CPU seconds measured.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import duckdb
from marts_build import cpu_seconds
from memory import peak_gb

HERE = Path(__file__).parent
SQL = (HERE / "marts_peers.sql").read_text(encoding="utf-8")
ENGINES = ("duckdb", "polars", "pandas", "postgresql")
TABLES = ("facts", "person_weeks", "funnel")
CHECK = """
select (select count(*) from facts), (select sum(score_sum) from person_weeks),
    (select sum(reply_count) from person_weeks), (select count(*) from person_weeks),
    (select sum(level_number) from funnel),
    (select count(*) from funnel where level_number > previous_level),
    (select count(*) from funnel where level_number < previous_level)
"""
EXPORT = """
copy (
    select 'discourse' as platform_code, posts.post_id as source_id,
        posts.topic_id as thread_id, parents.post_id as parent_id,
        posts.user_id as author_id, posts.created_at as occurred_at,
        posts.like_count as score_count, posts._exported_at as exported_at
    from raw.discourse__posts as posts
    left join (
        select topic_id, post_number, min(post_id) as post_id
        from raw.discourse__posts group by all
    ) as parents
        on posts.topic_id = parents.topic_id
        and posts.reply_to_post_number = parents.post_number
    union all
    select 'reddit', fullname, fullname, null, author_fullname, created_at, score_count,
        _exported_at
    from raw.reddit__submissions
    union all
    select 'reddit', fullname, link_fullname, parent_fullname, author_fullname,
        created_at, score_count, _exported_at
    from raw.reddit__comments
    union all
    select 'support', tweet_id, tweet_id, reply_to_tweet_id, author_id, created_at, 0,
        _exported_at
    from raw.support__tweets
) to '{path}' (format parquet)
"""


def compare(warehouse: Path, folder: Path) -> dict[str, dict[str, float]]:
    """Run every engine on the turns of a warehouse, each in a process of its own.

    All must come to the same figures. PostgreSQL is left out where it is not installed.
    """
    install(folder)
    path = folder / "delivered.parquet"
    with duckdb.connect(str(warehouse), read_only=True) as connection:
        connection.execute(EXPORT.format(path=path))
    found = {}
    for engine in ENGINES:
        if engine == "postgresql" and postgres_folder() is None:
            print("  PostgreSQL is not installed and left out")
            continue
        done = subprocess.run(
            [sys.executable, __file__, engine, str(path), str(folder)],
            capture_output=True, text=True, check=False,
        )  # fmt: skip
        if done.returncode:
            sys.exit(f"{engine} failed:\n{done.stderr[-3000:]}")
        found[engine] = json.loads(done.stdout.splitlines()[-1])
        cpu = found[engine].get("cpu_seconds", "unmeasured")
        print(
            f"  {time.strftime('%H:%M:%S')} the plain core path in {engine}: "
            f"{cpu} CPU s, {found[engine]['seconds']} s",
            flush=True,
        )
    figures = {tuple(each.pop("figures")) for each in found.values()}
    if len(figures) != 1:
        sys.exit(f"the engines disagree: {figures}")
    return found


def postgres_folder() -> Path | None:
    """Return where PostgreSQL's programs are, or None."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    return found[-1].parent if found else None


def install(folder: Path) -> None:
    """Put polars into the folder; the project itself does not need it."""
    target = folder / "polars"
    if not target.exists():
        subprocess.run(
            [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--target",
             target, "--require-hashes", "-r", HERE / "polars.txt"],
            check=True,
        )  # fmt: skip


def run_duckdb(path: Path, folder: Path) -> list[int]:
    """Return the figures; the tables are held in memory and written as Parquet."""
    with duckdb.connect() as connection:
        connection.execute("set preserve_insertion_order = false")
        connection.execute(f"create view delivered as select * from '{path}'")
        connection.execute(SQL)
        for table in TABLES:
            written = folder / f"duckdb_{table}.parquet"
            connection.execute(
                f"copy {table} to '{written}' (format parquet, compression zstd)"
            )
        return [int(value) for value in connection.execute(CHECK).fetchall()[0]]


def run_pandas(path: Path, folder: Path) -> list[int]:
    """Return the figures; whole columns at a time, no function called per row."""
    import pandas as pd

    read = pd.read_parquet(path)
    turns = (
        read.sort_values("exported_at", ascending=False, kind="stable")
        .drop_duplicates(["platform_code", "source_id"])
        .reset_index(drop=True)
    )
    parents = turns[["platform_code", "source_id", "author_id"]].set_axis(
        ["platform_code", "parent_id", "parent_author"], axis=1
    )
    turns = turns.merge(parents, how="left", on=["platform_code", "parent_id"])
    behind = turns["platform_code"] + "|"
    facts = pd.DataFrame(
        {
            "interaction_key": behind + turns["source_id"],
            "person_key": behind + turns["author_id"],
            "parent_person_key": behind + turns["parent_author"],
            "platform_code": turns["platform_code"],
            "thread_id": turns["thread_id"],
            "score_count": turns["score_count"],
            "week": (turns["occurred_at"].dt.to_period("W").dt.start_time),
        }
    )
    weeks = facts.groupby(["person_key", "week"], as_index=False).agg(
        act_count=("interaction_key", "size"),
        reply_count=("parent_person_key", "count"),
        score_sum=("score_count", "sum"),
    )
    weeks = weeks.sort_values(["person_key", "week"], ignore_index=True)
    active = 0
    for step in range(8):
        same = weeks["person_key"].eq(weeks["person_key"].shift(step))
        near = weeks["week"] - weeks["week"].shift(step) <= pd.Timedelta(days=49)
        active = active + (same & near).astype(int)
    weeks["level"] = (active >= 2).astype(int) + (active >= 4).astype(int)
    before = weeks.groupby("person_key")["level"].shift()
    for name, table in (
        ("facts", facts),
        ("person_weeks", weeks.drop(columns="level")),
        ("funnel", weeks.assign(active=active, previous_level=before)),
    ):
        table.to_parquet(folder / f"pandas_{name}.parquet", compression="zstd")
    return [
        len(facts), int(weeks["score_sum"].sum()), int(weeks["reply_count"].sum()),
        len(weeks), int(weeks["level"].sum()), int((weeks["level"] > before).sum()),
        int((weeks["level"] < before).sum()),
    ]  # fmt: skip


def run_polars(path: Path, folder: Path) -> list[int]:
    """Return the figures; lazily, collected where a table is written."""
    sys.path.insert(0, str(folder / "polars"))
    import polars as pl

    turns = (
        pl.scan_parquet(path)
        .sort("exported_at", descending=True)
        .unique(["platform_code", "source_id"], keep="first")
        .collect()
        .lazy()
    )
    parents = turns.select(
        "platform_code", parent_id="source_id", parent_person="author_id"
    )
    facts = (
        turns.join(parents, how="left", on=["platform_code", "parent_id"])
        .select(
            "platform_code",
            "thread_id",
            "score_count",
            interaction_key=pl.col("platform_code") + "|" + pl.col("source_id"),
            person_key=pl.col("platform_code") + "|" + pl.col("author_id"),
            parent_person=pl.col("platform_code") + "|" + pl.col("parent_person"),
            week=pl.col("occurred_at").dt.truncate("1w"),
        )
        .collect()
    )
    weeks = (
        facts.group_by("person_key", "week")
        .agg(
            act_count=pl.len(),
            reply_count=pl.col("parent_person").count(),
            score_sum=pl.col("score_count").sum(),
        )
        .sort("person_key", "week")
    )
    near = [
        (
            (pl.col("person_key") == pl.col("person_key").shift(step))
            & (pl.col("week") - pl.col("week").shift(step) <= pl.duration(days=49))
        )
        .fill_null(value=False)
        .cast(pl.Int64)
        for step in range(1, 8)
    ]
    weeks = (
        weeks.with_columns(active=1 + sum(near))
        .with_columns(
            level=(pl.col("active") >= 2).cast(pl.Int64)
            + (pl.col("active") >= 4).cast(pl.Int64)
        )
        .with_columns(before=pl.col("level").shift().over("person_key"))
    )
    for name, table in (
        ("facts", facts),
        ("person_weeks", weeks.drop("active", "level", "before")),
        ("funnel", weeks),
    ):
        table.write_parquet(folder / f"polars_{name}.parquet", compression="zstd")
    return [
        facts.height, weeks["score_sum"].sum(), int(weeks["reply_count"].sum()),
        weeks.height, weeks["level"].sum(),
        weeks.filter(pl.col("level") > pl.col("before")).height,
        weeks.filter(pl.col("level") < pl.col("before")).height,
    ]  # fmt: skip


def run_postgresql(path: Path, folder: Path) -> tuple[list[int], float]:
    """Return the figures and the seconds without loading, on a server of its own."""
    table = folder / "delivered.csv"
    duckdb.execute(f"copy (select * from '{path}') to '{table}' (header false)")
    programs = postgres_folder()
    data = Path(tempfile.mkdtemp(prefix="heartshare-bench-"))
    owner = []
    if os.geteuid() == 0:  # PostgreSQL refuses to run as root
        shutil.chown(data, "postgres", "postgres")
        owner = ["runuser", "-u", "postgres", "--"]

    def call(*command: object, given: str | None = None) -> str:
        done = subprocess.run(
            [*owner, *map(str, command)], cwd=data, check=True, text=True,
            stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, input=given,
        )  # fmt: skip
        return done.stdout

    call(programs / "initdb", "-D", data / "db", "-U", "postgres", "--auth=trust")
    with (data / "log").open("wb"):
        (data / "log").chmod(0o666)
    options = (
        f"-c listen_addresses= -c unix_socket_directories={data} -c fsync=off "
        "-c work_mem=512MB -c shared_buffers=1GB -c max_wal_size=8GB"
    )
    start = [*owner, programs / "pg_ctl", "-D", data / "db", "-o", options]
    start += ["-l", data / "log", "-w", "start"]
    subprocess.run(
        list(map(str, start)), cwd=data, check=True, stdout=subprocess.DEVNULL
    )
    psql = ("psql", "-q", "-h", data, "-U", "postgres", "-v", "ON_ERROR_STOP=1", "-At")
    try:
        call(*psql, "-c",
             "create unlogged table delivered (platform_code text, source_id text, "
             "thread_id text, parent_id text, author_id text, occurred_at timestamp, "
             "score_count bigint, exported_at timestamp)")  # fmt: skip
        with table.open("rb") as rows:
            subprocess.run(
                [*owner, *map(str, psql), "-c", "copy delivered from stdin csv"],
                cwd=data, check=True, stdin=rows,
            )  # fmt: skip
        call(*psql, "-c", "analyze delivered")
        begun = time.perf_counter()
        unlogged = SQL.replace("create table", "create unlogged table")
        call(*psql, given=f"{unlogged}\ncheckpoint;")
        spent = time.perf_counter() - begun
        told = call(*psql, "-c", CHECK).strip().split("|")
    finally:
        call(programs / "pg_ctl", "-D", data / "db", "-m", "fast", "-w", "stop")
        shutil.rmtree(data)
        table.unlink()
    return [int(value) for value in told], spent


def main() -> None:
    """Run one engine and print what it took and found as one line of JSON."""
    engine, path, folder = sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3])
    begun, cpu = time.perf_counter(), cpu_seconds()
    if engine == "postgresql":
        figures, spent = run_postgresql(path, folder)
        print(json.dumps({"seconds": round(spent, 1), "figures": figures}))
        return
    runners = {"duckdb": run_duckdb, "pandas": run_pandas, "polars": run_polars}
    figures = runners[engine](path, folder)
    told = {
        "cpu_seconds": round(cpu_seconds() - cpu, 1),
        "seconds": round(time.perf_counter() - begun, 1),
        "peak_gb": round(peak_gb(), 2),
        "figures": figures,
    }
    print(json.dumps(told))


if __name__ == "__main__":
    main()
