"""The archive's feed is valid Atom, stays as it is, and moves with a correction."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING
from urllib.parse import urljoin
from xml.etree import ElementTree as ET

import pytest

from heartshare.reporting.archive.issues import (
    file_issue,
    held_issue,
    next_issue,
    write_index,
)
from heartshare.weeks import ReportingWeek

if TYPE_CHECKING:
    from pathlib import Path

ATOM = "{http://www.w3.org/2005/Atom}"
W45, W46 = ReportingWeek.parse("2026-W45"), ReportingWeek.parse("2026-W46")
AT = datetime(2026, 11, 18, 9, 30, tzinfo=UTC)
LATER = datetime(2026, 11, 19, 7, 0, tzinfo=UTC)
NAME = "Parks & <b>Rivers</b>"
FILES = dict.fromkeys(["index.html", "report.pdf", "report.eml", "facts.json"], b"{}")


def file_report(
    archive: Path,
    week: ReportingWeek,
    digest: str,
    at: datetime = AT,
    headline: str = "Six new advocates.",
) -> None:
    file_issue(
        next_issue(archive, week, digest),
        FILES,
        at=at,
        verdict="clean",
        headline=headline,
        digest=digest,
    )


def feed_of(archive: Path, url: str = "") -> ET.Element:
    write_index(archive, NAME, url)
    return ET.fromstring((archive / "atom.xml").read_bytes())


def text(element: ET.Element, name: str) -> str:
    found = element.findtext(f"{ATOM}{name}")
    assert found
    return found


def links(element: ET.Element) -> dict[str, str]:
    return {each.get("rel"): each.get("href") for each in element.iter(f"{ATOM}link")}


def test_feed_has_what_atom_demands(tmp_path: Path) -> None:
    file_report(tmp_path, W45, "a")
    file_report(tmp_path, W46, "b", headline="Ärger & <no> growth.")
    root = feed_of(tmp_path)
    entries = root.findall(f"{ATOM}entry")

    assert root.tag == f"{ATOM}feed"
    assert text(root, "title") == f"Weekly advocacy reports of {NAME}"
    assert root.findtext(f"{ATOM}author/{ATOM}name") == NAME
    assert [text(entry, "title") for entry in entries] == [
        "2026-W46: Ärger & <no> growth.",
        "2026-W45: Six new advocates.",
    ]
    ids = [text(element, "id") for element in (root, *entries)]
    assert len(set(ids)) == 3
    assert all(each.startswith("urn:uuid:") for each in ids)
    for element in (root, *entries):
        for name in ("id", "title", "updated"):
            assert len(element.findall(f"{ATOM}{name}")) == 1
        moment = text(element, "updated")
        assert moment.endswith("Z")
        assert datetime.fromisoformat(moment) == AT


def test_every_link_leads_to_a_file_of_the_archive(tmp_path: Path) -> None:
    file_report(tmp_path, W46, "a")
    root = feed_of(tmp_path)
    entry = root.find(f"{ATOM}entry")
    assert entry is not None

    assert set(links(entry)) == {"alternate", "enclosure"}
    for link in root.iter(f"{ATOM}link"):
        assert (tmp_path / str(link.get("href"))).is_file()
    assert '<link rel="alternate" type="application/atom+xml"' in (
        tmp_path / "index.html"
    ).read_text(encoding="utf-8")


@pytest.mark.parametrize(
    "url", ["https://a.example/report", "https://a.example/report/"]
)
def test_links_name_the_public_address_where_there_is_one(
    tmp_path: Path, url: str
) -> None:
    file_report(tmp_path, W46, "a")
    root = feed_of(tmp_path, url)
    entry = root.find(f"{ATOM}entry")
    assert entry is not None

    public = "https://a.example/report/"
    assert root.find(f"{ATOM}link").get("href") == urljoin(public, "atom.xml")
    assert links(entry)["alternate"] == urljoin(public, "2026-W46/r1/index.html")
    assert text(entry, "id") == text(feed_of(tmp_path).find(f"{ATOM}entry"), "id")


def test_correction_renews_the_weeks_entry(tmp_path: Path) -> None:
    file_report(tmp_path, W46, "a")
    before = feed_of(tmp_path)
    file_report(tmp_path, W46, "b", at=LATER, headline="Four new advocates.")
    after = feed_of(tmp_path)
    (old,), (new,) = before.findall(f"{ATOM}entry"), after.findall(f"{ATOM}entry")

    assert text(new, "id") == text(old, "id")
    assert datetime.fromisoformat(text(new, "published")) == AT
    assert datetime.fromisoformat(text(new, "updated")) == LATER
    assert text(after, "updated") == text(new, "updated")
    assert text(new, "title").endswith("Four new advocates. (corrected, revision 2)")
    assert "Revision 2 replaces revision 1" in text(new, "summary")
    assert links(new)["alternate"] == "2026-W46/r2/index.html"


def test_same_archive_gives_the_same_bytes(tmp_path: Path) -> None:
    file_report(tmp_path, W46, "a")
    write_index(tmp_path, NAME)
    first = (tmp_path / "atom.xml").read_bytes()
    write_index(tmp_path, NAME)

    assert (tmp_path / "atom.xml").read_bytes() == first


def test_held_week_is_told_to_no_subscriber(tmp_path: Path) -> None:
    file_issue(
        held_issue(tmp_path, W46, "run-0001"),
        {"notice.eml": b"Subject: HELD\r\n", "notice.txt": b"held"},
        at=AT,
        verdict="blocked",
        headline="HELD: 2 checks failed",
    )
    root = feed_of(tmp_path)

    assert root.findall(f"{ATOM}entry") == []
    assert text(root, "updated") == "1970-01-01T00:00:00Z"
