"""Editions say all of their words through the catalogue, and keep their language."""

import re

import pytest
from pypdf import PdfReader
from unit.reporting import edition_marts, issues, made_up
from unit.reporting.edition_goldens import ISSUES, PERIODS

from heartshare.reporting import language
from heartshare.reporting.edition_answers import unusual_weeks
from heartshare.reporting.edition_facts import stamp
from heartshare.reporting.language import speaking
from heartshare.reporting.render import render_issue

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
