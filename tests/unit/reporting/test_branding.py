"""A logo and a colour enter the report only if everybody can read the result."""

import re

import pypdf
import pytest
from unit.reporting import issues
from unit.reporting.test_accessibility import elements

from heartshare.reporting.rendering.branding import (
    LOGO_BYTES,
    BrandingError,
    brand_facts,
)
from heartshare.reporting.rendering.render import render_issue
from heartshare.settings import Settings

SVG = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 60 20">'
    '<title>R</title>{}<rect width="60" height="20" fill="#7A1F5C"/></svg>'
)


def settings(tmp_path, logo=None, **more):
    env = {"HEARTSHARE_HOME": str(tmp_path), **more}
    if logo is not None:
        path = tmp_path / "logo.svg"
        path.write_bytes(logo if isinstance(logo, bytes) else logo.encode())
        env |= {"HEARTSHARE_LOGO": str(path), "HEARTSHARE_LOGO_TEXT": "Rivermark"}
    return Settings.from_env(env | more)


def test_no_brand_is_set_by_default(tmp_path):
    assert brand_facts(settings(tmp_path)) is None


def test_pale_accent_is_refused_with_setting_and_ratio(tmp_path):
    with pytest.raises(BrandingError, match=r"HEARTSHARE_ACCENT.*2\.\d\d:1.*4\.5:1"):
        brand_facts(settings(tmp_path, HEARTSHARE_ACCENT="#FF8800"))


def test_accent_must_also_be_read_on_tinted_boxes(tmp_path):
    with pytest.raises(BrandingError, match="tinted boxes"):
        brand_facts(settings(tmp_path, HEARTSHARE_ACCENT="#757575"))


@pytest.mark.parametrize("colour", ["red", "#12345", "#1234567", "#12345G"])
def test_accent_must_be_a_plain_colour(tmp_path, colour):
    with pytest.raises(BrandingError, match="#RRGGBB"):
        brand_facts(settings(tmp_path, HEARTSHARE_ACCENT=colour))


@pytest.mark.parametrize(
    ("inside", "named"),
    [
        ("<script>1</script>", "<script>"),
        ("<foreignObject/>", "<foreignObject>"),
        ('<image href="x.png"/>', "<image>"),
        ("<style>*{}</style>", "<style>"),
        ('<g onload="x()"/>', "onload"),
        ('<use href="http://example.org/a.svg#b"/>', "href"),
        ('<g fill="url(http://example.org/a)"/>', "fill"),
        ('<animate attributeName="x"/>', "<animate>"),
    ],
)
def test_logo_that_does_more_than_show_shapes_is_refused(tmp_path, inside, named):
    with pytest.raises(BrandingError, match=re.escape(named)):
        brand_facts(settings(tmp_path, SVG.format(inside)))


@pytest.mark.parametrize(
    ("content", "why"),
    [
        ("<!DOCTYPE svg [<!ENTITY a 'b'>]>" + SVG.format(""), "document type"),
        ("GIF89a", "no SVG or PNG"),
        ('<svg xmlns="http://www.w3.org/2000/svg"/>', "viewBox"),
        (b"\x89PNG\r\n\x1a\n" + bytes(LOGO_BYTES), "50,000"),
    ],
)
def test_file_that_is_no_logo_is_refused(tmp_path, content, why):
    with pytest.raises(BrandingError, match=why):
        brand_facts(settings(tmp_path, content))


def test_logo_needs_words_and_a_file(tmp_path):
    with pytest.raises(BrandingError, match="HEARTSHARE_LOGO_TEXT"):
        brand_facts(settings(tmp_path, SVG.format(""), HEARTSHARE_LOGO_TEXT=" "))
    with pytest.raises(BrandingError, match="HEARTSHARE_LOGO="):
        brand_facts(settings(tmp_path, HEARTSHARE_LOGO=str(tmp_path / "none.svg")))


@pytest.fixture(scope="module")
def branded(tmp_path_factory):
    folder = tmp_path_factory.mktemp("brand")
    with issues.open_published() as connection:
        facts = issues.facts(connection)
    made = settings(folder, SVG.format(""), HEARTSHARE_ACCENT="#7a1f5c")
    facts["issue"]["brand"] = brand_facts(made)
    (folder / "logo.svg").unlink()
    return facts, render_issue(facts, issues.verdict(), folder / "out")


def test_brand_stands_in_page_pdf_and_email(branded):
    _, issue = branded
    page = issue.page.read_text(encoding="utf-8")
    assert ":root { --accent: #7A1F5C; }" in page
    assert 'alt="Rivermark"' in page
    assert "7A1F5C" in issue.email_html
    assert next(iter(issue.pictures)).startswith("logo.")
    assert next(iter(issue.pictures.values())).startswith(b"\x89PNG")
    assert len(issue.email_html.encode()) < 100_000
    pdf = pypdf.PdfReader(issue.pdf)
    alternatives = [str(one.get("/Alt")) for one in elements(pdf)]
    assert alternatives.count("Rivermark") == 1


def test_issue_with_a_lost_logo_is_rendered_again_byte_for_byte(branded, tmp_path):
    facts, issue = branded
    again = render_issue(facts, issues.verdict(), tmp_path)
    assert again.page.read_bytes() == issue.page.read_bytes()
    assert again.pdf.read_bytes() == issue.pdf.read_bytes()
    assert again.email_html == issue.email_html
    assert again.pictures == issue.pictures
