from __future__ import annotations

import base64
import hashlib
import json
import re
from datetime import UTC, datetime, timedelta
from html.parser import HTMLParser
from typing import TYPE_CHECKING

import pytest

from heartshare.reporting.archive.issues import (
    DEFINITIONS,
    ArchivedIssueError,
    IncompleteIssueError,
    altered_files,
    facts_digest,
    file_issue,
    held_issue,
    issue_of,
    last_issue_before,
    next_issue,
    read_manifest,
    write_index,
)
from heartshare.weeks import ReportingWeek

if TYPE_CHECKING:
    from pathlib import Path

    from heartshare.reporting.archive.issues import Issue

WEEK = ReportingWeek.parse("2026-W46")
AT = datetime(2026, 11, 18, 9, 30, tzinfo=UTC)
FILES = {
    "index.html": b"<p>page</p>",
    "report.pdf": b"%PDF-1.7",
    "report.eml": b"Subject: x\r\n",
    "facts.json": b"{}",
}


def file_report(
    archive: Path, digest: str, week: ReportingWeek = WEEK, headline: str = "Growing"
) -> Issue:
    return file_issue(
        next_issue(archive, week, digest),
        FILES,
        at=AT,
        verdict="clean",
        headline=headline,
        digest=digest,
    )


def file_notice(archive: Path, week: ReportingWeek = WEEK) -> Issue:
    return file_issue(
        held_issue(archive, week, "run-0001"),
        {"notice.eml": b"Subject: HELD\r\n", "notice.txt": b"held"},
        at=AT,
        verdict="blocked",
        headline="HELD: 2 checks failed",
    )


def test_first_issue_of_a_week_is_revision_one(tmp_path: Path) -> None:
    issue = next_issue(tmp_path, WEEK, "facts a")

    assert (issue.key, issue.revision, issue.is_new) == ("2026-W46.r1", 1, True)
    assert issue.path == tmp_path / "2026-W46" / "r1"


def test_same_facts_are_no_new_revision_and_other_facts_are(tmp_path: Path) -> None:
    file_report(tmp_path, "facts a")

    same = next_issue(tmp_path, WEEK, "facts a")
    other = next_issue(tmp_path, WEEK, "facts b")

    assert (same.key, same.is_new) == ("2026-W46.r1", False)
    assert (other.key, other.is_new) == ("2026-W46.r2", True)


def test_published_revision_is_reported_once_whatever_changed_in_between(
    tmp_path: Path,
) -> None:
    facts = json.dumps({"issue": {"published_revision": "rev-0007"}}).encode()
    file_report(tmp_path, "facts a")
    file_issue(
        next_issue(tmp_path, WEEK, "facts b"),
        {**FILES, "facts.json": facts},
        at=AT,
        verdict="clean",
    )

    reported = issue_of(tmp_path, WEEK, "rev-0007")

    assert reported is not None
    assert (reported.key, reported.is_new) == ("2026-W46.r2", False)
    assert issue_of(tmp_path, WEEK, "rev-0008") is None
    assert issue_of(tmp_path, WEEK.shift(1), "rev-0007") is None


def test_last_issue_before_a_week_is_the_newest_that_kept_its_figures(
    tmp_path: Path,
) -> None:
    kept = {**FILES, "figures.parquet": b"PAR1"}
    for week, digest in ((WEEK.shift(-2), "a"), (WEEK.shift(-2), "b"), (WEEK, "c")):
        file_issue(
            next_issue(tmp_path, week, digest),
            kept,
            at=AT,
            verdict="clean",
            digest=digest,
        )
    file_report(tmp_path, "d", WEEK.shift(-1))
    file_notice(tmp_path, WEEK.shift(-1))

    found = last_issue_before(tmp_path, WEEK, "figures.parquet")

    assert found == tmp_path / "2026-W44" / "r2"
    assert last_issue_before(tmp_path, WEEK.shift(-2), "figures.parquet") is None


def test_tenth_revision_follows_the_ninth(tmp_path: Path) -> None:
    for number in range(10):
        file_report(tmp_path, f"facts {number}")

    assert next_issue(tmp_path, WEEK, "more").key == "2026-W46.r11"


def test_facts_digest_ignores_which_revision_speaks() -> None:
    facts = {"issue": {"revision": 1}, "growing": {"value": 6}}

    assert facts_digest(facts) == facts_digest({**facts, "issue": {"revision": 2}})
    assert facts_digest(facts) != facts_digest({**facts, "growing": {"value": 7}})


def test_manifest_says_what_was_filed(tmp_path: Path) -> None:
    issue = file_report(tmp_path, "facts a")
    manifest = read_manifest(issue.path)

    assert manifest["issue"] == "2026-W46.r1"
    assert manifest["filed_at"] == "2026-11-18T09:30:00+00:00"
    assert set(manifest["files"]) == set(FILES)
    assert sorted(path.name for path in issue.path.iterdir()) == sorted(
        [*FILES, "manifest.json"]
    )
    assert altered_files(issue.path) == ()


def test_altered_file_is_noticed(tmp_path: Path) -> None:
    issue = file_report(tmp_path, "facts a")
    (issue.path / "facts.json").chmod(0o644)
    (issue.path / "facts.json").write_bytes(b'{"better": true}')
    (issue.path / "report.pdf").unlink()

    assert altered_files(issue.path) == ("facts.json", "report.pdf")


def test_filing_again_changes_nothing_and_other_files_are_refused(
    tmp_path: Path,
) -> None:
    issue = file_report(tmp_path, "facts a")
    before = (issue.path / "manifest.json").read_bytes()

    file_issue(issue, FILES, at=datetime(2027, 1, 1, tzinfo=UTC), verdict="clean")
    with pytest.raises(ArchivedIssueError, match=r"2026-W46\.r1 .* other report\.pdf"):
        file_issue(issue, {**FILES, "report.pdf": b"%PDF-2.0"}, at=AT, verdict="clean")

    assert (issue.path / "manifest.json").read_bytes() == before
    assert (issue.path / "report.pdf").read_bytes() == b"%PDF-1.7"


@pytest.mark.parametrize(
    "files",
    [
        {name: content for name, content in FILES.items() if name != "report.pdf"},
        {**FILES, "../escape.html": b"x"},
        {**FILES, "manifest.json": b"{}"},
    ],
)
def test_incomplete_or_misnamed_issue_is_refused(
    tmp_path: Path, files: dict[str, bytes]
) -> None:
    with pytest.raises(IncompleteIssueError):
        file_issue(next_issue(tmp_path, WEEK, "a"), files, at=AT, verdict="clean")

    assert not list(tmp_path.glob("**/*"))


def test_filing_that_was_cut_off_is_repeated(tmp_path: Path) -> None:
    left_over = tmp_path / "2026-W46" / ".r1.new"
    left_over.mkdir(parents=True)
    (left_over / "report.pdf").write_bytes(b"half")

    issue = file_report(tmp_path, "facts a")

    assert issue.key == "2026-W46.r1"
    assert altered_files(issue.path) == ()
    assert not left_over.exists()


class _Page(HTMLParser):
    """Collects what a reader of the index meets, in order."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.text.append(data)


def read_page(path: Path) -> _Page:
    page = _Page()
    page.feed(path.read_text(encoding="utf-8"))
    return page


def test_index_lists_newest_first_and_marks_replaced_and_held(tmp_path: Path) -> None:
    file_report(tmp_path, "old", WEEK.shift(-1), headline="Steady")
    file_notice(tmp_path)
    file_report(tmp_path, "facts a", headline="First try")
    file_report(tmp_path, "facts b", headline="Corrected")
    file_notice(tmp_path, WEEK.shift(1))

    text = " ".join(read_page(write_index(tmp_path, "Rivermark")).text)

    wanted = [
        "2026-W47",
        "Held notice",
        "2026-W46",
        "Revision 2",
        "Corrected",
        "Revision 1, replaced by revision 2",
        "First try",
        "HELD: 2 checks failed",
        "2026-W45",
        "Steady",
    ]
    place = 0
    for part in wanted:
        place = text.index(part, place) + len(part)
    assert text.count("held: nothing published") == 2
    assert "9 Nov to 15 Nov 2026" in text


def test_every_link_of_the_index_leads_to_a_file(tmp_path: Path) -> None:
    file_report(tmp_path, "facts a")
    file_notice(tmp_path)

    page = read_page(write_index(tmp_path, "Rivermark"))
    links = [attrs["href"] for tag, attrs in page.tags if tag == "a"]

    assert len(links) == 7
    assert all((tmp_path / str(link)).is_file() for link in links)


def test_index_links_to_the_definitions_once_they_are_written(tmp_path: Path) -> None:
    file_report(tmp_path, "facts a")
    before = write_index(tmp_path, "Rivermark").read_text(encoding="utf-8")
    (tmp_path / DEFINITIONS).write_text("<p>what everything means</p>")
    after = write_index(tmp_path, "Rivermark").read_text(encoding="utf-8")

    assert DEFINITIONS not in before
    assert f'<a href="{DEFINITIONS}">What every figure means</a>' in after


def test_index_bears_the_look_of_the_issue_filed_last(tmp_path: Path) -> None:
    file_report(tmp_path, "facts a")
    assert "<img" not in write_index(tmp_path, "Rivermark").read_text(encoding="utf-8")
    logo = {"kind": "png", "data": "iVBORw0K", "alt": "Two rivers & a bridge"}
    brand = {"accent": "#7A1FA2", "logo": logo}
    facts = json.dumps({"issue": {"brand": brand}}).encode()
    file_issue(
        next_issue(tmp_path, WEEK.shift(-1), "facts b"),
        FILES | {"facts.json": facts},
        at=AT + timedelta(hours=1),
        verdict="clean",
        headline="Growing",
        digest="facts b",
    )

    text = write_index(tmp_path, "Rivermark").read_text(encoding="utf-8")

    image = '<img src="data:image/png;base64,iVBORw0K" alt="Two rivers &amp; a bridge">'
    assert image in text
    assert ":root { --accent: #7A1FA2; }" in text
    assert "img-src data:;" in text


def test_index_can_be_read_without_seeing_it(tmp_path: Path) -> None:
    file_report(tmp_path, "facts a")
    page = read_page(write_index(tmp_path, "Rivermark"))
    tags = [tag for tag, _ in page.tags]

    assert {"main", "caption", "title", "h1"} <= set(tags)
    assert dict(page.tags)["html"] == {"lang": "en"}
    assert all("scope" in attrs for tag, attrs in page.tags if tag == "th")
    labels = [attrs["aria-label"] for tag, attrs in page.tags if tag == "a"]
    assert len(labels) == len(set(labels)), "each link says which issue it opens"


def test_index_finds_issues_without_asking_anybody(tmp_path: Path) -> None:
    file_report(tmp_path, "facts a")
    path = write_index(tmp_path, "Rivermark")
    page, text = read_page(path), path.read_text(encoding="utf-8")

    script = text.partition("<script>")[2].partition("</script>")[0]
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    policy = next(
        attrs["content"] or ""
        for tag, attrs in page.tags
        if attrs.get("http-equiv") == "Content-Security-Policy"
    )
    assert policy.startswith("default-src 'none';")
    assert f"script-src 'sha256-{digest}'" in policy
    assert "http" not in text.replace("http-equiv", "")
    form = next(attrs for tag, attrs in page.tags if tag == "form")
    assert form["role"] == "search"
    assert "hidden" in form, "without script nobody meets a field that does nothing"
    fields = [attrs["id"] for tag, attrs in page.tags if tag == "input"]
    assert fields == [attrs["for"] for tag, attrs in page.tags if tag == "label"]


def test_each_row_of_the_index_says_all_of_itself(tmp_path: Path) -> None:
    told = {
        "stuck": {"headline": "Between Identified and Activated."},
        "listen": {"headline": "Permits burst: 87 mentions."},
    }
    file_issue(
        next_issue(tmp_path, WEEK, "a"),
        {**FILES, "facts.json": json.dumps(told).encode()},
        at=AT,
        verdict="published_with_notes",
        headline="Yes, steadily.",
        digest="a",
    )
    file_report(tmp_path, "b", headline="Corrected")
    file_notice(tmp_path)

    text = write_index(tmp_path, "Rivermark").read_text(encoding="utf-8")
    rows = re.findall(r'<tr role="row"(?: class="superseded")?>.*?</tr>', text, re.S)

    assert len(rows) == 4
    assert all("2026-W46" in row and "filed 2026-11-18" in row for row in rows[1:])
    [first] = [row for row in rows if "Yes, steadily." in row]
    assert "Stuck? Between Identified and Activated." in first
    assert "Permits burst: 87 mentions." in first
    assert "passed with notes" in first


def test_index_shows_names_as_text(tmp_path: Path) -> None:
    file_report(tmp_path, "a", headline="<script>alert(1)</script>")

    page = write_index(tmp_path, "Parks & <b>Rivers</b>").read_text(encoding="utf-8")

    assert "alert(1)</script>" not in page
    assert "&lt;script&gt;alert(1)" in page
    assert "Parks &amp; &lt;b&gt;" in page


def test_index_is_the_same_for_the_same_archive(tmp_path: Path) -> None:
    file_report(tmp_path, "facts a")
    file_notice(tmp_path)

    first = write_index(tmp_path, "Rivermark").read_bytes()

    assert write_index(tmp_path, "Rivermark").read_bytes() == first


def test_empty_archive_has_an_index_too(tmp_path: Path) -> None:
    assert "No issue has been filed yet" in write_index(
        tmp_path / "archive", "Rivermark"
    ).read_text(encoding="utf-8")


def test_manifest_is_plain_json(tmp_path: Path) -> None:
    issue = file_report(tmp_path, "facts a", headline="Größer")

    text = (issue.path / "manifest.json").read_text(encoding="utf-8")

    assert "Größer" in text
    assert json.loads(text)["revision"] == 1
