"""What a reader who cannot see, or tell colours apart, or use a mouse, is given."""

import re
from html.parser import HTMLParser
from itertools import pairwise
from xml.etree import ElementTree

import pypdf
import pytest
from unit.reporting import issues

from heartshare.reporting.charts import palette
from heartshare.reporting.charts.pictures import pictures
from heartshare.reporting.rendering.render import render_issue

SVG = "{http://www.w3.org/2000/svg}"
_VOID = frozenset({"meta", "link", "br", "img", "hr", "input"})


class Node:
    """One element of a page, with the elements and words inside it."""

    def __init__(self, tag, attributes, parent=None):
        self.tag, self.attributes, self.parent = tag, attributes, parent
        self.children, self.text = [], ""

    def every(self, *tags):
        for child in self.children:
            if not tags or child.tag in tags:
                yield child
            yield from child.every(*tags)

    @property
    def words(self):
        inner = " ".join(child.words for child in self.children)
        return f"{self.text} {inner}".strip()


class Tree(HTMLParser):
    """Parses a well-formed page into nodes."""

    def __init__(self):
        super().__init__()
        self.root = self.here = Node("", {})

    def handle_starttag(self, tag, attrs):
        node = Node(tag, dict(attrs), self.here)
        self.here.children.append(node)
        if tag not in _VOID:
            self.here = node

    def handle_startendtag(self, tag, attrs):
        self.here.children.append(Node(tag, dict(attrs), self.here))

    def handle_endtag(self, tag):
        if tag not in _VOID:
            assert self.here.tag == tag, f"</{tag}> closes <{self.here.tag}>"
            self.here = self.here.parent

    def handle_data(self, data):
        self.here.text += data.strip()


@pytest.fixture(scope="module")
def facts():
    with issues.open_published() as connection:
        return issues.facts(connection)


@pytest.fixture(scope="module")
def issue(facts, tmp_path_factory):
    return render_issue(facts, issues.verdict(), tmp_path_factory.mktemp("issue"))


@pytest.fixture(scope="module")
def page(issue):
    tree = Tree()
    tree.feed(issue.page.read_text(encoding="utf-8"))
    assert tree.here is tree.root
    return tree.root


@pytest.fixture(scope="module")
def pdf(issue):
    return pypdf.PdfReader(issue.pdf)


def test_headings_of_the_page_skip_no_level(page):
    levels = [int(one.tag[1]) for one in page.every("h1", "h2", "h3", "h4")]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after - before <= 1 for before, after in pairwise(levels))


def test_regions_of_the_page_have_names_that_differ(page):
    ids = {one.attributes["id"]: one for one in page.every() if "id" in one.attributes}
    names = [
        one.attributes.get("aria-label") or ids[one.attributes["aria-labelledby"]].words
        for one in page.every()
        if one.tag == "section" or one.attributes.get("role") == "region"
    ]
    assert len(names) > 10
    assert len(names) == len(set(names))


def test_whatever_scrolls_sideways_can_be_reached_by_keyboard(page):
    scrolling = [
        one
        for one in page.every("div")
        if "scroll" in (one.attributes.get("class") or "").split()
    ]
    assert len(scrolling) > 10
    for one in scrolling:
        assert one.attributes.get("tabindex") == "0"
        assert one.attributes.get("role") in {"group", "region"}
        assert one.attributes.get("aria-label")


def test_tables_of_the_page_have_a_caption_and_scopes(page):
    tables = list(page.every("table"))
    assert len(tables) > 15
    for table in tables:
        assert [one for one in table.every("caption") if one.words]
        heads = list(table.every("th"))
        assert {one.attributes.get("scope") for one in heads} == {"col", "row"}


def test_charts_of_the_page_stand_beside_the_same_as_a_table(page):
    for figure in page.every("figure"):
        place = figure.parent
        while not list(place.every("table", "dl")):
            place = place.parent
        assert place.tag in {"div", "section"}, place.tag


def test_focus_can_be_seen_and_the_skip_link_comes_first(issue, page):
    text = issue.page.read_text(encoding="utf-8")
    focusable = [
        one
        for one in page.every()
        if one.tag in {"a", "summary"} or one.attributes.get("tabindex") == "0"
    ]
    assert focusable[0].attributes["class"] == "skip"
    ring = re.search(r":focus-visible \{ outline: (\d+)px solid var\(--accent\)", text)
    assert ring
    assert int(ring[1]) >= 2
    assert "outline: none" not in text
    assert palette.contrast(palette.GOOD, palette.WHITE) >= 3


def test_tags_say_in_words_what_their_colour_says(page):
    tags = [
        one
        for one in page.every("span", "a")
        if "tag" in (one.attributes.get("class") or "").split()
    ]
    assert len(tags) > 20
    assert all(re.search(r"[A-Za-z]{3}", one.words) for one in tags)


def test_charts_mark_a_signal_by_shape_not_by_colour_alone(facts):
    shapes_of = {"BAD": set(), "CAUTION": set()}
    for picture in pictures(facts):
        if picture.draw.__name__ != "limit_chart":
            continue
        for element in ElementTree.fromstring(picture.svg("wide")).iter():
            for name, shapes in shapes_of.items():
                if element.get("fill") == getattr(palette, name):
                    shapes.add(element.tag.removeprefix(SVG))
    assert shapes_of["BAD"] <= {"polygon", "text"}
    assert "polygon" in shapes_of["BAD"]
    assert shapes_of["CAUTION"] <= {"polygon", "text"}


def test_email_charts_are_legible_on_a_phone(facts):
    """390 pixels less 16 at each side leave 358 for the picture."""
    mailed = [one for one in pictures(facts) if one.mailed]
    assert len(mailed) == 2
    for picture in mailed:
        tree = ElementTree.fromstring(picture.svg("mailed"))
        shrunk = 358 / float(tree.get("width"))
        sizes = [float(one.get("font-size")) for one in tree.iter(f"{SVG}text")]
        assert min(sizes) * shrunk >= 11, picture.name


def test_email_runs_nothing_and_asks_nobody(issue):
    html = issue.email_html
    assert len(html.encode()) < 100_000
    for forbidden in ("<script", "<link", "<iframe", "<form", "@import", "url("):
        assert forbidden not in html
    assert not re.search(r"(?:src|href|background)=\"(?!cid:)", html)
    assert re.search(r'<html lang="en', html)


def test_pdf_has_language_title_marks_and_an_outline(pdf):
    root = pdf.trailer["/Root"]
    assert root["/Lang"] == "en-GB"
    assert root["/MarkInfo"]["/Marked"]
    assert root["/ViewerPreferences"]["/DisplayDocTitle"]
    assert pdf.metadata.title
    titles = list(flat(pdf.outline))
    assert titles[0] == pdf.metadata.title.partition(",")[0]
    assert "Is advocacy growing?" in titles
    assert "Definitions" in titles
    assert len(titles) > 12


def flat(outline):
    for one in outline:
        if isinstance(one, list):
            yield from flat(one)
        else:
            yield one.title


def elements(pdf):
    todo = [pdf.trailer["/Root"]["/StructTreeRoot"]["/K"]]
    while todo:
        node = todo.pop(0)
        node = node.get_object() if hasattr(node, "get_object") else node
        if isinstance(node, list):
            todo = [*node, *todo]
        elif isinstance(node, dict):
            yield node
            if "/K" in node:
                todo.insert(0, node["/K"])


def test_pdf_says_what_each_header_cell_heads(pdf):
    scopes = [scope(one) for one in elements(pdf) if one.get("/S") == "/TH"]
    assert len(scopes) > 30
    assert set(scopes) <= {"/Column", "/Row", "/Both"}


def scope(cell):
    attributes = cell.get("/A")
    attributes = attributes if isinstance(attributes, list) else [attributes]
    found = [one.get_object() for one in attributes if one is not None]
    return next((one["/Scope"] for one in found if "/Scope" in one), None)


def test_pdf_headings_skip_no_level_and_are_not_empty(pdf):
    levels = [
        int(str(one["/S"])[2:])
        for one in elements(pdf)
        if re.fullmatch(r"/H[1-6]", str(one.get("/S")))
    ]
    assert levels[0] == 1
    assert all(after - before <= 1 for before, after in pairwise(levels))


def test_pdf_tags_or_sets_aside_everything_that_is_painted(pdf):
    for page in pdf.pages:
        depth = 0
        for operands, operator in pypdf.generic.ContentStream(
            page.get_contents(), pdf
        ).operations:
            if operator in {b"BDC", b"BMC"}:
                depth += 1
            elif operator == b"EMC":
                depth -= 1
            elif operator in {b"Tj", b"TJ", b"Do", b"f", b"S", b"B"}:
                assert depth > 0, (operator, operands)
        assert depth == 0


#: What protanopia, deuteranopia and tritanopia leave of linear red, green and blue
#: (Machado, Oliveira and Fernandes 2009, severity 1).
_SEEN = {
    "protan": (
        (0.152286, 1.052583, -0.204868),
        (0.114503, 0.786281, 0.099216),
        (-0.003882, -0.048116, 1.051998),
    ),
    "deutan": (
        (0.367322, 0.860646, -0.227968),
        (0.280085, 0.672501, 0.047413),
        (-0.011820, 0.042940, 0.968881),
    ),
    "tritan": (
        (1.255528, -0.076749, -0.178779),
        (-0.078411, 0.930809, 0.147602),
        (0.004733, 0.691367, 0.303900),
    ),
}
#: Colours that stand for different things on one chart.
_PAIRS = [
    ("GOOD", "BAD"),
    ("BAD", "LINE"),
    ("BAD", "INK"),
    ("BAD", "BAND"),
    ("FILL_BAD", "FILL_LIGHT"),
    ("FILL_BAD", "FILL_MIDDLE"),
    ("FILL_BAD_LIGHT", "FILL_MIDDLE"),
    ("FILL_LIGHT", "FILL_STRONG"),
    ("FILL_MIDDLE", "FILL_STRONG"),
    ("FILL_STRONG", "FILL_DEEP"),
    ("MEAN", "BAND"),
]


def linear(colour):
    channels = [int(colour[start : start + 2], 16) / 255 for start in (1, 3, 5)]
    return [
        c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels
    ]


def seen(colour, kind):
    """Return a #RRGGBB colour in CIE Lab as an eye of a kind sees it (D65)."""
    rgb = linear(colour)
    if kind in _SEEN:
        rgb = [
            min(max(sum(w * c for w, c in zip(row, rgb, strict=True)), 0), 1)
            for row in _SEEN[kind]
        ]
    to_xyz = (
        (0.4124564 / 0.95047, 0.3575761 / 0.95047, 0.1804375 / 0.95047),
        (0.2126729, 0.7151522, 0.0721750),
        (0.0193339 / 1.08883, 0.1191920 / 1.08883, 0.9503041 / 1.08883),
    )
    x, y, z = (sum(w * c for w, c in zip(row, rgb, strict=True)) for row in to_xyz)
    fx, fy, fz = (
        value ** (1 / 3) if value > 216 / 24389 else (24389 / 27 * value + 16) / 116
        for value in (x, y, z)
    )
    return (116 * fy - 16, 500 * (fx - fy), 200 * (fy - fz))


def difference(one, other, kind):
    """Return CIE 1976 colour difference as an eye of a kind sees it."""
    pairs = zip(seen(one, kind), seen(other, kind), strict=True)
    return sum((a - b) ** 2 for a, b in pairs) ** 0.5


def test_simulation_makes_red_and_green_alike_but_not_blue_and_yellow():
    assert difference("#B00000", "#00A000", "usual") > 100
    assert difference("#A07000", "#708000", "deutan") < 15
    assert difference("#0000FF", "#FFFF00", "deutan") > 100
    assert seen("#FFFFFF", "tritan") == pytest.approx((100, 0, 0), abs=0.1)


@pytest.mark.parametrize("kind", ["usual", *_SEEN])
@pytest.mark.parametrize(("one", "other"), _PAIRS)
def test_colours_that_mean_different_things_differ_for_every_eye(one, other, kind):
    """Ten units of CIE 1976 are plainly apart, also in small marks."""
    assert difference(getattr(palette, one), getattr(palette, other), kind) >= 10
