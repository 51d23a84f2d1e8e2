"""Measure tone against upstream: speed, equality, accuracy, a million comments.

Run by `make bench-listening`; writes var/bench/listening.json, the table between the
markers of docs/performance.md and the one of docs/listening.md. Ratios are of CPU time,
medians of rounds in which both score the same texts one after the other.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import sys
import tempfile
from pathlib import Path

import ground_truth
import listening_accuracy
import listening_parity
import listening_speed
import listening_warehouse

ROOT = Path(__file__).parents[2]
FUZZED = 1_000_000
LONG = "400-word posts"


def speeds(texts: dict[str, list[str]], rounds: int) -> dict[str, dict[str, float]]:
    found = {}
    for name, held in texts.items():
        found[name] = listening_speed.measure(held, rounds)
        print(f"  {name}: {found[name]['ratio']} times upstream", flush=True)
    return found


def compare(texts: dict[str, list[str]], fuzzed: int) -> tuple[int, int]:
    """Return how many texts were compared and how many differ; show the first."""
    compared, different = listening_parity.fuzz(fuzzed)
    for held in texts.values():
        count, found = listening_parity.differences(held)
        compared += count
        different += found
    for text in different[:5]:
        print(f"  differs: {text!r}")
    return compared, len(different)


def page(found: dict) -> str:
    rows = [
        (
            "| Texts | Count | Upstream, texts/s | heartshare, texts/s | Ratio "
            "| Lowest to highest round | First pass |"
        ),
        "|---|---|---|---|---|---|---|",
        *(
            f"| {name} | {each['texts']:,} | {each['upstream_per_second']:,} "
            f"| {each['texts_per_second']:,} | **{each['ratio']}** "
            f"| {each['ratio_lowest']} to {each['ratio_highest']} "
            f"| {each['ratio_first_pass']} |"
            for name, each in found["speeds"].items()
        ),
    ]
    whole = found["warehouse"]
    told = (
        f"Median of the six sets of short texts: **{found['ratio_short']}**. "
        f"{found['parity_texts']:,} texts compared in all four values, the rated ones "
        f"and random ones of the seeds {found['first_seed']} to {found['last_seed']}: "
        f"**{found['parity_differences']} differ**.\n\n"
        f"{whole['rows']:,} comments, {whole['distinct_texts']:,} of them distinct: "
        f"**{whole['seconds']} s** ({whole['scoring_seconds']} s for language, tone "
        f"and sentences in {whole['processes']} processes, {whole['join_seconds']} s "
        "to give each row its score)."
    )
    return "\n".join([*rows, "", told])


def write_between(path: Path, name: str, said: str) -> None:
    start, end = f"<!-- {name} -->", f"<!-- /{name} -->"
    text = path.read_text(encoding="utf-8")
    before, opening, rest = text.partition(start)
    _, closing, after = rest.partition(end)
    if not (opening and closing):
        sys.exit(f"{path}: the markers {start} and {end} are missing")
    path.write_text(f"{before}{start}\n\n{said}\n\n{end}{after}", "utf-8")


def measure(options: argparse.Namespace, target: Path) -> dict:
    sets = ground_truth.read(ground_truth.fetch(target))
    short = ground_truth.short_sets(sets)
    texts = {**short, LONG: ground_truth.long_texts(sets)}
    print("Speed")
    speed = speeds(texts, options.rounds)
    print("Accuracy")
    accuracy = {k: listening_accuracy.measure(rated) for k, rated in sets.items()}
    print(f"A warehouse of {listening_warehouse.ROWS:,} comments")
    with tempfile.TemporaryDirectory(dir=target) as name:
        whole = listening_warehouse.measure(
            short["tweets"], Path(name), min(os.cpu_count() or 1, 2)
        )
    print(f"Equality over {options.texts:,} random texts and the rated ones")
    compared, different = compare(texts, options.texts)
    first = listening_parity.FIRST_SEED
    said = f"{listening_accuracy.table(accuracy)}\n\n"
    said += listening_accuracy.meaning(accuracy)
    write_between(ROOT / "docs" / "listening.md", "accuracy", said)
    return {
        "ratio_short": round(statistics.median(speed[k]["ratio"] for k in short), 2),
        "ratio_long": speed[LONG]["ratio"],
        "speeds": speed,
        "parity_texts": compared,
        "parity_differences": different,
        "first_seed": first,
        "last_seed": first - (-options.texts // listening_parity.CHUNK) - 1,
        "warehouse_seconds": whole["seconds"],
        "warehouse": whole,
        "accuracy": {name: each.as_figures() for name, each in accuracy.items()},
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--texts", type=int, default=FUZZED, help="random texts")
    options = parser.parse_args()
    target = ROOT / "var" / "bench"
    target.mkdir(parents=True, exist_ok=True)
    found = measure(options, target)
    (target / "listening.json").write_text(json.dumps(found, indent=1, sort_keys=True))
    write_between(ROOT / "docs" / "performance.md", "bench-listening", page(found))
    print(page(found))
    if found["parity_differences"]:
        sys.exit("some scores differ from upstream's")


if __name__ == "__main__":
    main()
