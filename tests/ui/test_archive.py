"""The archive serves what was filed, to the byte, and nothing else of the machine."""

import pytest

from heartshare.ui.issues import ChangedFileError, find_issue, served_file

from .conftest import PAGE, WEEK

LASTING = f"/heartshare/archive/{WEEK.label}/r1"


def filed(admin, name):
    return admin.get(f"{LASTING}/{name}").headers["location"]


def test_list_shows_issue_and_escapes_its_headline(issue, admin):
    text = admin.get("/heartshare/archive", headers=PAGE).text

    assert "Revision 1" in text
    assert "Passed" in text
    assert "<script>alert" not in text
    assert "&lt;script&gt;alert(2)" in text
    assert "Town &lt;b&gt;Hall" in text
    assert text.count("/archive/files/") == 4


@pytest.mark.parametrize("text", ["{", "[]", "{}"])
def test_damaged_manifest_hides_its_issue_and_no_other(text, issue, settings, admin):
    damaged = settings.archive / WEEK.label / "r2"
    damaged.mkdir()
    (damaged / "manifest.json").write_text(text)
    answer = admin.get("/heartshare/archive", headers=PAGE)

    assert answer.status_code == 200
    assert f"{WEEK.label}/r2: manifest.json was changed or cut off" in answer.text
    assert "Revision 1" in answer.text
    path = f"/heartshare/archive/{WEEK.label}/r2/index.html"
    assert admin.get(path, headers=PAGE).status_code == 404


def test_edition_of_a_month_is_listed_with_its_days_and_served(issue, settings, admin):
    from datetime import UTC, datetime

    from heartshare.reporting.archive.issues import Issue, file_issue

    files = dict.fromkeys(
        ("index.html", "report.pdf", "report.eml", "facts.json"), b"{}"
    )
    path = settings.archive / "2026-10" / "r1"
    file_issue(
        Issue(WEEK, "r1", path, is_new=True, period="2026-10"),
        files,
        at=datetime(2026, 11, 2, 7, tzinfo=UTC),
        verdict="clean",
    )
    text = admin.get("/heartshare/archive", headers=PAGE).text
    assert "28 Sep to 1 Nov 2026" in text
    served = admin.get("/heartshare/archive/2026-10/r1/report.pdf")
    assert "/2026-10/r1/report.pdf" in served.headers["location"]
    found = find_issue(settings.archive, "2026-10", "r1")
    assert served_file(found, "report.pdf").content == b"{}"


def test_replaced_revision_says_by_which(issue, settings, admin):
    from datetime import UTC, datetime

    from heartshare.reporting.archive.issues import Issue, file_issue

    files = dict.fromkeys(
        ("index.html", "report.pdf", "report.eml", "facts.json"), b"2"
    )
    path = settings.archive / WEEK.label / "r2"
    file_issue(
        Issue(WEEK, "r2", path, is_new=True),
        files,
        at=datetime(2026, 11, 24, tzinfo=UTC),
        verdict="published_with_notes",
    )
    text = admin.get("/heartshare/archive", headers=PAGE).text

    assert "Revision 1, replaced by revision 2" in text
    assert text.index("Revision 2") < text.index("Revision 1,")


def test_file_is_served_to_the_byte_and_for_good(issue, admin):
    address = filed(admin, "index.html")
    answer = admin.get(address)

    assert answer.content == (issue.path / "index.html").read_bytes()
    assert answer.headers["cache-control"] == "private, max-age=31536000, immutable"
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    again = admin.get(address, headers={"if-none-match": answer.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")


def test_archived_page_runs_no_script(issue, admin):
    policy = admin.get(filed(admin, "index.html")).headers["content-security-policy"]

    assert "script-src" not in policy
    assert policy.startswith("default-src 'none'")
    assert policy.endswith("sandbox")


@pytest.mark.parametrize(
    ("name", "kind"),
    [("report.pdf", "application/pdf"), ("report.eml", "message/rfc822")],
)
def test_file_that_no_frame_shows_is_downloaded(name, kind, issue, admin):
    headers = admin.get(filed(admin, name)).headers

    assert headers["content-type"] == kind
    assert (
        headers["content-disposition"] == f'attachment; filename="2026-W46.r1.{name}"'
    )


def test_reissued_file_has_another_address(issue, admin):
    old = filed(admin, "facts.json")
    manifest = issue.path / "manifest.json"
    manifest.write_text(manifest.read_text().replace("clean", "blocked"))

    assert admin.get(old).status_code == 404
    assert filed(admin, "facts.json") != old


def test_changed_file_is_not_served(issue, admin):
    path = issue.path / "facts.json"
    path.chmod(0o644)
    path.write_text("{}")

    answer = admin.get(filed(admin, "facts.json"))
    assert answer.status_code == 409
    assert "no longer what was filed" in answer.json()["detail"]


def test_link_in_the_archive_is_not_followed(issue, settings, tmp_path):
    secret = tmp_path / "secret"
    secret.write_text('{"growing": 1}')
    (issue.path / "facts.json").unlink()
    (issue.path / "facts.json").symlink_to(secret)

    found = find_issue(settings.archive, WEEK.label, "r1")
    with pytest.raises(ChangedFileError):
        served_file(found, "facts.json")
    (settings.archive / WEEK.label / "r9").symlink_to(issue.path)
    assert find_issue(settings.archive, WEEK.label, "r9") is None


WAYS_OUT = [
    "..",
    "../..",
    "..%2f..%2fsecret",
    "%2e%2e/%2e%2e/secret",
    "..%5c..%5csecret",
    "%252e%252e%252fsecret",
    "....//secret",
    "/etc/passwd",
    "%2fetc%2fpasswd",
    "index.html%00.pdf",
    "manifest.json",
    ".",
    "",
    "INDEX.HTML",
    "index.html/",
    "r1/index.html",
]


@pytest.mark.parametrize("way", WAYS_OUT)
def test_no_address_leads_out_of_the_archive(way, issue, settings, admin):
    (settings.home / "secret").write_text("secret of the machine")
    digest = find_issue(settings.archive, WEEK.label, "r1").digest
    addresses = [
        f"{LASTING}/{way}",
        f"/heartshare/archive/{WEEK.label}/{way}/index.html",
        f"/heartshare/archive/{way}/r1/index.html",
        f"/heartshare/archive/files/{digest}/{WEEK.label}/r1/{way}",
        f"/heartshare/archive/files/{digest}/{WEEK.label}/{way}/facts.json",
        f"/heartshare/archive/files/{digest}/{way}/r1/facts.json",
        f"/heartshare/archive/files/{way}/{WEEK.label}/r1/facts.json",
        f"/heartshare/assets/{way}",
    ]
    for address in addresses:
        answer = admin.get(address)
        assert "secret of the machine" not in answer.text
        assert "root:" not in answer.text
        # An address that the client has shortened may name a page or the archive.
        assert (
            answer.status_code in {307, 404} or answer.url.path == "/heartshare/archive"
        )


def test_nothing_in_the_archive_can_be_written(issue, admin):
    for method in ("POST", "PUT", "DELETE", "PATCH"):
        assert admin.request(method, f"{LASTING}/index.html").status_code == 405


def test_empty_archive_says_so(settings, admin):
    assert (
        "No issue has been filed" in admin.get("/heartshare/archive", headers=PAGE).text
    )
