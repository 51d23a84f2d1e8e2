"""A German report says what the English one says, figure by figure."""

# ruff: noqa: RUF001 - minus signs as the report prints them

import re
from collections import Counter
from decimal import Decimal

import pypdf
import pytest
from babel.messages.pofile import read_po
from unit.reporting.goldens import GOLDEN, page_text
from unit.reporting.scenarios import PUBLISHED, SCENARIOS, told

from heartshare.language import CATALOGUE, speaking
from heartshare.reporting.rendering.render import render_issue

ENGLISH = re.compile(r"[−+]?\d+(?:,\d{3})*(?:\.\d+)?")
GERMAN = re.compile(r"[−+]?\d+(?:\.\d{3})*(?:,\d+)?")
#: Facts that are no sentences: the language itself and what only machines read.
UNSAID = {"query", "language"}


@pytest.fixture(scope="module", params=PUBLISHED)
def both(request):
    """Return one week's facts in English and in German, from the same file."""
    connection, english = told(request.param)
    with speaking("de"):
        german = SCENARIOS[request.param].facts(connection)
    return by_metric(english), by_metric(german)


def by_metric(facts):
    """Key the definitions, which stand in the order of their names."""
    named = {row["metric_id"]: row for row in facts["definitions"]}
    return {**facts, "definitions": named}


def texts(node, path=""):
    """Yield every text of the facts with its path."""
    if isinstance(node, str):
        yield path, node
    elif isinstance(node, dict):
        for key, value in node.items():
            if key not in UNSAID:
                yield from texts(value, f"{path}/{key}")
    elif isinstance(node, list):
        for place, value in enumerate(node):
            yield from texts(value, f"{path}/{place}")


def english_numbers(text):
    return Counter(
        Decimal(found.replace(",", "").replace("−", "-"))
        for found in ENGLISH.findall(text)
    )


def german_numbers(text):
    return Counter(
        Decimal(found.replace(".", "").replace(",", ".").replace("−", "-"))
        for found in GERMAN.findall(text)
    )


def test_numbers_are_read_in_both_forms():
    values = [Decimal("-1234.5"), Decimal("9.4"), Decimal(2000), Decimal(9)]
    assert english_numbers("−1,234.5, 9.4% of 2,000 on 9.") == Counter(values)
    assert german_numbers("−1.234,5, 9,4 % von 2.000 am 9.") == Counter(values)


def test_every_sentence_holds_the_same_numbers(both):
    english, german = (dict(texts(facts)) for facts in both)
    assert german.keys() == english.keys()
    odd = [
        (path, said, german[path])
        for path, said in english.items()
        if english_numbers(said) != german_numbers(german[path])
    ]
    assert odd == []


def test_every_figure_is_the_same_value(both):
    def values(node, path=""):
        if isinstance(node, dict | list):
            pairs = node.items() if isinstance(node, dict) else enumerate(node)
            for key, value in pairs:
                yield from values(value, f"{path}/{key}")
        elif not isinstance(node, str):
            yield path, node

    english, german = (dict(values(facts)) for facts in both)
    assert german == english


def test_what_machines_compare_is_the_same(both):
    english, german = (dict(texts(facts)) for facts in both)
    codes = [path for path in english if path.endswith(("code", "/tag/tone", "/mark"))]
    assert len(codes) > 100
    assert [path for path in codes if german[path] != english[path]] == []


def test_the_three_answers_are_said_in_german(both):
    english, german = both
    for part in ("growing", "stuck", "actions"):
        for place in ("question", "headline", "body"):
            assert german[part][place] != english[part][place]


def test_different_claims_stay_different():
    """Better and worse, up and down, above and below may not become one sentence."""
    with (CATALOGUE / "de.po").open("rb") as opened:
        catalogue = read_po(opened, locale="de")
    said = {}
    for message in catalogue:
        if isinstance(message.id, str) and message.id.endswith((".", "?")):
            said.setdefault(message.string, []).append(message.id)
    said.pop("", None)
    assert [many for many in said.values() if len(many) > 1] == []


@pytest.fixture(scope="module")
def printed(tmp_path_factory):
    """Return the busiest week's issue, rendered in German."""
    scenario = SCENARIOS["burst"]
    connection, _ = told("burst")
    with speaking("de"):
        facts = scenario.facts(connection)
    return render_issue(facts, scenario.verdict(), tmp_path_factory.mktemp("de"))


def test_whole_page_holds_the_same_numbers(printed):
    english = (GOLDEN / "burst" / "page.txt").read_text(encoding="utf-8")
    german = page_text(printed.page.read_text(encoding="utf-8"))
    assert german_numbers(german) == english_numbers(english)


def test_german_fits_the_pages_that_english_fills(printed):
    pages = [page.extract_text() for page in pypdf.PdfReader(printed.pdf).pages]
    assert len(pages) == 5
    for question in ("Wächst die Fürsprache?", "Wo stockt es?", "Downloads"):
        assert question in pages[0]
