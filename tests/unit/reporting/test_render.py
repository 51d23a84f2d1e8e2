"""An issue: refused without a passing verdict, always the same bytes, accessible."""

import copy
import hashlib
import re
from html.parser import HTMLParser

import pypdf
import pytest
from unit.reporting import issues

from heartshare.quality.gate import WeekHeldError
from heartshare.reporting.rendering.render import (
    VerdictOfAnotherWeekError,
    render_issue,
)
from heartshare.weeks import ReportingWeek


@pytest.fixture(scope="module")
def facts():
    with issues.open_published() as connection:
        return issues.facts(connection)


@pytest.fixture(scope="module")
def issue(facts, tmp_path_factory):
    return render_issue(facts, issues.verdict(), tmp_path_factory.mktemp("issue"))


@pytest.fixture(scope="module")
def page(issue):
    return issue.page.read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def pdf(issue):
    return pypdf.PdfReader(issue.pdf)


def test_render_refuses_a_blocked_verdict(facts, tmp_path):
    blocked = issues.verdict(issues.outcome("history/volume", state="failed"))
    with pytest.raises(WeekHeldError):
        render_issue(facts, blocked, tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_render_refuses_the_verdict_of_another_week(facts, tmp_path):
    other = issues.verdict(week=ReportingWeek.parse("2026-W45"))
    with pytest.raises(VerdictOfAnotherWeekError, match="2026-W45"):
        render_issue(facts, other, tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_render_refuses_the_verdict_of_another_build(facts, tmp_path):
    with pytest.raises(VerdictOfAnotherWeekError, match="otherbuild"):
        render_issue(facts, issues.verdict(build_id="otherbuild"), tmp_path)


def test_render_gives_the_same_bytes_again(facts, issue, tmp_path):
    again = render_issue(facts, issues.verdict(), tmp_path)
    for name in ("page", "pdf", "facts"):
        first, second = getattr(issue, name), getattr(again, name)
        assert digest(first) == digest(second), name
    assert again.pictures == issue.pictures
    assert again.email_html == issue.email_html
    assert again.email_text == issue.email_text


def digest(path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def test_pdf_is_tagged_and_claims_ua_1(pdf):
    root = pdf.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"]
    assert root["/Lang"].startswith("en")
    metadata = root["/Metadata"].get_data().decode()
    assert "pdfuaid:part" in metadata
    assert "Weekly advocacy progress report" in pdf.metadata.title


def test_pdf_describes_every_figure_and_heads_every_table(pdf):
    kinds, alternatives = structure(pdf)
    assert kinds["/Figure"] == len(alternatives)
    assert all(len(text) > 10 for text in alternatives)
    assert kinds["/Table"] >= 6
    assert kinds["/TH"] >= kinds["/Table"] * 2
    assert kinds["/H1"] == 1


def structure(pdf):
    kinds: dict[str, int] = {}
    alternatives = []
    todo = [pdf.trailer["/Root"]["/StructTreeRoot"]]
    while todo:
        node = todo.pop()
        node = node.get_object() if hasattr(node, "get_object") else node
        if isinstance(node, list):
            todo.extend(node)
        elif isinstance(node, dict):
            kind = node.get("/S")
            kinds[kind] = kinds.get(kind, 0) + 1
            if kind == "/Figure":
                alternatives.append(str(node.get("/Alt", "")))
            if "/K" in node:
                todo.append(node["/K"])
    return kinds, alternatives


def test_pdf_page_one_answers_the_questions_in_reading_order(pdf, facts):
    text = " ".join(pdf.pages[0].extract_text().split())
    order = [
        facts["issue"]["dates_text"],
        facts["gate"]["text"],
        facts["growing"]["question"],
        facts["growing"]["headline"],
        facts["stuck"]["question"],
        facts["stuck"]["headline"],
        facts["actions"]["question"],
        facts["actions"]["rows"][0]["owner"],
        "Outcomes: ",
    ]
    places = [text.find(part.replace("\xa0", " ")) for part in order]
    assert -1 not in places, dict(zip(order, places, strict=True))
    assert places == sorted(places)


LONG = "Donaudampfschifffahrtselektrizitätenhauptbetriebswerk"
RIGHT_TO_LEFT = "עיריית ריברמארק (שירותי התושבים)"


@pytest.fixture(scope="module")
def hostile(facts, tmp_path_factory):
    """An issue with a word longer than its column and a name from right to left."""
    told = copy.deepcopy(facts)
    told["issue"]["organisation"] = RIGHT_TO_LEFT
    told["listen"]["rows"][0]["name"] = LONG
    told["listen"]["headline"] = f"Much was said of {LONG} again."
    return render_issue(told, issues.verdict(), tmp_path_factory.mktemp("hostile"))


def test_long_word_is_copied_from_the_pdf_as_it_is_written(hostile):
    """It was broken by characters without width, which whoever copied it got too."""
    text = "\n".join(page.extract_text() for page in pypdf.PdfReader(hostile.pdf).pages)
    assert f"said of {LONG} again" in text
    assert text.replace("\n", "").count(LONG) == 2
    assert not set(text) & {"\u200b", "\u00ad", "\u2060"}


def test_name_from_right_to_left_leaves_the_footer_in_its_order(hostile):
    """It took the year of the week with it: "2026 · NAME-W46"."""
    footers = [
        page.extract_text().splitlines() for page in pypdf.PdfReader(hostile.pdf).pages
    ]
    assert all(any("2026-W46 · issue 1" in line for line in one) for one in footers)
    for text in (hostile.page.read_text(encoding="utf-8"), hostile.email_html):
        assert f"<bdi>{RIGHT_TO_LEFT}</bdi> ·" in text


def test_pdf_has_five_pages_and_embeds_only_inter(pdf):
    assert len(pdf.pages) == 5
    fonts = set()
    for page in pdf.pages:
        for font in page["/Resources"]["/Font"].get_object().values():
            fonts.add(font.get_object()["/BaseFont"].split("+")[-1])
    assert fonts
    assert all(name.startswith("Inter") for name in fonts), fonts


class Outline(HTMLParser):
    """Collect tags, ids and references of a page."""

    def __init__(self):
        super().__init__()
        self.tags: dict[str, int] = {}
        self.ids: list[str] = []
        self.references: list[str] = []
        self.alternatives: list[str] = []
        self.unscoped = 0

    def handle_starttag(self, tag, attrs):
        values = dict(attrs)
        self.tags[tag] = self.tags.get(tag, 0) + 1
        if "id" in values:
            self.ids.append(values["id"])
        self.references += (values.get("aria-labelledby") or "").split()
        if (values.get("href") or "").startswith("#"):
            self.references.append(values["href"][1:])
        if tag == "th" and "scope" not in values:
            self.unscoped += 1
        if tag == "img":
            self.alternatives.append(values.get("alt") or "")


@pytest.fixture(scope="module")
def outline(page):
    parser = Outline()
    parser.feed(page)
    return parser


def test_page_needs_nothing_from_elsewhere(page):
    without_namespace = page.replace("http://www.w3.org/2000/svg", "")
    assert not re.search(r"https?://", without_namespace)
    assert "<script" not in page
    assert "<link" not in page


def test_page_has_landmarks_one_title_and_a_skip_link(page, outline):
    for tag in ("header", "main", "footer", "h1"):
        assert outline.tags[tag] >= 1, tag
    assert outline.tags["main"] == outline.tags["h1"] == 1
    assert 'class="skip" href="#answers"' in page
    assert 'lang="en-GB"' in page


def test_page_ids_are_unique_and_every_reference_leads_somewhere(outline):
    assert len(outline.ids) == len(set(outline.ids))
    assert set(outline.references) <= set(outline.ids)


def test_page_gives_a_table_beside_every_chart_and_scopes_every_header(outline):
    assert outline.unscoped == 0
    assert outline.tags["details"] >= 9


def test_page_shows_the_query_of_each_headline_figure(page, facts):
    assert "select value from marts.fct_metric_weeks" in page
    assert facts["growing"]["net_new"]["query"].split(" and ")[0][:40] in page


def test_email_is_small_one_table_and_described(issue, facts):
    html = issue.email_html
    assert len(html.encode()) < 100_000
    parser = Outline()
    parser.feed(html)
    assert len(parser.alternatives) == 2
    assert all(len(text) > 40 for text in parser.alternatives)
    cids = re.findall(r'src="cid:([^"]+)"', html)
    assert cids == list(issue.pictures)
    assert all(data.startswith(b"\x89PNG") for data in issue.pictures.values())
    assert "<style>" in html
    assert "@media" in html
    assert html.index(facts["gate"]["text"]) < html.index("Is advocacy growing?")


def test_email_styles_stand_on_the_elements(issue):
    body = issue.email_html.partition("<body")[2]
    assert body.count('style="') > 40
    assert re.search(r'<h2 style="[^"]*font-size:\s*23px', body)


def test_pictures_of_the_email_are_no_wider_than_a_phone(issue):
    """A width in pixels holds a table open, whatever max-width says."""
    html = issue.email_html
    assert html.count('class="picture"') == len(issue.pictures)
    assert re.search(
        r"@media[^{]+\{.*\.picture \{ width: 100% !important; \}", html, re.S
    )


def test_email_text_says_what_the_html_says(issue, facts):
    text = issue.email_text
    for part in (
        facts["growing"]["headline"],
        facts["stuck"]["headline"],
        facts["outcomes"]["headline"],
        facts["gate"]["text"],
        *(row["title"] for row in facts["actions"]["rows"]),
        *(row["owner"] for row in facts["actions"]["rows"]),
    ):
        assert part in text
    assert "<" not in text
    assert "&#" not in text


def test_subject_names_the_week_and_both_answers(issue):
    assert issue.subject.startswith("Week 46: ")
    assert "stuck between Identified and Activated" in issue.subject
    assert "\n" not in issue.subject


def test_a_correction_says_so_everywhere(facts, tmp_path):
    corrected = {
        **facts,
        "issue": {
            **facts["issue"],
            "revision": 2,
            "changes": ["YouTube was complete."],
        },
    }
    issue = render_issue(corrected, issues.verdict(), tmp_path)
    assert "corrected, issue 2" in issue.subject
    assert "YouTube was complete." in issue.page.read_text(encoding="utf-8")
    assert "YouTube was complete." in issue.email_html
    assert "YouTube was complete." in issue.email_text
    assert "Corrected issue" in pypdf.PdfReader(issue.pdf).pages[0].extract_text()


def test_pdf_page_one_holds_with_many_caveats_and_a_correction(tmp_path):
    failed = [
        issues.outcome(
            f"history/volume_of_source_{number}_is_usual", "warning", "failed"
        )
        for number in range(7)
    ]
    verdict = issues.verdict(*failed)
    with issues.open_published() as connection:
        facts = issues.facts(
            connection,
            verdict,
            issue_revision=2,
            changes=["Was: No change in advocates this week. Now: two more."],
        )
    pdf = pypdf.PdfReader(render_issue(facts, verdict, tmp_path).pdf)
    first = pdf.pages[0].extract_text()
    assert "more on page 4" in " ".join(first.split())
    assert facts["outcomes"]["cards"][2]["target"]["text"] in first
    assert len(pdf.pages) == 5


def test_an_issue_without_any_rows_still_renders(tmp_path):
    with issues.open_published() as connection:
        tables = connection.execute(
            "select table_name from information_schema.tables"
        ).fetchall()
        for (table,) in tables:
            connection.execute(f"delete from marts.{table}")
        facts = issues.facts(connection)
    issue = render_issue(facts, issues.verdict(), tmp_path)
    text = issue.page.read_text(encoding="utf-8")
    assert facts["listen"]["empty"] in text
    assert facts["followers"]["empty"] in text
    assert "No figure this week." in issue.email_text


def test_text_from_exports_cannot_break_the_page(tmp_path):
    with issues.open_published() as connection:
        connection.execute(
            "update marts.rpt_weekly_issues set theme_name = '<script>*#[x]</script>'"
        )
        facts = issues.facts(connection, organisation="A & B <Council> #1")
    issue = render_issue(facts, issues.verdict(), tmp_path)
    assert "<script" not in issue.page.read_text(encoding="utf-8")
    assert "A &amp; B &lt;Council&gt;" in issue.email_html
    assert "A & B <Council> #1" in pypdf.PdfReader(issue.pdf).pages[0].extract_text()
