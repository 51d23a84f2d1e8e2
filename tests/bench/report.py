"""Measure an issue: seconds to gather its facts and to render it, bytes of each file.

Run by hand: .venv/bin/python tests/bench/report.py [--home HOME]. With the home of a
finished demo it measures every archived issue and the facts of the published week;
without, the golden scenarios. Writes var/bench/report.json and prints it. The aims are
5 seconds and 400 KB of PDF for an issue.
"""

from __future__ import annotations

import argparse
import json
import resource
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import duckdb

ROOT = Path(__file__).parents[2]
sys.path.append(str(ROOT / "tests"))

from unit.reporting.scenarios import SCENARIOS  # noqa: E402 after the path

from heartshare.orchestration.steps.rendering_again import (  # noqa: E402
    archived_verdict,
)
from heartshare.quality.gate import GateVerdict  # noqa: E402
from heartshare.reporting.rendering.render import render_issue  # noqa: E402
from heartshare.reporting.weekly.facts import build_facts  # noqa: E402

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

OUTPUT = ROOT / "var" / "bench" / "report.json"
AIM_SECONDS = 5.0
AIM_PDF_BYTES = 400_000


def timed(work: Callable[[], Any]) -> tuple[Any, dict[str, float]]:
    """Return a result with its seconds on the clock and of the processor."""
    clock, busy = time.perf_counter(), _processor_seconds()
    result = work()
    spent = {
        "seconds": round(time.perf_counter() - clock, 3),
        "cpu_seconds": round(_processor_seconds() - busy, 3),
    }
    return result, spent


def _processor_seconds() -> float:
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return usage.ru_utime + usage.ru_stime


def issues(home: Path | None) -> Iterator[tuple[str, dict, GateVerdict]]:
    """Yield the name, facts and verdict of each issue to measure."""
    if home is None:
        for name, scenario in SCENARIOS.items():
            if scenario.verdict().is_publishable:
                with scenario.open() as connection:
                    yield name, scenario.facts(connection), scenario.verdict()
        return
    for path in sorted((home / "archive").glob("*/r*/facts.json")):
        facts = json.loads(path.read_text(encoding="utf-8"))
        name = f"{path.parts[-3]}.{path.parts[-2]}"
        yield name, facts, archived_verdict(facts)


def rendered(facts: dict, verdict: GateVerdict) -> dict[str, Any]:
    """Return what one rendering costs and how large its files are."""
    with tempfile.TemporaryDirectory() as folder:
        issue, spent = timed(lambda: render_issue(facts, verdict, Path(folder)))
        sizes = {
            "page": issue.page.stat().st_size,
            "pdf": issue.pdf.stat().st_size,
            "facts": issue.facts.stat().st_size,
            "email_html": len(issue.email_html.encode()),
            "email_pictures": sum(map(len, issue.pictures.values())),
        }
    return {**spent, "bytes": sizes}


def gathered(home: Path) -> dict[str, float]:
    """Return what gathering the facts of the published week costs."""
    current = home / "published" / "current"
    saved = json.loads((current / "verdict.json").read_text(encoding="utf-8"))
    verdict = GateVerdict.from_dict(saved)
    with duckdb.connect(current / "heartshare.duckdb", read_only=True) as connection:
        _, spent = timed(
            lambda: build_facts(connection, verdict, verdict.week, organisation="Bench")
        )
    return spent


def measure(home: Path | None) -> dict[str, Any]:
    """Return every number: the first rendering also loads the libraries."""
    each = {name: rendered(*rest) for name, *rest in issues(home)}
    found: dict[str, Any] = {"issues": each}
    if home:
        found["facts"] = gathered(home)
    slowest = max(one["seconds"] for one in each.values())
    largest = max(one["bytes"]["pdf"] for one in each.values())
    return found | {
        "slowest_seconds": slowest,
        "largest_pdf_bytes": largest,
        "meets_aims": slowest < AIM_SECONDS and largest < AIM_PDF_BYTES,
    }


def main() -> None:
    """Measure, print and keep."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--home", type=Path, help="home of a finished demo")
    text = json.dumps(measure(parser.parse_args().home), indent=2)
    OUTPUT.parent.mkdir(parents=True, exist_ok=True)
    OUTPUT.write_text(f"{text}\n", encoding="utf-8")
    print(text)


if __name__ == "__main__":
    main()
