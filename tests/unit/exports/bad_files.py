"""Every kind of bad export, made by code, each with the one outcome it must have."""

from __future__ import annotations

import io
import zipfile
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import xlwt
from openpyxl import Workbook

from heartshare.exports import archives
from heartshare.exports.errors import (
    AmbiguousExportError,
    UnreadableFileError,
    UnrecognisedExportError,
)

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from heartshare.errors import InputError

POSTS = "Post id,Date,Post text,Post Link,Impressions\n"
POST = '{0},"Tue, Jul 14, 2026",{1},https://x.com/a/status/{0},3\n'
CHART = "Date,Content,Video title,Video publish time,Views\n"
CHART_ROW = '2026-03-02,abcdefghijk,Tour,"Mar 13, 2025",4\n'
PAGE = "Page ID,Page name,Post ID,Publish time,Title,Reactions,Comments,Shares,Reach\n"
DAYS = ["Date", "Impressions (total)", "Clicks (total)", "Reactions (total)"]
COMMENT = (
    '{"id": "%s", "name": "t1_%s", "parent_id": "t3_s", "link_id": "t3_s", '
    '"author": "ida_l", "author_fullname": "t2_q", "subreddit": "Lindholm", '
    '"body": %s, "score": 4, "created_utc": 1772438400.0, "edited": false}'
)
BOTH = (
    "platform_code,account_handle,counted_on,follower_count,"
    "downloaded_at,asset_name,utm_source\n"
)
AGAIN = "ownload the export again"


@dataclass(frozen=True)
class Bad:
    """A bad file and its outcome: loaded with rejects, or refused by an error.

    ``said`` is what the message says beside the file's name: problem and next step.
    """

    key: str
    name: str
    content: bytes
    landed: int = 0
    rejects: Mapping[str, int] = field(default_factory=dict)
    error: type[InputError] | None = None
    said: Sequence[str] = ()


def loaded(key, name, content, landed, **rejects):
    """Return a file that loads: so many rows land, so many are rejected by code."""
    data = content.encode() if isinstance(content, str) else content
    return Bad(key, name, data, landed, rejects)


def refused(key, name, content, *said, error=UnreadableFileError):
    """Return a file that is refused as a whole, with what its message says."""
    data = content.encode() if isinstance(content, str) else content
    return Bad(key, name, data, error=error, said=said)


def archive(members, packing=zipfile.ZIP_DEFLATED):
    """Return a zip of named members; pairs may repeat a name."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", packing) as file:
        for name, content in members:
            file.writestr(zipfile.ZipInfo(name), content, packing)
    return buffer.getvalue()


def flipped(content, marker, offset):
    """Return content with a byte turned over, so far behind a marker."""
    data = bytearray(content)
    data[data.index(marker) + offset] ^= 0xFF
    return bytes(data)


def workbook(*rows, sheets=("Metrics",)):
    """Return an xlsx as a library writes it: formulas have no stored values."""
    book = Workbook()
    book.remove(book.active)
    for title in sheets:
        sheet = book.create_sheet(title)
        for row in rows:
            sheet.append(row)
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def without_member(content, name):
    """Return an archive that lacks one of its members."""
    with zipfile.ZipFile(io.BytesIO(content)) as file:
        kept = [(n, file.read(n)) for n in file.namelist() if n != name]
    return archive(kept)


def old_workbook(*dates):
    """Return a legacy xls whose first column holds numbers formatted as dates."""
    book = xlwt.Workbook()
    sheet = book.add_sheet("Metrics")
    sheet.write(0, 0, "Impressions and clicks per day")
    for column, header in enumerate(DAYS):
        sheet.write(1, column, header)
    style = xlwt.easyxf(num_format_str="D/M/YY")
    for row, value in enumerate(dates, start=2):
        sheet.write(row, 0, value, style)
        for column in (1, 2, 3):
            sheet.write(row, column, 3)
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def secret(content):
    """Return an archive whose first member says that it is encrypted."""
    data = bytearray(content)
    data[data.index(b"PK\x01\x02") + 8] |= 1
    return bytes(data)


def bad_archives():
    """Return archives that are damaged or would do harm."""
    one = archive([("Chart.csv", CHART + CHART_ROW * 50)])
    packed = archive([("Chart.csv", CHART + CHART_ROW * 50)], zipfile.ZIP_LZMA)
    bomb = archive([("bomb.csv", b"0" * (archives.RATIO_FLOOR_BYTES + 1))])
    accent = archive([("Chärt.csv", CHART + CHART_ROW)])
    unknown = accent.replace("ä".encode(), b"\xff\xff")
    twice = zip_of_twins()
    harm = "Take that member out"
    return [
        refused("truncated zip", "cut.zip", one[: len(one) // 2], "cut off", AGAIN),
        refused("zip bomb", "bomb.zip", bomb, "would unpack", "shorter period"),
        refused("nested zip", "nest.zip", archive([("in.zip", one)]), "inside", harm),
        refused("path", "path.zip", archive([("../a.csv", CHART)]), "outside", harm),
        refused("encrypted member", "lock.zip", secret(one), "is encrypted", harm),
        refused("twin members", "twins.zip", twice, "share a name", AGAIN),
        refused(
            *("directory damaged", "toc.zip", flipped(one, b"PK\x01\x02", 1)),
            *("damaged or cut off", AGAIN),
        ),
        refused("name no text", "name.zip", unknown, "damaged or cut off", AGAIN),
        refused(
            *("member damaged", "member.zip", flipped(one, b"Chart.csv", 20)),
            *("a member of the archive is damaged", AGAIN),
        ),
        refused(
            *("other packing damaged", "lzma.zip", flipped(packed, b"Chart.csv", 30)),
            *("a member of the archive is damaged", AGAIN),
        ),
        refused("packed by gzip", "posts.csv.gz", b"\x1f\x8b\x08\0", "gzip", "Unpack"),
    ]


def zip_of_twins():
    """Return an archive with two members of one name."""
    content = archive([("a.csv", CHART), ("b.csv", CHART + CHART_ROW)])
    return content.replace(b"b.csv", b"a.csv")


def bad_texts():
    """Return delimited texts that are damaged, cut off or oddly written."""
    whole = POSTS + POST.format(1, "one") + POST.format(2, "two")
    latin = (POSTS + POST.format(1, "café")).encode("latin-1")
    ends = POSTS + POST.format(1, "cr") + POST.format(2, "lf") + POST.format(3, "crlf")
    mixed = ends.replace(POST.format(1, "cr"), POST.format(1, "cr").strip() + "\r")
    mixed = mixed.replace(POST.format(3, "crlf"), POST.format(3, "crlf").strip())
    mixed += "\r\n" + POST.format(4, '"a\rb\r\nc\nd"')
    half = whole + '3,"Tue, Jul 14, 2026","half a sen'
    formula = '"=HYPERLINK(""https://x.com/a/status/5"",""5"")"'
    return [
        refused("latin-1 as UTF-8", "latin.csv", latin, "line 2 is not utf-8", "UTF-8"),
        loaded("UTF-16 without mark", "wide.csv", whole.encode("utf-16-le"), 2),
        loaded("UTF-16 backwards", "back.csv", whole.encode("utf-16-be"), 2),
        refused(
            *("UTF-16 cut in two", "odd.csv", whole.encode("utf-16")[:-1]),
            *("is not utf-16", AGAIN),
        ),
        loaded("mixed line ends", "ends.csv", mixed, 4),
        loaded(
            "NUL in a cell", "nul.csv", whole.replace("one", "o\0e"), 1, nul_character=1
        ),
        refused("nothing but NULs", "nuls.csv", b"\0" * 5000, "blanks or NULs", AGAIN),
        refused("nothing but blanks", "blank.csv", b"\r\n \r\n", "blanks", AGAIN),
        refused("empty", "empty.csv", b"", "it is empty", AGAIN),
        loaded("header only", "head.csv", POSTS, 0),
        loaded("header without line end", "head_cut.csv", POSTS.strip(), 0),
        refused("half a cell", "half.csv", half, "row 4: it was cut off", AGAIN),
        loaded("half a row", "row.csv", whole + "3,", 2, ragged_row=1),
        loaded(
            *("20 MB in a cell", "giant.csv"),
            whole + POST.format(3, "x" * 20_000_000) + POST.format(4, "four"),
            *(3,),
            cell_too_large=1,
        ),
        loaded(
            *("ids damaged by a spreadsheet", "excel.csv"),
            POSTS
            + '6.49E+17,"Tue, Jul 14, 2026",known,https://x.com/a/status/64900001,3\n'
            + '6.49E+17,"Tue, Jul 14, 2026",lost,https://x.com/a,3\n',
            *(1,),
            damaged_identifier=1,
        ),
        loaded(
            *("formulas in text", "formula.csv"),
            POSTS
            + f'{formula},"Tue, Jul 14, 2026",a,https://x.com/a/status/5,3\n'
            + POST.format(6, "=1+2")
            + POST.format(7, "@SUM(A1)")
            + POST.format(8, "+1").replace(",3\n", ",=1+2\n"),
            *(2,),
            unexpected_form=1,
            not_a_whole_number=1,
        ),
        loaded(
            *("two accounts in one file", "pages.csv"),
            PAGE
            + "100,Lindholm,100_1,03/02/2026 09:00,Tour,1,2,3,9\n"
            + "200,Gardens,200_1,03/02/2026 09:00,Seeds,4,5,6,9\n",
            2,
        ),
        refused(
            *("two contracts", "both.csv", BOTH),
            *("programme/collateral_downloads, programme/follower_counts", "signature"),
            error=AmbiguousExportError,
        ),
        refused(
            *("no contract", "tickets.csv", "ticket,opened,solved\n1,2,3\n"),
            *("matches no export contract", "needs a contract"),
            error=UnrecognisedExportError,
        ),
        refused(
            *("login page", "export.csv", "<!doctype html><p>Sign in"),
            *("it is a web page", "Sign in"),
        ),
        refused(
            *("xls that is HTML", "table.xls", "<table><tr><td>Date</td></tr></table>"),
            *("in HTML or XML", "CSV or XLSX"),
        ),
    ]


def bad_json():
    """Return JSON that is cut off, too deep, or holds what cannot be stored."""
    good = COMMENT % ("a1", "a1", '"Is it open?"')
    other = COMMENT % ("a2", "a2", '"It is."')
    twice = good.replace('"score": 4', '"score": 4, "score": 5')
    odd_key = good.replace('"score"', '"\\ud83d": 1, "score"')
    huge = good.replace('"score": 4', '"score": ' + "9" * 5000)
    deep = "[" * 100_000 + "]" * 100_000
    topic = '{"post_stream": {"posts": [{"id": 1, "cooked": "half'
    return [
        refused("cut off", "cut.json", topic, "no valid JSON from line 1", AGAIN),
        loaded("duplicate keys", "twice.ndjson", f"{twice}\n{other}\n", 2),
        refused("deep", "deep.json", deep, "nested too deep", AGAIN),
        loaded(
            *("deep line", "deep.ndjson", f"{good}\n{deep}\n{other}\n", 2),
            unreadable_record=1,
        ),
        loaded(
            *("bad line", "line.ndjson", f'{good}\n{{"id": "a3", "bo\n{other}\n', 2),
            unreadable_record=1,
        ),
        loaded(
            *("half a character", "pair.ndjson", f"{odd_key}\n{other}\n", 1),
            unreadable_text=1,
        ),
        loaded(
            "huge number", "huge.ndjson", f"{huge}\n{other}\n", 1, unreadable_record=1
        ),
        refused("huge number alone", "huge.json", huge, "more digits", AGAIN),
    ]


def bad_workbooks():
    """Return workbooks that are damaged or hold what is no value."""
    top = ["Impressions and clicks per day"]
    sums = workbook(top, DAYS, ["03/02/2026", 1, 2, 3], ["03/03/2026", "=1+2", 2, 3])
    one = workbook(top, DAYS, ["03/02/2026", 1, 2, 3])
    lost = without_member(one, "xl/worksheets/sheet1.xml")
    return [
        loaded("sums never made", "sums.xlsx", sums, 1, not_a_whole_number=1),
        refused("missing sheet", "lost.xlsx", lost, "1 sheets and holds 0", AGAIN),
        refused("damaged xls", "ole.xls", b"\xd0\xcf\x11\xe0" * 99, "damaged", AGAIN),
        loaded(
            *("days that are none", "days.xls", old_workbook(46000, 1e9, 1e300), 1),
            not_a_date=2,
        ),
        refused(
            *("no workbook inside", "book.xlsx"),
            archive([("[Content_Types].xml", "<Types/>")]),
            *("workbook is damaged", AGAIN),
        ),
    ]


def all_bad():
    """Return the whole collection."""
    return [*bad_archives(), *bad_texts(), *bad_json(), *bad_workbooks()]
