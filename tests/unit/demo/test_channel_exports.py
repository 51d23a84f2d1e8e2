"""Exports of the owned channels: layouts, ids and counters."""

import csv
import io
import itertools
import zipfile
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
import xlrd

from heartshare.demo import channels, ids, story
from heartshare.demo.writers import linkedin, meta, web, x, youtube
from heartshare.weeks import ReportingWeek

WEEK = ReportingWeek.parse("2026-W30")
FACEBOOK_LINE = (
    '"Post ID","Page ID","Page name",Title,Description,"Duration (sec)",'
    '"Publish time","Caption type",Permalink,"Is crosspost","Is share","Post type",'
    'Languages,"Custom labels","Funded content status","Data comment",Date,Views,Reach,'
    '"Reactions, Comments and Shares",Reactions,Comments,Shares,"Total clicks",Views,'
    '"Reach from Organic posts","Reach from Boosted posts","3-second video views",'
    '"1-minute video views","3-Second viewers","1-minute viewers",'
    '"3-second video views from Boosted posts",'
    '"3-second video views from Organic posts","Negative feedback from users",'
    '"Unique negative feedback from users","Other Clicks",'
    '"Matched Audience Targeting Consumption (Photo Click)","Link Clicks"'
)
INSTAGRAM_LINE = (
    '"Post ID","Account ID","Account username","Account name",Description,'
    '"Duration (sec)","Publish time",Permalink,"Post type","Data comment",Date,Views,'
    "Reach,Likes,Shares,Comments,Saves,Follows"
)
X_CONTENT_LINE = (
    "Post id,Date,Post text,Post Link,Impressions,Likes,Engagements,Bookmarks,Shares,"
    "New follows,Replies,Reposts,Profile visits,Detail Expands,URL Clicks,"
    "Hashtag Clicks,Permalink Clicks"
)
X_OVERVIEW_LINE = (
    "Date,Impressions,Engagements,Likes,Replies,Reposts,New follows,Unfollows,"
    "Bookmarks,Shares,Profile visits,Create Post,Video views,Media views"
)
YOUTUBE_LINE = (
    "Content,Video title,Video publish time,Duration,Views,Watch time (hours),"
    "Subscribers,Impressions,Impressions click-through rate (%)"
)
GA4_LINE = (
    "Landing page + query string,Sessions,Active users,Engaged sessions,"
    "Engagement rate,Key events"
)


def _rows(content: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"))))


def _members(content: bytes) -> dict[str, list[list[str]]]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {name: _rows(archive.read(name)) for name in archive.namelist()}


@pytest.mark.parametrize(
    ("content", "line"),
    [
        (meta.facebook_file(WEEK).content.removeprefix(b"\xef\xbb\xbf"), FACEBOOK_LINE),
        (
            meta.instagram_file(WEEK).content.removeprefix(b"\xef\xbb\xbf"),
            INSTAGRAM_LINE,
        ),
        (x.content_file(WEEK).content, X_CONTENT_LINE),
        (x.overview_file(WEEK).content, X_OVERVIEW_LINE),
    ],
    ids=["facebook", "instagram", "x content", "x overview"],
)
def test_header_line_is_the_platforms(content, line):
    assert content.decode().split("\n", 1)[0] == line


def test_meta_files_begin_with_a_byte_order_mark():
    assert meta.facebook_file(WEEK).content.startswith(b"\xef\xbb\xbf")
    assert meta.instagram_file(WEEK).content.startswith(b"\xef\xbb\xbf")


def test_facebook_has_38_columns_and_views_twice():
    header, *rows = _rows(meta.facebook_file(WEEK).content)

    assert len(header) == 38
    assert header.count("Views") == 2
    assert {len(row) for row in rows} == {38}


def test_facebook_error_row_has_no_ids_and_a_data_comment():
    week = ReportingWeek.parse("2026-W06")
    header, *rows = _rows(meta.facebook_file(week).content)
    errors = [dict(zip(header, row, strict=True)) for row in rows if not row[0]]

    assert len(errors) == 1
    assert errors[0]["Page ID"] == ""
    assert errors[0]["Data comment"].startswith("An error occurred while computing")


def test_rows_are_not_sorted_by_time():
    times = [row[6] for row in _rows(meta.facebook_file(WEEK).content)[1:]]

    assert times != sorted(times)
    assert times != sorted(times, reverse=True)


def test_instagram_shortcode_and_publish_time_name_the_same_pacific_minute():
    header, *rows = _rows(meta.instagram_file(WEEK).content)

    for row in rows:
        cells = dict(zip(header, row, strict=True))
        moment = ids.instagram_moment(cells["Permalink"].rstrip("/").split("/")[-1])
        pacific = moment.astimezone(ZoneInfo("America/Los_Angeles"))
        assert pacific.strftime("%m/%d/%Y %H:%M") == cells["Publish time"]
        assert len(cells["Post ID"]) == len(cells["Account ID"]) == 17


def test_x_ids_are_beyond_doubles_and_encode_the_day():
    header, *rows = _rows(x.content_file(WEEK).content)

    for row in rows:
        cells = dict(zip(header, row, strict=True))
        assert int(cells["Post id"]) > 2**53
        assert cells["Date"] == x.words_date(ids.x_moment(cells["Post id"]).date())
        assert cells["Post Link"].endswith(f"/status/{cells['Post id']}")


def test_x_dates_are_quoted_words():
    assert b'"Mon, Jul 20, 2026"' in x.overview_file(WEEK).content


def test_x_replies_stand_among_the_posts_before_the_change_of_style():
    def reply_ratio(week: ReportingWeek) -> float:
        rows = _rows(x.content_file(week).content)[1:]
        return sum(row[2].startswith("@") for row in rows) / len(rows)

    assert reply_ratio(WEEK) == pytest.approx(0.5)
    assert reply_ratio(story.STYLE_CHANGES.shift(3)) < 0.1


def test_x_loses_more_followers_after_the_change_of_style():
    def lost(week: ReportingWeek) -> int:
        header, *rows = _rows(x.overview_file(week).content)
        return sum(int(row[header.index("Unfollows")]) for row in rows)

    before = [lost(story.STYLE_CHANGES.shift(-back)) for back in range(1, 9)]
    after = [lost(story.STYLE_CHANGES.shift(ahead)) for ahead in range(8)]
    assert 10 <= sum(before) / 8 <= 14
    assert 42 <= sum(after) / 8 <= 48


def test_damaged_id_can_be_recovered_from_its_link():
    damaged = [
        row
        for row in _rows(x.content_file(ReportingWeek.parse("2026-W18")).content)[1:]
        if "E+" in row[0]
    ]

    assert len(damaged) == 1
    assert damaged[0][3].rsplit("/", 1)[1].isdigit()


def test_the_first_x_overview_of_the_bad_week_ends_on_thursday():
    early = _rows(x.overview_file(story.BAD_WEEK, days=4).content)[1:]

    assert [row[0][:3] for row in early] == ["Thu", "Wed", "Tue", "Mon"]


def test_linkedin_content_has_two_sheets_with_the_header_in_row_two():
    book = xlrd.open_workbook(file_contents=linkedin.content_file(WEEK).content)

    assert book.sheet_names() == ["Metrics", "All posts"]
    metrics, posts = book.sheets()
    assert metrics.row_values(1)[:4] == [
        "Date",
        "Impressions (organic)",
        "Impressions (sponsored)",
        "Impressions (total)",
    ]
    assert metrics.ncols == posts.ncols == 20
    assert metrics.nrows == 2 + 28
    assert posts.row_values(1)[0] == "Post title"
    assert not any(metrics.row_values(0)[1:])


def test_linkedin_followers_are_new_ones_per_day():
    book = xlrd.open_workbook(file_contents=linkedin.followers_file(WEEK).content)
    sheet = book.sheet_by_index(0)

    assert sheet.row_values(0) == linkedin.FOLLOWERS_HEADER
    assert sheet.nrows == 1 + 7
    assert max(sheet.col_values(4, 1)) < 30


def test_linkedin_files_are_legacy_workbooks():
    assert linkedin.content_file(WEEK).content.startswith(b"\xd0\xcf\x11\xe0")


@pytest.mark.parametrize("label", ["2026-W05", "2026-W30", "2026-W46"])
def test_youtube_totals_equal_the_sums_of_the_table(label):
    members = _members(youtube.studio_file(ReportingWeek.parse(label)).content)
    header, total, *rows = members["Table data.csv"]

    assert ",".join(header) == YOUTUBE_LINE
    assert total[0] == "Total"
    for column in ("Views", "Subscribers", "Impressions"):
        index = header.index(column)
        assert int(total[index]) == sum(int(row[index]) for row in rows)
    hours = header.index("Watch time (hours)")
    assert float(total[hours]) == pytest.approx(sum(float(row[hours]) for row in rows))
    days = members["Totals.csv"][1:]
    assert sum(int(day[1]) for day in days) == int(total[header.index("Views")])


def test_truncated_youtube_table_lacks_a_third_while_its_total_row_does_not():
    good = _members(youtube.studio_file(story.BAD_WEEK).content)["Table data.csv"]
    bad = _members(youtube.studio_file(story.BAD_WEEK, truncated=True).content)[
        "Table data.csv"
    ]

    assert bad[:2] == good[:2]
    assert len(bad) - 2 == pytest.approx((len(good) - 2) * 2 / 3, abs=1)
    assert sum(int(row[4]) for row in bad[2:]) < int(bad[1][4])


def test_youtube_ids_with_a_hyphen_and_a_letter_carry_a_blank():
    rows = _members(youtube.studio_file(WEEK).content)["Table data.csv"][2:]
    hyphened = [row[0] for row in rows if row[0].lstrip().startswith("-")]

    assert {one[:2] for one in hyphened} == {" -", "-7"}
    assert all(len(row[0].strip()) == 11 for row in rows)


def test_ga4_lines_name_the_range_before_the_table():
    lines = web.landing_file(WEEK).content.decode().splitlines()
    preamble = [line for line in lines if line.startswith("#")]

    assert "# Start date: 20260720" in preamble
    assert "# End date: 20260726" in preamble
    assert lines[len(preamble)] == GA4_LINE


def test_lifetime_counters_grow_and_rarely_fall_a_little():
    steps = []
    for post in channels.posts_in_window("facebook", WEEK):
        first = story.export_moment(WEEK, 4)
        seen = [
            channels.counter(post, "reach", first + timedelta(weeks=n)) for n in (0, 1)
        ]
        steps.append(seen[1] - seen[0])

    assert min(steps) >= -2
    assert sum(step > 0 for step in steps) > sum(step < 0 for step in steps)


def test_some_counter_falls_in_the_year():
    falls = 0
    for post in channels.posts()[::5]:
        moments = [post.at + timedelta(days=days) for days in (12, 19, 26)]
        values = [channels.counter(post, "exposure", moment) for moment in moments]
        falls += any(later < earlier for earlier, later in itertools.pairwise(values))

    assert falls > 0
