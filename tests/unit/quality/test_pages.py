"""The pages of the gate: complete, escaped, self-contained, and for everybody."""

import re
from dataclasses import replace
from datetime import UTC, date, datetime
from html.parser import HTMLParser
from itertools import pairwise

import pytest
from unit.quality.gate_records import WEEK, outcome, verdict, write_run

from heartshare.language import speaking
from heartshare.quality.explanation import tell_checks
from heartshare.quality.findings import say_found
from heartshare.quality.gate import Waiver, decide
from heartshare.quality.history import read_runs
from heartshare.quality.page import RunNote, draw_page
from heartshare.quality.page_style import MARKS, PAIRS, STYLE
from heartshare.quality.suites import Asset, Suite
from heartshare.quality.trend_page import Trend, draw_trend
from heartshare.reporting.charts.palette import contrast

SUITE = Suite("totals", "Is it <whole>?", "data-engineering", Asset("audit", "t"), ())
NOTE = RunNote(
    "run-0002",
    datetime(2026, 11, 16, 5, 12, tzinfo=UTC),
    datetime(2026, 11, 23, tzinfo=UTC),
    "../../index.html",
)


class Outline(HTMLParser):
    """Elements, headings, ids, links within the page and rows of tables."""

    def __init__(self, text):
        super().__init__()
        self.open, self.headings, self.ids, self.links = [], [], [], []
        self.elements, self.loose, self.rows = set(), [], []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag, attributes):
        found = dict(attributes)
        self.elements.add(tag)
        if re.fullmatch(r"h[1-6]", tag):
            self.headings.append(int(tag[1]))
        if "id" in found:
            self.ids.append(found["id"])
        if tag == "a":
            self.links.append(found["href"])
        if tag == "th" and "scope" not in found:
            self.loose.append(self.getpos())
        if tag == "tr":
            self.rows.append(0)
        if tag in {"th", "td"}:
            self.rows[-1] += int(found.get("colspan", 1))
        if tag not in {"meta", "br", "col"}:
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag, (tag, self.getpos())


def run_page(*outcomes, **more):
    judged = decide(WEEK, "b1", outcomes, **more)
    return draw_page(judged, [SUITE], tell_checks(judged, [SUITE], {}, ()), NOTE)


@pytest.fixture
def half_year(tmp_path):
    """Three weeks: one check went, one was held and mended, then waived."""
    write_run(tmp_path, WEEK.shift(-2), 1, totals__match="p", old__one="f")
    write_run(tmp_path, WEEK.shift(-1), 1, totals__match="f", volume__usual="f")
    write_run(tmp_path, WEEK.shift(-1), 2, "b2", totals__match="p", volume__usual="f")
    write_run(tmp_path, WEEK, 1, totals__match="w", volume__usual="b", mix__known="f")
    waiver = Waiver(
        "totals.match", WEEK, "Aoife <Byrne>", "Platform was down.", date(2026, 11, 30)
    )
    return Trend("Town & Co", read_runs(tmp_path), [waiver], ["Waiver 2 is <old>."])


@pytest.fixture(params=["run", "trend"])
def page(request, half_year):
    if request.param == "trend":
        return draw_trend(half_year)
    return run_page(
        outcome("totals.match", "f"),
        outcome("volume.usual", "f"),
        outcome("mix.known", "p"),
        waivers_ignored=("Waiver 1 does not count.",),
    )


def test_page_is_well_formed_and_has_its_landmarks(page):
    outline = Outline(page)
    assert outline.open == []
    assert {"header", "main", "footer"} <= outline.elements
    assert "lang='en-GB'" in page
    assert len(set(outline.ids)) == len(outline.ids)


def test_headings_go_down_one_level_at_a_time(page):
    headings = Outline(page).headings
    assert headings[0] == 1
    assert headings.count(1) == 1
    assert all(b - a <= 1 for a, b in pairwise(headings))


def test_every_header_cell_says_what_it_heads_and_rows_are_whole(page):
    outline = Outline(page)
    assert outline.loose == []
    for table in re.findall(r"<table.*?</table>", page, re.DOTALL):
        widths = set(Outline(table).rows)
        assert len(widths) == 1, widths


def test_page_loads_nothing_and_its_own_links_lead_somewhere(page):
    assert not re.search(r"https?:|src=|@import|url\(|<script", page)
    outline = Outline(page)
    inner = {link[1:] for link in outline.links if link.startswith("#")}
    assert inner <= set(outline.ids)


def test_every_mark_has_words_for_who_cannot_see_it(page):
    marks = re.findall(r"aria-hidden='true'>[^<]+</span><span class='(\w+)'>", page)
    assert page.count("class='mark ") - page.count("<h1 class='verdict'>") == len(marks)
    assert set(marks) <= {"hidden", "word"}


def test_marks_differ_by_sign_not_only_by_colour():
    signs = [sign for sign, _ in MARKS.values()]
    assert len(set(signs)) == len(signs)
    assert all(f".mark.{kind}" in STYLE for kind in MARKS)


@pytest.mark.parametrize("pair", PAIRS, ids="-".join)
def test_text_stands_out_from_its_ground(pair):
    assert contrast(*pair) >= 4.5


def test_run_page_tells_first_what_holds_the_week():
    note = outcome("volume.usual", "f")
    held = replace(outcome("totals.match", "f"), why="Rows were <lost>.")
    page = run_page(note, held, outcome("totals.there", "p"))
    assert page.index("id='totals.match'") < page.index("id='volume.usual'")
    for wanted in (
        "2026-W46: Held: nothing of this week is published",
        "1 of 3 checks passed; 1 holds the week, 1 is a note.",
        "2026-11-16 05:12 UTC",
        "2026-11-23 00:00 UTC",
        "failed, critical, holds the week",
        "Rows were &lt;lost&gt;.",
        "Is it &lt;whole&gt;?",
        "href='../../index.html'",
        "Look at totals first",
    ):
        assert wanted in page
    assert "Is it <whole>?" not in page


def test_run_page_of_a_clean_week_says_that_nothing_is_to_be_done():
    page = run_page(outcome("totals.match", "p"))
    assert "2026-W46: Fit to publish<" in page
    assert "There is nothing to do." in page


def test_run_page_without_checks_says_that_nobody_knows():
    assert "nobody knows" in run_page()


def test_run_page_shows_who_waived_and_why():
    page = run_page(outcome("totals.match", "w"))
    told = "Waived by Aoife Byrne until 2026-11-30: The platform was down."
    assert told in page
    assert "Fit to publish, with notes" in page


def grid_row(page, name):
    row = re.search(rf"<tr[^>]*><th scope='row'>{name}</th>(.*?)</tr>", page)[1]
    cells = re.findall(r"<td>(.*?)</td>", row)
    return [re.sub(r".*class='hidden'>|</span>", "", cell) for cell in cells]


def test_grid_shows_the_worst_of_each_week_and_whether_it_was_mended(half_year):
    page = draw_trend(half_year)
    held, broken = MARKS["held"][1], MARKS["broken"][1]
    assert grid_row(page, "match") == [
        "passed",
        f"{held}, mended in a later run",
        MARKS["waived"][1],
    ]
    assert grid_row(page, "usual") == ["", MARKS["note"][1], broken]
    assert grid_row(page, "known") == ["", "", MARKS["info"][1]]
    assert grid_row(page, "Verdict, first run") == ["held", "held", "held"]
    assert grid_row(page, "Verdict that holds") == [
        "held",
        "published with notes",
        "held",
    ]


def test_grid_leads_to_the_last_run_of_each_week(half_year):
    page = draw_trend(half_year)
    for week, run in ((WEEK.shift(-2), 1), (WEEK.shift(-1), 2), (WEEK, 1)):
        assert f"href='{week.label}/run-{run:04d}/index.html'" in page


def test_trend_counts_and_lists_what_is_open_and_what_closed(half_year):
    page = draw_trend(half_year)
    figures = re.findall(r"<li><b>(\d+)</b>([^<]+)</li>", page)
    assert figures == [
        ("3", "weeks judged"),
        ("3", "held at first"),
        ("1", "of them mended"),
        ("3", "open incidents"),
        ("1", "waiver in force"),
    ]
    now, past = page.split("<h2 id='list'>")
    assert "<code>volume.usual</code>" in now.split("<h2 id='waivers'>")[0]
    assert "no longer asked" in past
    assert "2026-W45, run 2" in past


def test_trend_names_waivers_persons_and_those_that_do_not_count(half_year):
    page = draw_trend(half_year)
    assert "<td data-label='Person'>Aoife &lt;Byrne&gt;</td>" in page
    assert "<td data-label='Reason'>Platform was down.</td>" in page
    assert "Waiver 2 is &lt;old&gt;." in page
    assert "Town &amp; Co" in page
    assert "<td data-label='Used'>yes</td>" in page


def test_waiver_that_no_run_has_used_says_so(half_year):
    waiver = replace(half_year.waivers[0], week=WEEK.shift(1))
    assert ">not yet</td>" in draw_trend(replace(half_year, waivers=[waiver]))


def test_trend_before_the_first_run_is_a_page():
    assert "The gate has not run yet." in draw_trend(Trend("Town", ()))


@pytest.fixture
def in_german(half_year):
    held = replace(
        outcome("totals.match", "f"),
        observed="1,204 of 12,000 rows",
        examples=("youtube<x>", "2026-11-09"),
    )
    with speaking("de"):
        return draw_trend(half_year), run_page(
            held, outcome("mix.known", "b"), outcome("volume.usual", "w")
        )


def test_pages_speak_the_language_of_the_report(in_german):
    trend, run = in_german
    for wanted in (
        "lang='de'",
        "2026-W46: Angehalten: Von dieser Woche wird nichts veröffentlicht",
        "nicht bestanden, kritisch, hält die Woche an",
        "1.204 von 12.000 Zeilen<br>Beispiele: <code>youtube&lt;x&gt;</code>, <code>",
        "Ausgesetzt von Aoife Byrne bis 2026-11-30: The platform was down.",
        "0 von 3 Prüfungen bestanden; 2 halten die Woche an, 1 ist ausgesetzt.",
        "data-label='Schwere'>kritisch</td>",
    ):
        assert wanted in run
    for wanted in (
        "lang='de'",
        "<b>3</b>offene Vorfälle",
        "nicht bestanden, hielt die Woche an, in einem späteren Lauf behoben",
        "2026-W45, Lauf 2",
        "nicht mehr geprüft",
    ):
        assert wanted in trend


def test_pages_say_no_word_of_their_own_in_english(in_german):
    """What is English on them is data: names of checks, owners and reasons."""
    ours = re.compile(
        r"\b(held|passed|failed|check|weeks?|waived|owner|found|judged|none)\b", re.I
    )
    for page in in_german:
        shown = re.sub(
            r"<style>.*?</style>|<code>.*?</code>|<ul><li lang='en-GB'>.*?</ul>|"
            r"(class|id|href|aria-labelledby)=('[^']*'|\w+)",
            "",
            page,
            flags=re.DOTALL,
        )
        assert ours.findall(shown) == []


@pytest.mark.parametrize(
    ("found", "said"),
    [
        ("12", "12"),
        ("1,234.5", "1.234,5"),
        ("1 offending row", "1 beanstandete Zeile"),
        ("no rows", "keine Zeilen"),
        ("3 unexpected and 0 missing columns", "3 unerwartete und 0 fehlende Spalten"),
        (
            "could not be checked (KeyError; details are in the task's log)",
            "konnte nicht geprüft werden (KeyError; Näheres im Protokoll der Aufgabe)",
        ),
        ("a wording of long ago, 3 of 4", "a wording of long ago, 3 of 4"),
    ],
)
def test_what_a_check_found_is_said_with_its_numbers(found, said):
    assert say_found(found) == found
    with speaking("de"):
        assert say_found(found) == said


def test_rows_of_tables_stack_on_a_phone_and_name_their_columns(half_year, in_german):
    for page in (draw_trend(half_year), *in_german):
        for table in re.findall(r"<table class='rows'>.*?</table>", page, re.DOTALL):
            heads = re.findall(r"<th scope='col'>(.*?)</th>", table)
            labels = set(re.findall(r"data-label='(.*?)'", table))
            assert labels
            assert labels <= set(heads)
    assert "attr(data-label)" in STYLE


def test_equal_records_draw_equal_pages(half_year):
    assert draw_trend(half_year) == draw_trend(half_year)
    judged = verdict(WEEK, "b1", totals__match="f")
    stories = tell_checks(judged, [SUITE], {}, half_year.runs)
    first, second = (draw_page(judged, [SUITE], stories, NOTE) for _ in range(2))
    assert first == second
