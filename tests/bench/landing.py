"""Measure landing against DuckDB's own reading of the same files, and its memory.

Run by `make bench-landing`; writes var/bench/landing.json and the table between the
markers of docs/performance.md. Ratios are of medians of rounds in one run: both sides
create one table in a database file, DuckDB all as text, heartshare with types, rejects,
provenance and books.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
import zipfile
from datetime import UTC, datetime
from pathlib import Path

import duckdb

from heartshare.exports.landed_files import land_file
from heartshare.exports.landing import load_landing

ROOT = Path(__file__).parents[2]
CSV_ROWS = 1_000_000
JSON_ITEMS = 500_000
ZIP_BYTES = 5 * 1024**3
AT = datetime(2026, 11, 16, 3, tzinfo=UTC)
START, END = "<!-- bench-landing -->", "<!-- /bench-landing -->"
HEADER = (
    "tweet_id,author_id,inbound,created_at,text,response_tweet_id,"
    "in_response_to_tweet_id\n"
)
SPEECH = (
    "the bin lorry came late again and nobody at the depot could say when thank you "
    "for your help with my permit where can I renew it online please tell us more"
)
WORDS = SPEECH.split()


def sentence(rng: random.Random) -> str:
    return " ".join(rng.choices(WORDS, k=rng.randint(6, 30)))


def csv_rows(rng: random.Random, first: int, count: int) -> str:
    lines = []
    for number in range(first, first + count):
        text = sentence(rng)
        if number % 4 == 0:
            text = f'"{text}, ""she"" said\nand went"'
        parent = str(number - 1) if number % 3 else ""
        lines.append(
            f"{number},{rng.randint(1, 90_000)},{number % 2 == 0},"
            f"Tue Oct 31 22:{number % 60:02}:{rng.randint(0, 59):02} +0000 2017,"
            f"{text},,{parent}\n"
        )
    return "".join(lines)


def write_csv(path: Path) -> None:
    rng = random.Random(20261116)
    with path.open("w", encoding="utf-8") as file:
        file.write(HEADER)
        for first in range(1, CSV_ROWS + 1, 10_000):
            file.write(csv_rows(rng, first, 10_000))


def write_json(path: Path) -> None:
    rng = random.Random(20261117)
    with path.open("w", encoding="utf-8") as file:
        for number in range(JSON_ITEMS):
            comment = {
                "id": f"c{number:x}",
                "name": f"t1_c{number:x}",
                "parent_id": "t3_s1" if number % 3 else f"t1_c{number - 1:x}",
                "link_id": "t3_s1",
                "subreddit": "Rivermark",
                "author": f"reader_{number % 9000}",
                "author_fullname": f"t2_{number % 9000:x}",
                "body": f'{sentence(rng)} "so" they say\n{sentence(rng)}',
                "score": rng.randint(-5, 400),
                "created_utc": 1_772_438_400.0 + number,
                "edited": False,
                "distinguished": None,
                "is_submitter": number % 50 == 0,
            }
            file.write(f"{',' if number else '['}\n{json.dumps(comment)}")
        file.write("\n]\n")


def write_lines(path: Path, array: Path) -> None:
    """Write the items of an array as one object a line."""
    with (
        array.open(encoding="utf-8") as items,
        path.open("w", encoding="utf-8") as file,
    ):
        for line in items:
            item = line.strip().lstrip("[").rstrip(",]")
            if item:
                file.write(f"{item}\n")


def write_zip(path: Path) -> None:
    """Pack about five gigabytes of rows into one member; equal blocks, honest ratio."""
    rng = random.Random(20261118)
    block = csv_rows(rng, 1_000_000, 200_000).encode()
    with (
        zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive,
        archive.open("twcs.csv", "w", force_zip64=True) as member,
    ):
        member.write(HEADER.encode())
        for _ in range(ZIP_BYTES // len(block) + 1):
            member.write(block)


def seconds_of_duckdb(path: Path, reading: str, folder: Path) -> float:
    database = folder / "duckdb.duckdb"
    database.unlink(missing_ok=True)
    with duckdb.connect(str(database)) as connection:
        begun = time.perf_counter()
        connection.execute(f"create table t as select * from {reading}", [str(path)])
        connection.execute("checkpoint")
        return time.perf_counter() - begun


def seconds_of_landing(path: Path, folder: Path) -> tuple[float, int]:
    database, landing = folder / "landing.duckdb", folder / "landing"
    database.unlink(missing_ok=True)
    shutil.rmtree(landing, ignore_errors=True)
    land_file(path, "bench", landing, AT)
    with duckdb.connect(str(database)) as connection:
        begun = time.perf_counter()
        summary = load_landing(connection, landing)
        connection.execute("checkpoint")
        spent = time.perf_counter() - begun
    if summary.rejections or summary.rows_rejected:
        sys.exit(f"{path.name}: {summary.rejections or summary.rows_rejected} rejected")
    return spent, summary.rows_landed


def compare(path: Path, reading: str, folder: Path, rounds: int) -> dict[str, float]:
    theirs, ours, rows = [], [], 0
    for number in range(rounds):
        theirs.append(seconds_of_duckdb(path, reading, folder))
        spent, rows = seconds_of_landing(path, folder)
        ours.append(spent)
        print(f"  round {number + 1}: DuckDB {theirs[-1]:.2f} s, landing {spent:.2f} s")
    return {
        "ratio": round(statistics.median(ours) / statistics.median(theirs), 2),
        "seconds": round(statistics.median(ours), 2),
        "duckdb_seconds": round(statistics.median(theirs), 2),
        "rows": rows,
        "megabytes": round(path.stat().st_size / 1e6),
    }


def land_in_this_process(path: Path, folder: Path) -> None:
    """Land one file and print what it took; run in a process of its own."""
    database = folder / "zip.duckdb"
    landing = folder / "zip_landing"
    land_file(path, "bench", landing, AT)
    begun = time.perf_counter()
    with duckdb.connect(str(database)) as connection:
        connection.execute("set memory_limit = '400MB'")
        summary = load_landing(connection, landing)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    spent = time.perf_counter() - begun
    print(json.dumps([peak, spent, summary.rows_landed, summary.rejections]))


def measure_zip(folder: Path) -> dict[str, float]:
    path = folder / "twcs.zip"
    write_zip(path)
    print(f"  {path.stat().st_size / 1e9:.2f} GB packed")
    done = subprocess.run(
        [sys.executable, __file__, "--land", str(path), "--folder", str(folder)],
        capture_output=True,
        text=True,
        check=True,
        env={**os.environ, "PYTHONPATH": str(ROOT / "plugins")},
    )
    peak, spent, rows, rejections = json.loads(done.stdout.splitlines()[-1])
    if rejections:
        sys.exit(f"the zip was refused: {rejections}")
    return {
        "zip_peak_gb": round(peak / 1024**3, 2),
        "zip_seconds": round(spent, 1),
        "zip_rows": rows,
        "zip_gb": round(ZIP_BYTES / 1024**3, 1),
    }


def page(found: dict[str, object]) -> str:
    rows = [
        "| File | Rows | Size | DuckDB, all text | Landing | Ratio |",
        "|---|---|---|---|---|---|",
        *(
            f"| {name} | {each['rows']:,} | {each['megabytes']} MB | "
            f"{each['duckdb_seconds']} s | {each['seconds']} s | **{each['ratio']}** |"
            for name, each in (
                ("CSV, every fourth row quoted", found["csv"]),
                ("JSON array", found["json"]),
                ("JSON, one object a line", found["ndjson"]),
            )
        ),
    ]
    if "zip_peak_gb" in found:
        said = (
            f"A zip of {found['zip_gb']} GB of CSV ({found['zip_rows']:,} rows) landed "
            f"in {found['zip_seconds']} s; the process peaked at "
            f"**{found['zip_peak_gb']} GB**, DuckDB's share held to 400 MB."
        )
        rows += ["", said]
    return "\n".join(rows)


def write_page(found: dict[str, object]) -> None:
    target = ROOT / "docs" / "performance.md"
    text = target.read_text(encoding="utf-8")
    before, _, rest = text.partition(START)
    _, _, after = rest.partition(END)
    target.write_text(f"{before}{START}\n\n{page(found)}\n\n{END}{after}", "utf-8")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--no-zip", action="store_true", help="leave the zip out")
    parser.add_argument("--land", type=Path, help=argparse.SUPPRESS)
    parser.add_argument("--folder", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.land:
        land_in_this_process(options.land, options.folder)
        return
    target = ROOT / "var" / "bench"
    target.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=target) as name:
        folder = Path(name)
        print(f"CSV, {CSV_ROWS:,} rows")
        write_csv(folder / "twcs.csv")
        reading = "read_csv(?, all_varchar = true, header = true)"
        csv = compare(folder / "twcs.csv", reading, folder, options.rounds)
        print(f"JSON, {JSON_ITEMS:,} items")
        write_json(folder / "comments.json")
        reading = "read_json(?)"
        js = compare(folder / "comments.json", reading, folder, options.rounds)
        print(f"JSON lines, {JSON_ITEMS:,} items")
        write_lines(folder / "comments.ndjson", folder / "comments.json")
        lines = compare(folder / "comments.ndjson", reading, folder, options.rounds)
        found: dict[str, object] = {"csv": csv, "json": js, "ndjson": lines}
        found |= {"csv_ratio": csv["ratio"], "json_ratio": js["ratio"]}
        found["ndjson_ratio"] = lines["ratio"]
        if not options.no_zip:
            print(f"Zip of {ZIP_BYTES / 1024**3:.0f} GB")
            found |= measure_zip(folder)
    (target / "landing.json").write_text(json.dumps(found, indent=1, sort_keys=True))
    write_page(found)
    print(page(found))


if __name__ == "__main__":
    main()
