"""What each scenario's issue says and weighs, kept to be compared with.

Renew after a wanted change, then read the difference and look at the pictures:

    PYTHONPATH=tests .venv/bin/python -m unit.reporting.goldens --pictures var/goldens
"""

from __future__ import annotations

import argparse
import hashlib
import json
import subprocess
import tempfile
from dataclasses import dataclass
from datetime import UTC, datetime
from html.parser import HTMLParser
from pathlib import Path
from typing import TYPE_CHECKING, Any

from unit.reporting import published
from unit.reporting.scenarios import SCENARIOS, told

from heartshare.orchestration.steps.reporting import issue_files
from heartshare.quality.notice import held_notice
from heartshare.reporting.archive.issues import Issue
from heartshare.reporting.delivery.sending import MailContent, freeze_email
from heartshare.reporting.rendering.render import render_issue

if TYPE_CHECKING:
    from unit.reporting.scenarios import Scenario

    from heartshare.reporting.rendering.render import RenderedIssue

GOLDEN = Path(__file__).with_name("golden")
AT = datetime(2026, 11, 16, 7, 0, tzinfo=UTC)
SENDER = "Rivermark reports <reports@example.org>"


@dataclass(frozen=True)
class Made:
    """One scenario's issue: its facts, files and the words a reader meets.

    ``facts`` is None for a held week, which has no issue but a notice.
    """

    facts: dict[str, Any] | None
    files: dict[str, bytes]
    texts: dict[str, str]

    def digests(self) -> dict[str, str]:
        """Return the digest of each file, by name."""
        return {
            name: hashlib.sha256(content).hexdigest()
            for name, content in sorted(self.files.items())
        }

    def golden(self) -> dict[str, bytes]:
        """Return what is kept of it: facts, words and digests."""
        kept = {f"{name}.txt": text.encode() for name, text in self.texts.items()}
        digests = f"{json.dumps(self.digests(), indent=1)}\n".encode()
        if self.facts is not None:
            kept["facts.json"] = self.files["facts.json"]
        return {**kept, "digests.json": digests}


def make(name: str, folder: Path) -> Made:
    """Return a scenario's issue, rendered into a folder."""
    scenario = SCENARIOS[name]
    verdict = scenario.verdict()
    if not verdict.is_publishable:
        return _notice(scenario)
    _, facts = told(name)
    rendered = render_issue(facts, verdict, folder)
    revision = f"r{facts['issue']['revision']}"
    issue = Issue(published.WEEK, revision, folder, is_new=True)
    return Made(
        facts=facts,
        files=issue_files(rendered, issue, sender=SENDER, at=AT),
        texts={
            "page": page_text(rendered.page.read_text(encoding="utf-8")),
            "email": _email_text(rendered),
        },
    )


def _notice(scenario: Scenario) -> Made:
    notice = held_notice(scenario.verdict(), last_good="rev-0041 (2026-W45)")
    content = MailContent(subject=notice.subject, text=notice.text)
    mail = freeze_email(content, issue="2026-W46.held-run-0001", sender=SENDER, at=AT)
    text = f"Subject: {notice.subject}\n\n{notice.text}"
    return Made(None, {"notice.eml": mail}, {"notice": text})


def _email_text(rendered: RenderedIssue) -> str:
    return f"Subject: {rendered.subject}\n\n{rendered.email_text}"


class _Words(HTMLParser):
    """Collects a page's words: a line for each block, also titles of pictures."""

    _BLOCKS = frozenset(
        {"p", "h1", "h2", "h3", "li", "tr", "div", "section", "figure", "summary"}
        | {"details", "caption", "header", "footer", "title", "dt", "dd", "ul", "ol"}
    )

    def __init__(self) -> None:
        super().__init__()
        self.lines: list[str] = [""]
        self._inside: list[str] = []

    def handle_starttag(self, tag: str, attrs: Any) -> None:
        if tag in {"style", "script", "svg", "pre"}:
            self._inside.append(tag)
        if tag in self._BLOCKS:
            self.lines.append("")
        elif tag == "br":
            self.lines[-1] += " "
        elif tag in {"td", "th"} and self.lines[-1]:
            self.lines[-1] += " | "

    def handle_endtag(self, tag: str) -> None:
        if self._inside and self._inside[-1] == tag:
            self._inside.pop()
        if tag in self._BLOCKS:
            self.lines.append("")

    def handle_data(self, data: str) -> None:
        if not self._inside:
            self.lines[-1] += data


def page_text(html: str) -> str:
    """Return the words of a page without its drawings, styles and queries."""
    words = _Words()
    words.feed(html)
    lines = (" ".join(line.split()) for line in words.lines)
    return "\n".join(line for line in lines if line) + "\n"


def renew(pictures: Path | None) -> None:
    """Write the goldens of every scenario, and pictures of each PDF to look at."""
    for name in SCENARIOS:
        folder = GOLDEN / name
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory() as scratch:
            made = make(name, Path(scratch))
        for old in folder.iterdir():
            old.unlink()
        for file, content in made.golden().items():
            (folder / file).write_bytes(content)
        if pictures:
            _look(made, pictures / name)
        print(f"{name}: {len(made.files)} files")


def _look(made: Made, folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in made.files.items():
        (folder / name).write_bytes(content)
    if "report.pdf" in made.files:
        command = ["pdftoppm", "-r", "75", "-png", "report.pdf", "page"]
        subprocess.run(command, cwd=folder, check=True)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pictures", type=Path, help="keep files and PNGs here")
    renew(parser.parse_args().pictures)
