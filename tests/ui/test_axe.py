"""The pages hold against axe-core in a real Chromium, on a desk and on a phone.

Runs on request. Install the checker as pinned, outside the checkout, then name it:

    cp tests/ui/axe/package*.json FOLDER && npm ci --prefix FOLDER --ignore-scripts
    HEARTSHARE_AXE=FOLDER pytest -m browser tests/ui/test_axe.py

With HEARTSHARE_UI_PICTURES it saves what was looked at as PNG into a folder.
"""

import base64
import hashlib
import json
import os
import re
from datetime import UTC, datetime
from pathlib import Path

import pytest
from unit.reporting import edition_goldens, issues, published

from heartshare.quality.gate import Outcome, Severity, State
from heartshare.reporting.archive.issues import (
    file_issue,
    held_issue,
    next_issue,
    write_index,
)
from heartshare.reporting.rendering.render import render_issue

from .chromium import PROGRAM, Tab, browser
from .conftest import PAGE

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(PROGRAM is None, reason="needs Debian's chromium"),
]
#: axe-core 4.14.1, axe.min.js, as the lock in tests/ui/axe pins it.
_SHA256 = "29348999450cdf2849a8e70b7912fc2da85a849da39c0d0d5394f51d4a9ed95c"
_TAGS = [
    *("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"),
    "best-practice",
]
#: No element has a box wider than the window, other than what may be scrolled.
_TOO_WIDE = (
    "document.documentElement.scrollWidth - document.documentElement.clientWidth"
)
_RUN = """
axe.run(document, {runOnly: {type: 'tag', values: TAGS}}).then((found) => ({
  passes: found.passes.length,
  violations: found.violations.map((one) => ({
    id: one.id, impact: one.impact,
    nodes: one.nodes.map((node) => node.html.slice(0, 200)),
  })),
}))
"""


@pytest.fixture(scope="module")
def axe(request):
    """Return the source of the checker, once it is the one that was pinned."""
    if "browser" not in (request.config.getoption("-m") or ""):
        pytest.skip("runs on request: pytest -m browser tests/ui")
    folder = os.environ.get("HEARTSHARE_AXE")
    if not folder:
        pytest.skip("HEARTSHARE_AXE names no folder with axe-core in it")
    content = (Path(folder) / "node_modules/axe-core/axe.min.js").read_bytes()
    assert hashlib.sha256(content).hexdigest() == _SHA256
    return content.decode()


@pytest.fixture(scope="module")
def tab(axe, tmp_path_factory):
    with browser(tmp_path_factory.mktemp("chromium")) as port:
        yield Tab(port)


@pytest.fixture(params=[1280, 390], ids=["desk", "phone"])
def look(request, tab, axe):
    """Return a function that opens a page at a width and returns what axe finds."""

    def at(path):
        width = request.param
        tab.resize(width, 900)
        tab.go(path.as_uri())
        shown = os.environ.get("HEARTSHARE_UI_PICTURES")
        if shown:
            name = f"{path.parent.name}-{path.stem}-{width}.png"
            tab.picture(Path(shown) / name, whole=True, limit=9000)
        tab.evaluate("document.querySelectorAll('details').forEach((d) => d.open = 1)")
        tab.evaluate(f"{axe};1")
        found = tab.evaluate(_RUN.replace("TAGS", json.dumps(_TAGS)))
        assert found["passes"] > 3
        assert tab.evaluate(_TOO_WIDE) <= 0
        return found["violations"]

    return at


@pytest.fixture(scope="module")
def report(tmp_path_factory):
    with issues.open_published() as connection:
        facts = issues.facts(connection)
    return render_issue(facts, issues.verdict(), tmp_path_factory.mktemp("issue"))


def test_axe_finds_what_is_wrong(look, tmp_path):
    path = tmp_path / "wrong.html"
    path.write_text(
        "<!doctype html><title>x</title><img src='data:,'><p style='color:#bbb'>pale"
    )
    found = {one["id"] for one in look(path)}
    assert {"html-has-lang", "image-alt", "color-contrast"} <= found


def test_issue_has_no_violation(look, report):
    assert look(report.page) == []


@pytest.mark.parametrize("name", edition_goldens.PERIODS)
def test_edition_has_no_violation(look, tmp_path, name):
    edition_goldens.make(name, tmp_path)
    assert look(tmp_path / "index.html") == []


def test_archive_has_no_violation(look, tmp_path):
    at = datetime(2026, 11, 16, 6, tzinfo=UTC)
    names = ("index.html", "report.pdf", "report.eml", "facts.json")
    for digest in ("a", "b"):
        file_issue(
            next_issue(tmp_path, published.WEEK, digest),
            dict.fromkeys(names, b'{"issue": {}}'),
            at=at,
            verdict="clean",
            headline="Yes, steadily. 2 more advocates this week.",
            digest=digest,
        )
    held = held_issue(tmp_path, published.WEEK, "run-0001")
    files = {"notice.txt": b"held", "notice.eml": b"held"}
    file_issue(held, files, at=at, verdict="blocked")
    assert look(write_index(tmp_path, "Rivermark City Services")) == []


@pytest.mark.parametrize("page", ["", "/2026-W46/run-0001"], ids=["weeks", "run"])
def test_gate_pages_have_no_violation(look, admin, judge, tmp_path, page):
    judge(
        Outcome(
            ref="history/volume",
            suite="history",
            key="volume",
            severity=Severity("critical"),
            state=State("failed"),
            why="A week far below its usual band is a missing export until proven.",
            observed="9 rows, 14 to 31 is usual",
        )
    )
    answer = admin.get(f"/heartshare/gate{page}", headers=PAGE)
    assert answer.status_code == 200
    path = tmp_path / "gate.html"
    path.write_text(with_style(admin, answer.text))
    assert look(path) == []


def with_style(client, html):
    """Return a page with its one style sheet inside, to be read from a file."""
    link = re.search(r'<link rel="stylesheet" href="([^"]+)">', html)
    sheet = client.get(link[1])
    assert sheet.status_code == 200
    return html.replace(link[0], f"<style>{sheet.text}</style>")


def test_email_letters_are_large_enough_on_a_phone(tab, report, tmp_path):
    path = tmp_path / "mail.html"
    html = report.email_html
    for cid, png in report.pictures.items():
        data = base64.b64encode(png).decode()
        html = html.replace(f"cid:{cid}", f"data:image/png;base64,{data}")
    path.write_text(html)
    tab.resize(390, 900)
    tab.go(path.as_uri())
    assert tab.evaluate(_TOO_WIDE) <= 0
    widths = tab.evaluate("[...document.images].map((one) => one.clientWidth)")
    assert len(widths) == 2
    assert min(widths) >= 350
