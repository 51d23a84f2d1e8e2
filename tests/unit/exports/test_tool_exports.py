"""Listening tools, publishing tools, CRM and web analytics land as they are."""

# ruff: noqa: DTZ001 - moments in the warehouse are naive UTC

import json
from datetime import date, datetime

from openpyxl import Workbook

from heartshare.exports.inspection import inspect_file


def drift(desk):
    return json.loads(desk.manifest()[0]["drift_json"] or "{}")


def totals(desk):
    return {
        (row["table_name"], row["metric_code"]): row["declared_value"]
        for row in desk.rows("select * from raw.export_totals")
    }


def test_lines_above_the_header_are_scanned_and_read(desk, fixtures):
    desk.load(fixtures / "brandwatch/preamble_and_two_queries.csv")
    first, second, third = desk.rows(
        "select * from raw.brandwatch__mentions order by _row_number"
    )
    assert (first["brand_name"], first["label_name"]) == ("Lindholm parks", "weekly")
    assert first["published_at"] == datetime(2026, 3, 3, 5, 6, 7)
    assert first["resource_id"] == second["resource_id"]
    assert second["updated_at"] > first["updated_at"]
    assert (first["author_handle"], first["x_author_id"]) == (
        "quill_ada",
        "9000000000000001",
    )
    assert third["page_type_name"] == "news"
    assert "author_full_name" not in first
    # Columns that no contract names are reported; what they hold is not kept.
    assert drift(desk) == {"unknown_columns": ["Shoe Size"]}
    assert first["_extra"] is None


def test_mention_without_any_identity_is_rejected(desk, fixtures):
    desk.load(fixtures / "brandwatch/preamble_and_two_queries.csv")
    (reject,) = desk.rejects()
    assert (reject["row_number"], reject["reason_code"]) == (11, "no_identity")


def test_columns_of_another_year_fill_the_same_table(desk, fixtures):
    desk.load(
        fixtures / "brandwatch/preamble_and_two_queries.csv",
        fixtures / "brandwatch/columns_of_a_later_year.csv",
    )
    row = desk.one("select * from raw.brandwatch__mentions where x_like_count = 3")
    assert row["x_author_id"] == "9000000000000009"
    assert row["reply_to_url"].endswith("/2031400000000000000")
    assert desk.one("select count(*) as n from raw.brandwatch__mentions")["n"] == 5


def test_workbook_of_mentions_reads_like_its_text(desk, tmp_path):
    book = Workbook()
    for row in (
        ["Report:", "Bulk Mentions Download"],
        ["Brand:", "Lindholm parks"],
        [],
        ["Query Id", "Resource Id", "Date", "Url", "Author", "Full Text", "X Likes"],
        [
            700,
            "r-1",
            datetime(2026, 3, 3, 5, 6),
            "https://x.com/a/status/5",
            "a",
            "",
            3,
        ],
    ):
        book.active.append(row)
    path = tmp_path / "mentions.xlsx"
    book.save(path)
    row = desk.load(path).one("select * from raw.brandwatch__mentions")
    assert row["published_at"] == datetime(2026, 3, 3, 5, 6)
    assert (row["x_like_count"], row["brand_name"]) == (3, "Lindholm parks")


def test_one_day_above_the_twelfth_settles_the_order_of_a_file(desk, fixtures):
    desk.load(fixtures / "talkwalker/day_first_dates.csv")
    rows = desk.rows("select * from raw.talkwalker__mentions order by published_at")
    assert [row["published_at"] for row in rows] == [
        datetime(2026, 3, 5, 14, 30),
        datetime(2026, 3, 13, 8),
    ]
    assert [each["reason_code"] for each in desk.rejects()] == ["not_a_moment"]
    assert drift(desk) == {}


def test_month_first_file_of_the_same_tool_is_told_apart(desk, fixtures, write):
    text = (fixtures / "talkwalker/day_first_dates.csv").read_text(encoding="utf-8")
    other = write("us.csv", text.replace("13/03/2026", "03/13/2026"))
    desk.load(fixtures / "talkwalker/day_first_dates.csv", other)
    months = desk.rows(
        "select distinct month(published_at) as m, count(*) as n "
        "from raw.talkwalker__mentions group by 1 order by 1"
    )
    assert [(row["m"], row["n"]) for row in months] == [(3, 3), (5, 1)]


def test_dates_with_two_readings_are_read_and_reported(desk, fixtures, write):
    text = (fixtures / "talkwalker/day_first_dates.csv").read_text(encoding="utf-8")
    desk.load(write("unclear.csv", text.replace("13/03/2026", "03/03/2026")))
    assert drift(desk) == {"assumptions": ["dates are day first"]}
    row = desk.one("select min(published_at) as first from raw.talkwalker__mentions")
    assert row["first"] == datetime(2026, 3, 3, 8)


def test_answers_of_an_api_share_the_table_of_the_export(desk, fixtures):
    desk.load(
        fixtures / "talkwalker/search_api_page.json",
        fixtures / "talkwalker/stream_between_control_lines.json",
    )
    rows = desk.rows("select * from raw.talkwalker__mentions order by published_at")
    assert rows[0]["published_at"] == datetime(2026, 3, 3, 5, 6, 7)
    assert rows[0]["author_id"] == "tw:9000000000000001"
    assert rows[0]["source_type_name"] == '["SOCIALMEDIA", "SOCIALMEDIA_TWITTER"]'
    assert [row["author_handle"] for row in rows] == ["quill_ada", None, None]
    assert desk.summary.rows_in == 3


def test_day_and_time_of_two_columns_make_a_moment(desk, fixtures):
    desk.load(fixtures / "meltwater/wide_text_between_tabs.csv")
    rows = desk.rows("select * from raw.meltwater__mentions order by published_at")
    assert [row["published_at"] for row in rows] == [
        datetime(2026, 3, 7, 17, 12),
        datetime(2026, 3, 8, 0, 5),
    ]
    assert rows[0]["hit_text"] == "The garden, at last \u2014 \u201copen\u201d"
    assert rows[0]["view_count"] == 1204
    (reject,) = desk.rejects()
    assert reject["value_text"] == "09-Mar-2026 soon"


def test_older_columns_state_the_day_twice(desk, fixtures):
    row = desk.load(fixtures / "meltwater/older_columns.csv").one(
        "select * from raw.meltwater__mentions"
    )
    assert row["published_at"] == datetime(2021, 3, 31, 23, 59)
    assert (row["author_handle"], row["x_author_id"]) == ("fern_reads", "880011")
    assert drift(desk) == {}


def test_posts_of_a_publishing_tool_keep_their_platform_ids(desk, fixtures):
    desk.load(fixtures / "sprout/posts_with_local_times.csv")
    first, second = desk.rows("select * from raw.sprout__posts order by posted_at")
    assert first["posted_at"] == datetime(2026, 3, 5, 10, 5)
    assert (first["impression_count"], first["engagement_rate"]) == (10000, 0.065)
    # A spreadsheet had rounded the second id; the third is in no link.
    assert second["post_id"] == "2030400000000000000"
    assert second["view_count"] is None
    assert [each["reason_code"] for each in desk.rejects()] == ["damaged_identifier"]
    assert "sent_by_name" not in first


def test_audience_of_a_profile_is_a_state_and_its_growth_a_change(desk, fixtures):
    desk.load(fixtures / "sprout/profile_days.csv")
    rows = desk.rows("select * from raw.sprout__profile_days order by activity_date")
    assert [row["follower_count"] for row in rows] == [10000, 10012]
    assert [row["net_count"] for row in rows] == [-2, 12]


def test_title_and_range_above_a_header_are_passed_over(desk, fixtures):
    desk.load(fixtures / "hootsuite/title_and_range_above_the_header.csv")
    rows = desk.rows("select * from raw.hootsuite__posts order by posted_at")
    assert [row["network_name"] for row in rows] == ["Facebook", "Instagram"]
    assert rows[0]["impression_count"] == 1200
    assert [row["view_count"] for row in rows] == [None, 4800]


def test_post_without_an_id_is_known_by_its_link(desk, fixtures):
    row = desk.load(fixtures / "buffer/id_stands_in_the_link.csv").one(
        "select * from raw.buffer__posts"
    )
    assert row["posted_at"] == datetime(2026, 3, 5, 8)
    assert row["reach_count"] is None


def test_footer_is_cut_and_its_count_declared(desk, fixtures):
    desk.load(fixtures / "salesforce/leads_with_a_footer.csv")
    rows = desk.rows("select * from raw.salesforce__leads order by created_at")
    assert [row["created_at"] for row in rows] == [
        datetime(2026, 3, 2, 14, 30),
        datetime(2026, 3, 15, 9, 5),
    ]
    # Ids of one report may differ in the case of a letter only.
    assert len({row["record_id"] for row in rows}) == 2
    assert desk.summary.rows_in == 3
    assert totals(desk) == {("salesforce__leads", "row_count"): 3}
    assert not {"first_name", "company_name", "owner_name"} & rows[0].keys()


def test_report_that_was_cut_off_declares_more_than_it_holds(desk, fixtures):
    desk.load(fixtures / "salesforce/contacts_day_first_in_latin_letters.csv")
    assert totals(desk) == {("salesforce__contacts", "row_count"): 5}
    rows = desk.rows("select * from raw.salesforce__contacts order by created_at")
    assert [row["created_at"].date() for row in rows] == [
        date(2026, 2, 25),
        date(2026, 3, 4),
    ]
    assert desk.summary.rows_in == 2


def test_row_below_a_footer_is_rejected(write, fixtures):
    text = (fixtures / "salesforce/leads_with_a_footer.csv").read_text(encoding="utf-8")
    row = '00Q5f00000aBcZz,A,B,C,d@example.org,Web,Open,E,"3/20/2026, 1:00 PM"\r\n'
    inspection = inspect_file(write("grown.csv", text + "Lindholm Ltd\r\n" + row))
    codes = sorted(reject.reason_code for reject in inspection.rejects)
    assert codes == ["not_a_moment", "row_below_footer"]


def test_one_address_under_two_records_has_one_digest(desk, fixtures):
    desk.load(fixtures / "hubspot/one_person_under_two_records.csv")
    rows = desk.rows("select * from raw.hubspot__contacts order by record_id")
    assert rows[0]["email"] == rows[1]["email"]
    assert rows[0]["email"] is not None
    assert [row["created_at"] for row in rows] == [
        datetime(2026, 3, 15, 14, 30),
        datetime(2026, 3, 16, 8),
        datetime(2026, 3, 4),
    ]


def test_each_table_of_a_report_keeps_its_own_range(desk, fixtures):
    desk.load(fixtures / "ga4/two_ranges_with_a_grand_total.csv")
    rows = desk.rows(
        "select * from raw.ga4__landing_pages where landing_page_url = '/map' "
        "order by range_start"
    )
    assert [(row["range_start"], row["session_count"]) for row in rows] == [
        (date(2026, 2, 23), 90),
        (date(2026, 3, 2), 10),
    ]
    # What Google called conversions until 2024 is a key event.
    assert rows[0]["key_event_count"] == 3
    declared = desk.rows(
        "select declared_value as v from raw.export_totals "
        "where metric_code = 'session_count' order by v"
    )
    assert [row["v"] for row in declared] == [90, 130]


def test_grand_total_of_any_report_is_declared_by_its_metric(desk, fixtures):
    desk.load(fixtures / "ga4/by_date_sorted_by_its_first_metric.csv")
    rows = desk.rows(
        "select dimension_value, metric_value from raw.ga4__report_rows "
        "where metric_name = 'Average session duration' order by 1"
    )
    assert [row["dimension_value"] for row in rows] == [
        "20260302",
        "20260303",
        "20260304",
    ]
    assert rows[1]["metric_value"] == 88.51428571428572
    assert totals(desk)["ga4__report_rows", "Event count"] == 906
    assert desk.one("select distinct segment_name from raw.ga4__report_rows") == {
        "segment_name": "All Users"
    }
