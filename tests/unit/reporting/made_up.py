"""A language made of the English messages in brackets: what is bare was never said."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

from pypdf import PdfReader
from unit.reporting.scenarios import SCENARIOS

from heartshare.language import speaking
from heartshare.orchestration.steps.reporting import what_changed
from heartshare.reference.messages import messages
from heartshare.reporting.rendering.render import render_issue

ROOT = Path(__file__).parents[3]
#: A language that Babel knows and that nobody has translated the report into.
CODE = "eo"
#: Brackets that the report's own font can draw and that no message holds.
OPEN, CLOSE = "«", "»"
_WORD = re.compile(r"[^\W\d_]{2,}")
_SPOKEN_ATTRIBUTES = frozenset({"alt", "title", "aria-label", "content", "placeholder"})


def write_catalogue(folder: Path, name: str) -> None:
    """Write the made-up language into a folder: every message, in brackets.

    A scenario defines metrics and checks of its own, as seeds and suites define ours.
    """
    lines = ['msgid ""\nmsgstr ""\n"Content-Type: text/plain; charset=utf-8\\n"\n']
    said = messages(ROOT / "dbt_project", ROOT / "expectations")
    for message in (*said, *(_defined(name) - said.keys())):
        if isinstance(message, str):
            lines.append(f"msgid {_quoted(message)}\nmsgstr {_said(message)}\n")
            continue
        one, many = message
        lines.append(
            f"msgid {_quoted(one)}\nmsgid_plural {_quoted(many)}\n"
            f"msgstr[0] {_said(one)}\nmsgstr[1] {_said(many)}\n"
        )
    (folder / f"{CODE}.po").write_text("\n".join(lines), encoding="utf-8")


def _defined(name: str) -> set[str]:
    with SCENARIOS[name].open() as connection:
        rows = connection.execute(
            "select metric_name, question_text, formula_text, grain_text "
            "from marts.rpt_metric_definitions"
        ).fetchall()
    whys = {outcome.why for outcome in SCENARIOS[name].verdict().outcomes}
    return {text for row in rows for text in row if text} | (whys - {""})


def _said(message: str) -> str:
    return _quoted(f"{OPEN}{message}{CLOSE}")


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    return f'"{escaped}"'


def texts_of(name: str, folder: Path) -> dict[str, str]:
    """Return every text of a scenario's issue in the made-up language, by its place."""
    scenario = SCENARIOS[name]
    with speaking(CODE), scenario.open() as connection:
        facts = scenario.facts(connection)
        if facts["issue"]["changes"]:
            before = {**facts, "growing": {"headline": OPEN + CLOSE}}
            facts["issue"]["changes"] = what_changed(before, facts)
    rendered = render_issue(facts, scenario.verdict(), folder)
    pages = PdfReader(rendered.pdf).pages
    return {
        "page": _visible(rendered.page.read_text(encoding="utf-8")),
        "pdf": "\n".join(page.extract_text() for page in pages),
        "email": _visible(rendered.email_html),
        "plain email": rendered.email_text,
        "subject": rendered.subject,
    }


class _Visible(HTMLParser):
    """Collects what a reader sees or hears, texts of drawings included."""

    def __init__(self) -> None:
        super().__init__()
        self.parts: list[str] = []
        self._hidden = 0

    def handle_starttag(self, tag: str, attrs: Any) -> None:
        self._hidden += tag in {"style", "script", "pre"}
        if tag != "meta" or dict(attrs).get("name") == "description":
            self.parts += [v or "" for name, v in attrs if name in _SPOKEN_ATTRIBUTES]

    def handle_endtag(self, tag: str) -> None:
        self._hidden -= tag in {"style", "script", "pre"}

    def handle_data(self, data: str) -> None:
        if not self._hidden:
            self.parts.append(data)


def _visible(html: str) -> str:
    parser = _Visible()
    parser.feed(html)
    return "\n".join(parser.parts)


def left_over(text: str) -> list[str]:
    """Return the words of a text that stand in no bracket."""
    depth, bare = 0, []
    for char in text:
        depth += (char == OPEN) - (char == CLOSE)
        bare.append(char if depth <= 0 and char != CLOSE else " ")
        depth = max(depth, 0)
    return _WORD.findall("".join(bare))
