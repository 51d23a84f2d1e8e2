"""Editions say all of their words through the catalogue, and keep their language."""

import re
from itertools import pairwise

import pytest
from pypdf import PdfReader
from unit.reporting import edition_marts, issues, made_up
from unit.reporting.edition_goldens import ISSUES, PERIODS

from heartshare import language
from heartshare.language import speaking
from heartshare.reporting.charts.drawing import text_width
from heartshare.reporting.editions.answers import unusual_weeks
from heartshare.reporting.editions.facts import stamp
from heartshare.reporting.rendering.render import render_issue

#: What words take in print, at least, of the width that is reckoned for them.
_LEAST = 0.8
#: Letters of a part of a word, as kerning divides it in a PDF.
_FEW = 4
#: Who, where, when and what about: data of the small file, and names of platforms.
_DATA = frozenset(
    re.findall(
        r"[^\W\d_]+",
        "rivermark city services customer community team permits facebook linkedin "
        "not clearly yes slowly jan feb mar apr maj jun jul aŭg sep okt nov dec "
        "januaro februaro marto aprilo majo junio julio aŭgusto septembro oktobro "
        "novembro decembro",
    )
)


@pytest.fixture(scope="module", params=PERIODS)
def told(request, tmp_path_factory):
    folder = tmp_path_factory.mktemp(request.param)
    made_up.write_catalogue(folder, "restated")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(language, "CATALOGUE", folder)
        with speaking(made_up.CODE), edition_marts.open_marts() as marts:
            facts = edition_marts.half_facts(marts)
            if request.param == "monthly":
                facts = edition_marts.month_facts(marts, issues=ISSUES)
            facts = stamp(facts, 2, "rev-0042", [])
        week = PERIODS[request.param].closing_week
        made = render_issue(facts, issues.verdict(week=week), folder / "issue")
        pages = PdfReader(made.pdf).pages
        return {
            "language": facts["issue"]["language"],
            "page": made_up._visible(made.page.read_text(encoding="utf-8")),
            "pdf": "\n".join(page.extract_text() for page in pages),
            "email": made_up._visible(made.email_html),
            "plain email": made.email_text,
            "subject": made.subject,
        }


@pytest.mark.parametrize("place", ["page", "pdf", "email", "plain email", "subject"])
def test_no_word_of_an_edition_stands_outside_brackets_but_data(told, place):
    assert told["language"] == made_up.CODE
    assert made_up.CLOSE in told[place]
    bare = made_up.left_over(re.sub(r"[0-9a-f]{12,}", "", told[place]))
    assert {word.casefold() for word in bare} - _DATA == set()


@pytest.mark.parametrize(
    ("code", "words"), [("en", "(signal up)"), ("de", "(Signal aufwärts)")]
)
def test_unusual_week_is_named_as_inside_a_sentence(code, words):
    with speaking(code):
        told = unusual_weeks([{"week": "2026-10-05", "signal_code": "signal_up"}])
    assert words in told


@pytest.mark.parametrize("name", PERIODS)
def test_no_words_of_a_german_edition_overlap_in_print(name, tmp_path):
    with speaking("de"), edition_marts.open_marts() as marts:
        facts = edition_marts.half_facts(marts)
        if name == "monthly":
            facts = edition_marts.month_facts(marts, issues=ISSUES)
        week = PERIODS[name].closing_week
        made = render_issue(
            stamp(facts, 1, "rev-0042", []), issues.verdict(week=week), tmp_path
        )
    for page in PdfReader(made.pdf).pages:
        lines = {}

        def keep(words, cm, tm, _font, size, lines=lines):
            x, y = cm[0] * tm[4] + cm[4], cm[3] * tm[5] + cm[5]
            if words.strip():
                width = text_width(words.strip(), size * abs(tm[0] * cm[0]))
                part = (x, x + _LEAST * width, words.strip())
                lines.setdefault(round(y), []).append(part)

        page.extract_text(visitor_text=keep)
        assert lines
        for parts in map(sorted, lines.values()):
            for (_, end, left), (start, _, right) in pairwise(parts):
                assert end <= start or len(left) < _FEW, (left, right)
