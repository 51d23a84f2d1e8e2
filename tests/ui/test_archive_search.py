"""The archive's index from a folder, in a real Chromium: found by words and keys.

Runs on request: pytest -m browser tests/ui/test_archive_search.py. With
HEARTSHARE_UI_PICTURES it saves what was seen into that folder.
"""

import os
import re
from datetime import UTC, datetime
from pathlib import Path

import pytest

from heartshare.reporting.archive.issues import (
    file_issue,
    held_issue,
    next_issue,
    write_index,
)
from heartshare.weeks import ReportingWeek

from .chromium import PROGRAM, Tab, browser

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(PROGRAM is None, reason="needs Debian's chromium"),
]
AT = datetime(2026, 11, 18, 9, 30, tzinfo=UTC)
FILES = {
    "index.html": b"<p>page</p>",
    "report.pdf": b"%PDF-1.7",
    "report.eml": b"Subject: x\r\n",
    "facts.json": b'{"stuck": {"headline": "Between Identified and Activated."}}',
}
SHOWN = "[...document.querySelectorAll('tbody tr')].filter((r) => r.checkVisibility())"
WEEKS = f"{SHOWN}.map((row) => row.cells[0].firstChild.data)"


@pytest.fixture(scope="module")
def index(tmp_path_factory):
    archive = tmp_path_factory.mktemp("archive")
    told = (
        ("2026-W44", "clean", "Too early to tell. No change in advocates this week."),
        ("2026-W45", "clean", "Yes, steadily. 3 more advocates this week."),
        ("2026-W46", "published_with_notes", "Slowing; watch it. Café closed."),
        ("2026-W46", "clean", "Slowing; watch it. 1 fewer advocate this week."),
    )
    for number, (label, verdict, headline) in enumerate(told):
        issue = next_issue(archive, ReportingWeek.parse(label), str(number))
        file_issue(
            issue, FILES, at=AT, verdict=verdict, headline=headline, digest=str(number)
        )
    file_issue(
        held_issue(archive, ReportingWeek.parse("2026-W47"), "run-0001"),
        {"notice.eml": b"Subject: HELD\r\n", "notice.txt": b"held"},
        at=AT,
        verdict="blocked",
        headline="HELD: 2 checks failed",
    )
    return write_index(archive, "Rivermark")


@pytest.fixture(scope="module")
def tab(index, tmp_path_factory):
    with browser(tmp_path_factory.mktemp("browser")) as port:
        yield Tab(port)


@pytest.fixture
def opened(tab, index):
    tab.resize(1000, 800)
    tab.forget_events()
    tab.go(index.as_uri())
    return tab


def search(tab, words):
    tab.evaluate("document.getElementById('words').value = ''")
    tab.type_into("#words", words)
    return tab.evaluate(WEEKS), tab.evaluate("found.textContent")


@pytest.mark.parametrize(
    ("words", "weeks"),
    [
        ("w45", ["2026-W45"]),
        ("held", ["2026-W47"]),
        ("notes", ["2026-W46"]),
        ("cafe", ["2026-W46"]),
        ("SLOWING fewer", ["2026-W46"]),
        ("identified", ["2026-W46", "2026-W46", "2026-W45", "2026-W44"]),
        ("16 nov", ["2026-W47"]),
        ("nothing like it", []),
    ],
)
def test_words_leave_the_issues_that_say_all_of_them(opened, words, weeks):
    assert search(opened, words) == (weeks, f"{len(weeks)} of 5 shown")


def test_escape_shows_everything_again(opened):
    search(opened, "held")
    opened.press("Escape", 27)
    assert len(opened.evaluate(WEEKS)) == 5
    assert opened.evaluate("found.textContent") == "5 in all"


def test_keys_lead_from_the_field_to_the_issues_that_are_left(opened):
    search(opened, "w45")
    opened.press("Tab", 9)
    assert opened.evaluate("document.activeElement.getAttribute('aria-label')") == (
        "report of 2026-W45.r1"
    )


def test_page_asks_nobody_and_breaks_no_rule_of_its_own(opened):
    search(opened, "w45")
    asked = [
        one["request"]["url"] for one in opened.events("Network.requestWillBeSent")
    ]
    assert all(url.startswith("file:") for url in asked)
    assert [one["entry"]["text"] for one in opened.events("Log.entryAdded")] == []


def test_index_without_script_shows_every_issue_and_no_field(opened, index, tmp_path):
    text = index.read_text(encoding="utf-8")
    bare = tmp_path / "index.html"
    bare.write_text(re.sub("<script>.*</script>", "", text, flags=re.S), "utf-8")
    opened.go(bare.as_uri())
    assert len(opened.evaluate(WEEKS)) == 5
    assert not opened.evaluate("document.getElementById('words').checkVisibility()")


@pytest.mark.parametrize("width", [1000, 390, 320])
def test_index_fits_the_window(opened, width):
    opened.resize(width, 800)
    assert opened.evaluate("document.documentElement.scrollWidth") <= width
    folder = os.environ.get("HEARTSHARE_UI_PICTURES")
    if folder:
        opened.picture(Path(folder) / f"archive-{width}.png", whole=True)
