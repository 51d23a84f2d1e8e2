"""Damaged and hostile files are refused with a reason; nothing half-read lands."""

import io
import zipfile

import pytest

from heartshare.errors import InputError
from heartshare.exports import archives
from heartshare.exports.errors import UnreadableFileError
from heartshare.exports.inspection import inspect_file

HEADER = "Post id,Date,Post text,Post Link,Impressions\n"
ROW = '{0},"Tue, Jul 14, 2026",{1},https://x.com/a/status/{0},3\n'
CHART = "Date,Content,Video title,Video publish time,Views\n"
CHART_ROW = '2026-03-02,abcdefghijk,Tour,"Mar 13, 2025",4\n'


def archive(members, **info):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as file:
        for name, content in members.items():
            entry = zipfile.ZipInfo(name)
            entry.compress_type = zipfile.ZIP_DEFLATED
            for key, value in info.items():
                setattr(entry, key, value)
            file.writestr(entry, content)
    return buffer.getvalue()


def test_archive_of_exports_is_read_member_by_member(desk, write):
    totals = "Date,Views\n2026-03-02,4\n"
    content = archive({"b/Chart.csv": CHART + CHART_ROW, "Totals.csv": totals})
    name = "Content 2026-03-02_2026-03-08 Lindholm.zip"
    desk.load(write(name, content))
    (file,) = desk.manifest()
    assert (file["rows_in"], file["rows_landed"]) == (2, 2)
    assert str(file["period_end"]) == "2026-03-08"
    tables = desk.rows("select table_name from raw.export_tables order by 1")
    assert [t["table_name"] for t in tables] == [
        "youtube__daily_totals",
        "youtube__daily_videos",
    ]


def test_member_that_nobody_reads_is_drift(write):
    content = archive({"Chart.csv": CHART + CHART_ROW, "readme.txt": "hello"})
    assert inspect_file(write("c.zip", content)).drift == {
        "unread_parts": ["readme.txt"]
    }


@pytest.mark.parametrize(
    ("members", "said"),
    [
        ({"../evil.csv": CHART}, "outside the archive"),
        ({"/etc/evil.csv": CHART}, "outside the archive"),
        ({"a/..\\evil.csv": CHART}, "outside the archive"),
        ({"C:/evil.csv": CHART}, "outside the archive"),
        ({"inner.zip": b"PK"}, "archive inside"),
        ({f"{n}.csv": CHART for n in range(archives.MAX_TABLES + 1)}, "201 tables"),
        ({"bomb.csv": b"0" * (archives.RATIO_FLOOR_BYTES + 1)}, "would unpack"),
    ],
    ids=["parent", "absolute", "backslash", "drive", "nested", "many", "bomb"],
)
def test_harmful_archive_is_refused(write, members, said):
    with pytest.raises(UnreadableFileError, match=said):
        inspect_file(write("harm.zip", archive(members)))


def test_archive_of_too_many_members_is_refused(write, monkeypatch):
    monkeypatch.setattr(archives, "MAX_MEMBERS", 2)
    content = archive({f"{n}.json": "[]" for n in range(3)})
    with pytest.raises(UnreadableFileError, match="3 files, more than 2"):
        inspect_file(write("many.zip", content))


def test_link_inside_an_archive_is_refused(write):
    content = archive({"link.csv": "/etc/passwd"}, external_attr=0o120777 << 16)
    with pytest.raises(UnreadableFileError, match="is a link"):
        inspect_file(write("link.zip", content))


def test_encrypted_member_is_refused(write):
    content = bytearray(archive({"a.csv": CHART + CHART_ROW}))
    content[content.index(b"PK\x01\x02") + 8] |= 1
    with pytest.raises(UnreadableFileError, match="encrypted"):
        inspect_file(write("secret.zip", bytes(content)))


def test_declared_size_beyond_the_limit_is_refused(write, monkeypatch):
    monkeypatch.setattr(archives, "MAX_TOTAL_BYTES", 100)
    content = archive({"a.csv": CHART + CHART_ROW * 10})
    with pytest.raises(UnreadableFileError, match="would unpack"):
        inspect_file(write("large.zip", content))


def test_archive_cut_off_is_refused(write):
    content = archive({"a.csv": CHART + CHART_ROW * 100})
    with pytest.raises(UnreadableFileError, match="damaged or cut off"):
        inspect_file(write("cut.zip", content[: len(content) // 2]))


def test_archive_with_a_flipped_byte_is_refused(write):
    content = bytearray(archive({"a.csv": CHART + CHART_ROW * 100}))
    content[60] ^= 0xFF
    with pytest.raises(UnreadableFileError, match="damaged"):
        inspect_file(write("flipped.zip", bytes(content)))


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("empty.csv", b""),
        ("broken.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 600),
        ("broken.xlsx", archive({"[Content_Types].xml": "<Types/>"})),
        ("cut.json", b'{"post_stream": {"posts": [{"id": 1'),
        ("deep.json", b"[" * 200_000),
        ("noise.bin", bytes(range(128, 256)) * 9),
        ("page.html", b"<!doctype html><title>Log in</title>"),
        ("error.json", b'{"error": "rate limited"}'),
    ],
)
def test_file_that_is_no_export_is_an_input_error(write, name, content):
    with pytest.raises(InputError, match=name):
        inspect_file(write(name, content))


def test_file_ending_inside_a_quoted_cell_was_cut_off(write):
    text = HEADER + ROW.format(1, "whole") + '2,"Tue, Jul 14, 2026","half a sen'
    with pytest.raises(UnreadableFileError, match="row 3: it was cut off"):
        inspect_file(write("half.csv", text))


def test_row_cut_off_between_cells_is_rejected(desk, write):
    text = HEADER + ROW.format(1, "whole") + '2,"Tue, Jul 14, 2026",half'
    desk.load(write("half.csv", text))
    (reject,) = desk.rejects()
    assert (reject["row_number"], reject["reason_code"]) == (3, "ragged_row")
    assert desk.summary.rows_in == 2


def test_row_with_too_many_cells_is_rejected_unless_they_are_blank(desk, write):
    long = ROW.format(1, "long").rstrip("\n") + ",surplus\n"
    padded = ROW.format(2, "padded").rstrip("\n") + ",,\n"
    desk.load(write("ragged.csv", HEADER + long + padded))
    assert [each["reason_code"] for each in desk.rejects()] == ["ragged_row"]
    assert desk.summary.rows_landed == 1


def test_row_with_a_nul_is_rejected(desk, write):
    desk.load(write("nul.csv", HEADER + ROW.format(1, "a\0b") + ROW.format(2, "fine")))
    (reject,) = desk.rejects()
    assert (reject["column_name"], reject["reason_code"]) == (
        "post_text",
        "nul_character",
    )


def test_half_of_a_surrogate_pair_rejects_its_record(desk, write, fixtures):
    text = (fixtures / "reddit/edited_and_deleted_comments.ndjson").read_text()
    desk.load(write("half.ndjson", text.replace("Is the garden", "\\ud83d")))
    assert [each["reason_code"] for each in desk.rejects()] == ["unreadable_text"]
    assert desk.summary.rows_landed == 1


def test_header_without_rows_lands_nothing_and_is_known(desk, write):
    desk.load(write("header_only.csv", HEADER))
    (file,) = desk.manifest()
    assert (file["status_code"], file["rows_in"]) == ("loaded", 0)
    assert (file["contract_code"], file["period_start"]) == ("x/posts", None)


def test_blank_lines_are_no_rows_but_count_as_lines(desk, write):
    desk.load(write("blank.csv", HEADER + "\n \n" + ROW.format(1, "third") + "\n\n"))
    assert desk.one("select _row_number from raw.x__posts") == {"_row_number": 4}
    assert desk.summary.rows_in == 1


def test_byte_that_is_no_text_refuses_the_file_with_its_line(write):
    content = (HEADER + ROW.format(1, "fine")).encode() + b'2,"x","caf\xe9",,\n'
    with pytest.raises(UnreadableFileError, match=r"x/posts export, but line 3"):
        inspect_file(write("mixed.csv", content))


@pytest.mark.parametrize("page", ["<!DOCTYPE html><p>Sign in", "\n <html><body>Error"])
def test_web_page_saved_as_an_export_is_called_one(write, page):
    with pytest.raises(UnreadableFileError, match="it is a web page"):
        inspect_file(write("export.csv", page))


def test_json_nested_too_deep_says_so(write):
    with pytest.raises(UnreadableFileError, match="nested too deep"):
        inspect_file(write("deep.json", "[" * 100_000 + "]" * 100_000))


def test_damaged_workbook_prints_nothing(write, capsys):
    content = bytes.fromhex("d0cf11e0a1b11ae1") + bytes(592)
    with pytest.raises(UnreadableFileError, match="workbook is damaged"):
        inspect_file(write("content.xls", content))
    assert capsys.readouterr() == ("", "")
