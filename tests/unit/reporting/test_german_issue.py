"""An issue in German: declared and rendered again as German, page one on one page."""

import json

import pytest
from pypdf import PdfReader
from unit.reporting.scenarios import SCENARIOS

from heartshare.language import language, speaking
from heartshare.reporting.archive.feed import feed
from heartshare.reporting.archive.page import index_page
from heartshare.reporting.rendering.render import render_issue

SCENARIO = SCENARIOS["restated"]


@pytest.fixture(scope="module")
def german(tmp_path_factory):
    with speaking("de"), SCENARIO.open() as connection:
        facts = SCENARIO.facts(connection)
    folder = tmp_path_factory.mktemp("german")
    return render_issue(facts, SCENARIO.verdict(), folder)


def test_page_pdf_and_mail_declare_the_language(german):
    assert '<html lang="de">' in german.page.read_text(encoding="utf-8")
    assert '<html lang="de">' in german.email_html
    assert PdfReader(german.pdf).trailer["/Root"]["/Lang"] == "de"


def test_mail_says_figures_and_sentences_as_germans_write_them(german):
    assert german.subject.startswith("Woche 46: ")
    assert "9.\N{EN DASH}15. November 2026" in german.email_text
    assert "WÄCHST DIE FÜRSPRACHE?" in german.email_text
    assert "6,7\N{NO-BREAK SPACE}% der Beiträge" in german.email_text


def test_longer_words_leave_page_one_on_one_page(german):
    pages = [page.extract_text() for page in PdfReader(german.pdf).pages]
    assert "Ergebnisse:" in pages[0]
    assert pages[1].lstrip().startswith("Zuhören")


def test_facts_alone_render_the_same_german_again(german, tmp_path):
    facts = json.loads(german.facts.read_text(encoding="utf-8"))
    assert language() == "en"
    again = render_issue(facts, SCENARIO.verdict(), tmp_path)
    assert again.page.read_bytes() == german.page.read_bytes()
    assert again.pdf.read_bytes() == german.pdf.read_bytes()
    assert again.email_html == german.email_html


def test_index_and_feed_of_the_archive_speak_it_too():
    manifest = {
        "issue": "2026-W46.r2",
        "week": "2026-11-09",
        "week_label": "2026-W46",
        "revision": 2,
        "filed_at": "2026-11-16T07:00:00+00:00",
        "verdict": "clean",
        "headline": "Ja, stetig.",
        "folder": "r2",
        "files": {"index.html": ""},
    }
    with speaking("de"):
        page = index_page([manifest], "Musterstadt")
        entries = feed([manifest], "Musterstadt").decode()
    assert '<html lang="de">' in page
    assert "Wochenberichte zur Fürsprache: Musterstadt" in page
    assert "9. Nov bis 15. Nov 2026" in page
    assert 'data-some="{shown} von {all} angezeigt"' in page
    assert 'aria-label="Bericht zu 2026-W46.r2"' in page
    assert 'xml:lang="de"' in entries
    assert "Fassung 2 ersetzt Fassung 1." in entries
