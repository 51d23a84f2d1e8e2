"""The catalogue's messages: everything that a report can say, and where it says it.

Read from the code and templates of the package, and from what is ours in seeds and
expectations: names of metrics and stages, what a check asks and what to do then.
"""

from __future__ import annotations

import ast
import csv
import io
import re
from typing import TYPE_CHECKING

import yaml
from babel.messages.catalog import Catalog
from babel.messages.extract import extract
from babel.messages.pofile import read_po, write_po

from heartshare.language import CATALOGUE
from heartshare.quality.next_steps import load_next_steps
from heartshare.reporting.wording import owner_name

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

TEMPLATE = "messages.pot"
_PACKAGE = CATALOGUE.parent
_KEYWORDS = {"say": None, "say_many": (1, 2), "mark": None}
#: How many texts each takes: one, or the forms for one and for many.
_FORMS = {"say": 1, "say_html": 1, "say_many": 2, "mark": 1, "mark_many": 2}
#: A module that says something imports it from here.
_SPEAKS = "from heartshare.language import"
_TYPST = re.compile(r'\bsay\(\s*"((?:[^"\\]|\\.)*)"')
#: Seed -> its columns which readers read and which are ours, not the organisation's.
_SEEDS = {
    "metrics.csv": ("metric_name", "question_text", "formula_text", "grain_text"),
    "funnel_stages.csv": ("stage_name",),
    "platforms.csv": ("platform_name",),
    "action_rules.csv": (),
}
#: A message as Babel keeps it: its text, or the forms for one and for many.
Message = str | tuple[str, ...]


def messages(dbt_project: Path, expectations: Path) -> dict[Message, list[str]]:
    """Return every message with the files that say it, in the order of the files."""
    found: dict[Message, list[str]] = {}
    for place, message in (
        *_of_package(),
        *_of_seeds(dbt_project / "seeds"),
        *_of_checks(expectations),
        *_of_next_steps(expectations / "next_steps.yml"),
    ):
        places = found.setdefault(message, [])
        if place not in places:
            places.append(place)
    return found


def _of_package() -> Iterator[tuple[str, Message]]:
    for path in sorted(_PACKAGE.rglob("*.py")):
        source = path.read_text(encoding="utf-8")
        if _SPEAKS in source:
            yield from ((_place(path), message) for message in _of_python(source))
    for path in sorted(_PACKAGE.rglob("*.j2")):
        yield from _of_page(path)
    for path in sorted(_PACKAGE.rglob("*.typ")):
        for match in _TYPST.finditer(path.read_text(encoding="utf-8")):
            yield _place(path), re.sub(r"\\(.)", r"\1", match[1])


def _of_python(source: str) -> Iterator[Message]:
    """Return what a module says: texts, not what it looks up, such as row["name"]."""
    calls = [node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Call)]
    for call in sorted(calls, key=lambda node: (node.lineno, node.col_offset)):
        forms = _FORMS.get(call.func.id, 0) if isinstance(call.func, ast.Name) else 0
        texts = tuple(
            argument.value
            for argument in call.args[:forms]
            if isinstance(argument, ast.Constant) and isinstance(argument.value, str)
        )
        if texts and len(texts) == forms:
            yield texts if forms > 1 else texts[0]


def _of_page(path: Path) -> Iterator[tuple[str, Message]]:
    options = {"trimmed": "true", "encoding": "utf-8"}
    with path.open("rb") as opened:
        for _, message, _, _ in extract("jinja2", opened, _KEYWORDS, options=options):
            yield _place(path), message


def _place(path: Path) -> str:
    return path.relative_to(_PACKAGE).as_posix()


def _of_seeds(seeds: Path) -> Iterator[tuple[str, Message]]:
    for name, columns in _SEEDS.items():
        with (seeds / name).open(encoding="utf-8", newline="") as opened:
            for row in csv.DictReader(opened):
                yield from ((name, row[column]) for column in columns if row[column])
                if owner := row.get("owner_name"):
                    yield name, owner_name(owner)


def _of_checks(expectations: Path) -> Iterator[tuple[str, Message]]:
    for path in sorted((expectations / "suites").glob("*.yml")):
        suite = yaml.safe_load(path.read_text(encoding="utf-8"))
        yield path.name, str(suite["suite"]).replace("_", " ")
        yield path.name, str(suite["asks"]).strip()
        yield from ((path.name, text) for text in _words_of_checks(suite))


def _of_next_steps(path: Path) -> Iterator[tuple[str, Message]]:
    yield from ((path.name, step) for step in load_next_steps(path).values())


def _words_of_checks(suite: object) -> Iterator[str]:
    """Return keys and reasons of all checks of a suite, wherever they stand in it."""
    if isinstance(suite, list):
        for part in suite:
            yield from _words_of_checks(part)
    if isinstance(suite, dict):
        if "key" in suite:
            yield str(suite["key"]).replace("_", " ")
        if "why" in suite:
            yield str(suite["why"]).strip()
        for part in suite.values():
            yield from _words_of_checks(part)


def catalogue_files(dbt_project: Path, expectations: Path) -> dict[Path, str]:
    """Return the catalogue as it should be: each language keeps what it can say.

    A message that nobody says any more goes; a new one comes without a translation.
    """
    said = messages(dbt_project, expectations)
    languages = sorted(CATALOGUE.glob("*.po"))
    return {path: _renewed(path, said) for path in (CATALOGUE / TEMPLATE, *languages)}


def _renewed(path: Path, said: dict[Message, list[str]]) -> str:
    known = Catalog()
    if path.suffix == ".po":
        with path.open("rb") as opened:
            known = read_po(opened, locale=path.stem)
    fresh = Catalog(locale=known.locale)
    for message, places in said.items():
        kept = known.get(message)
        fresh.add(
            message,
            kept.string if kept else None,
            locations=[(place, 0) for place in places],
            flags=kept.flags if kept else (),
            user_comments=kept.user_comments if kept else (),
        )
    written = io.BytesIO()
    write_po(written, fresh, width=0, omit_header=True, include_lineno=False)
    return f"{_header(path)}\n{written.getvalue().decode()}"


def _header(path: Path) -> str:
    """Return what stands above the messages: a translator's own words stay."""
    if path.suffix == ".po" and path.stat().st_size:
        return path.read_text(encoding="utf-8").split("\n\n")[0] + "\n"
    return ""
