"""Exports of TikTok Studio, LinkedIn's pages and members, and YouTube's answers."""

# ruff: noqa: DTZ001 - moments in the warehouse are naive UTC

from datetime import date, datetime

import pytest

from heartshare.exports.errors import UnrecognisedExportError
from heartshare.exports.inspection import inspect_file

MEMBER = "linkedin/AggregateAnalytics_Ada Example_2026-03-02_2026-03-08.xlsx"


def test_year_and_hour_of_a_video_come_from_its_id(desk, fixtures):
    desk.load(fixtures / "tiktok/content_without_years.csv")
    rows = desk.rows("select * from raw.tiktok__videos order by posted_at")
    assert [row["posted_at"] for row in rows] == [
        datetime(2025, 4, 2, 18, 0),
        datetime(2025, 12, 31, 23, 30),
        datetime(2026, 1, 9, 4, 15),
    ]
    assert {row["account_handle"] for row in rows} == {"lindholmlibrary"}
    assert rows[1]["comment_count"] is None
    (reject,) = desk.rejects()
    assert (reject["row_number"], reject["reason_code"]) == (5, "unexpected_form")


def test_days_without_a_year_go_over_new_year(desk, fixtures):
    desk.load(fixtures / "tiktok/2025-12-30_1767484800_lindholmlibrary.csv")
    rows = desk.rows("select * from raw.tiktok__daily_overview order by activity_date")
    assert [row["activity_date"] for row in rows] == [
        date(2025, 12, 30),
        date(2025, 12, 31),
        date(2026, 1, 1),
        date(2026, 1, 2),
    ]
    assert [row["view_count"] for row in rows] == [120, 200, 90, None]


def test_days_without_any_period_are_rejected_with_the_next_step(fixtures):
    inspection = inspect_file(fixtures / "tiktok/days_without_a_period.csv")
    (reject,) = inspection.rejects
    assert (inspection.rows_good, reject.reason_code) == (0, "year_unknown")
    assert "rename the file" in reject.reason_text


def test_day_outside_the_period_or_the_calendar_is_rejected(desk, fixtures):
    desk.load(fixtures / "tiktok/followers_2026-02-27_2026-03-02.csv")
    rows = desk.rows("select * from raw.tiktok__daily_followers order by activity_date")
    assert [(row["activity_date"].day, row["follower_count"]) for row in rows] == [
        (27, 1204),
        (28, 1207),
        (1, 1205),
    ]
    rejects = {row["row_number"]: row["value_text"] for row in desk.rejects()}
    assert rejects == {4: "February 29", 6: "March 9"}


def test_personal_download_of_tiktok_is_refused(write):
    text = '{"Profile": {}, "Direct Messages": {"Chat History": {}}}'
    with pytest.raises(UnrecognisedExportError):
        inspect_file(write("user_data_tiktok.json", text))


def test_tables_side_by_side_are_two_tables(desk, fixtures):
    desk.load(fixtures / MEMBER)
    tops = desk.rows(
        "select * from raw.linkedin__member_posts_by_engagements order by _row_number"
    )
    assert [row["engagement_count"] for row in tops] == [21, 12]
    seen = desk.rows(
        "select * from raw.linkedin__member_posts_by_impressions order by _row_number"
    )
    assert [row["impression_count"] for row in seen] == [900, 700, 55]
    assert tops[0]["post_url"] == seen[1]["post_url"]
    assert [row["_row_number"] for row in seen] == [4, 5, 6]


def test_member_figures_as_text_and_a_day_outside_the_range(desk, fixtures):
    desk.load(fixtures / MEMBER)
    days = desk.rows("select * from raw.linkedin__daily_member_content order by 2")
    assert [row["impression_count"] for row in days] == [1210, 640]
    (reject,) = desk.rejects()
    assert (reject["row_number"], reject["reason_code"]) == (4, "outside_period")
    shares = desk.rows("select * from raw.linkedin__member_demographics order by 2")
    assert [row["percentage_text"] for row in shares] == ["12%", "< 1%"]
    totals = desk.rows("select * from raw.linkedin__member_discovery order by 2")
    assert [row["metric_value"] for row in totals] == [4210, 1877]
    (file,) = desk.manifest()
    assert (file["period_start"], file["period_end"]) == (
        date(2026, 3, 2),
        date(2026, 3, 8),
    )
    assert file["rows_in"] == file["rows_landed"] + file["rows_rejected"]


def test_legacy_workbook_of_visitors_has_a_sheet_per_attribute(desk, tmp_path):
    import xlwt

    book = xlwt.Workbook()
    days = book.add_sheet("Visitor metrics")
    header = ["Date", "Overview page views (total)", "Total page views (total)"]
    seniority = book.add_sheet("Seniority")
    for column, cell in enumerate(header):
        days.write(0, column, cell)
    for column, cell in enumerate(["03/02/2026", 31.0, 34]):
        days.write(1, column, cell)
    for row, cells in enumerate([["Seniority", "Total views"], ["Senior", 12.0]]):
        for column, cell in enumerate(cells):
            seniority.write(row, column, cell)
    path = tmp_path / "page_visitors_1772.xls"
    book.save(str(path))
    row = desk.load(path).one("select * from raw.linkedin__daily_visitors")
    assert (row["activity_date"], row["total_page_view_count"]) == (
        date(2026, 3, 2),
        34,
    )
    attribute = desk.one("select * from raw.linkedin__visitor_attributes")
    assert (attribute["attribute_name"], attribute["attribute_value"]) == (
        "Seniority",
        "Senior",
    )
    assert attribute["view_count"] == 12


def test_replies_inside_a_thread_are_rows_of_their_own(desk, fixtures):
    desk.load(fixtures / "youtube/threads_with_replies.json")
    threads = desk.rows("select * from raw.youtube__comment_threads order by thread_id")
    assert [row["reply_count"] for row in threads] == [3, 0]
    assert threads[0]["original_text"] == "Where is the <3 for the annex?"
    assert threads[1]["original_text"] is None
    assert threads[1]["display_text"] == "Lovely & quiet\nend"
    replies = desk.rows("select * from raw.youtube__comments order by comment_id")
    assert [row["parent_comment_id"] for row in replies] == ["Ug1", "Ug1"]
    assert replies[1]["author_channel_id"] == threads[0]["author_channel_id"]


def test_page_of_further_replies_names_no_video(desk, fixtures):
    row = desk.load(fixtures / "youtube/further_replies.json").one(
        "select * from raw.youtube__comments"
    )
    assert (row["video_id"], row["parent_comment_id"]) == (None, "Ug1")
    assert row["created_at"] == datetime(2026, 3, 3, 8)


def test_page_without_comments_is_known_and_empty(fixtures):
    inspection = inspect_file(fixtures / "youtube/page_without_comments.json")
    assert (inspection.contract, inspection.rows_in) == ("youtube/data_api", 0)


def test_hidden_number_of_subscribers_is_not_reported(desk, fixtures):
    desk.load(fixtures / "youtube/channel_that_hides_its_subscribers.json")
    shown, hidden = desk.rows("select * from raw.youtube__channels order by channel_id")
    assert (shown["subscriber_count"], shown["video_count"]) == (1230, 88)
    assert (hidden["subscriber_count"], hidden["is_subscriber_count_hidden"]) == (
        None,
        True,
    )
