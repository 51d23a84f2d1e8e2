"""What one monthly and one half-year edition say and weigh, kept to be compared with.

Renew after a wanted change, then read the difference and look at the pictures:

    PYTHONPATH=tests .venv/bin/python -m unit.reporting.edition_goldens
"""

from __future__ import annotations

import argparse
import tempfile
from functools import cache
from pathlib import Path
from typing import Any

from unit.reporting import edition_marts, issues
from unit.reporting.goldens import AT, SENDER, Made, _look, page_text

from heartshare.orchestration.steps.reporting import issue_files
from heartshare.reporting.archive.issues import Issue
from heartshare.reporting.editions.facts import stamp
from heartshare.reporting.rendering.render import render_issue

GOLDEN = Path(__file__).with_name("golden_editions")
PERIODS = {"monthly": edition_marts.OCTOBER, "half_year": edition_marts.HALF}
#: What the archive holds of the month's weeks before the last.
ISSUES = (
    {"key": "2026-W40.r1", "revision": 1, "restated": 0, "headline": "Not clearly."},
    {"key": "2026-W41.r2", "revision": 2, "restated": 3, "headline": "Yes, slowly."},
)


@cache
def told(name: str) -> tuple[Any, dict[str, Any]]:
    """Return an edition's published file and facts, made once: change copies only."""
    connection = edition_marts.open_marts()
    if name == "monthly":
        facts = edition_marts.month_facts(connection, issues=ISSUES)
    else:
        facts = edition_marts.half_facts(connection)
    return connection, stamp(facts, 1, "rev-0042", [])


def make(name: str, folder: Path) -> Made:
    """Return an edition, rendered into a folder."""
    _, facts = told(name)
    period = PERIODS[name]
    rendered = render_issue(facts, issues.verdict(week=period.closing_week), folder)
    issue = Issue(period.closing_week, "r1", folder, is_new=True, period=period.label)
    return Made(
        facts=facts,
        files=issue_files(rendered, issue, sender=SENDER, at=AT),
        texts={
            "page": page_text(rendered.page.read_text(encoding="utf-8")),
            "email": f"Subject: {rendered.subject}\n\n{rendered.email_text}",
        },
    )


def renew(pictures: Path | None) -> None:
    """Write the goldens of both editions, and pictures of each PDF to look at."""
    for name in PERIODS:
        folder = GOLDEN / name
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory() as scratch:
            made = make(name, Path(scratch))
        for file, content in made.golden().items():
            (folder / file).write_bytes(content)
        if pictures:
            _look(made, pictures / name)
        print(f"{name}: {len(made.files)} files")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pictures", type=Path, help="keep files and PNGs here")
    renew(parser.parse_args().pictures)
