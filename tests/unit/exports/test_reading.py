"""Each oddity of a real export lands right or is rejected with its reason."""

# ruff: noqa: DTZ001 - moments in the warehouse are naive UTC

import json
from datetime import date, datetime

import pytest
from openpyxl import Workbook

from heartshare.exports.errors import UnreadableFileError
from heartshare.exports.inspection import inspect_file


def test_second_column_of_the_same_name_is_kept_apart(desk, fixtures):
    row = desk.load(fixtures / "facebook/views_column_twice.csv").one(
        "select * from raw.facebook__posts"
    )
    assert (row["view_count"], row["view_count_duplicate"]) == (640, 655)
    assert row["posted_at"] == datetime(2025, 3, 20, 16, 30)
    assert row["impression_count"] is None


def test_error_row_of_the_platform_is_rejected_by_name(desk, fixtures):
    desk.load(fixtures / "facebook/error_row_without_id.csv")
    (reject,) = desk.rejects()
    assert (reject["row_number"], reject["reason_code"]) == (2, "platform_error_row")
    row = desk.one("select * from raw.facebook__posts")
    assert (row["reach_count"], row["impression_count"]) == (1204, 2310)
    assert row["_row_number"] == 3
    assert '"quotes"' in row["description_text"]


def test_bad_count_rejects_its_row_only(desk, fixtures):
    desk.load(fixtures / "facebook/one_bad_count.csv")
    (reject,) = desk.rejects()
    assert reject == {
        "table_name": "facebook__posts",
        "row_number": 2,
        "column_name": "view_count",
        "value_text": "1.2K",
        "reason_code": "not_a_whole_number",
    }
    assert desk.one("select post_id from raw.facebook__posts")["post_id"].endswith("3")


def test_local_time_follows_the_change_of_the_clock(desk, fixtures):
    desk.load(fixtures / "facebook/hour_that_does_not_exist.csv")
    hours = desk.rows("select hour(posted_at) as h from raw.facebook__posts order by 1")
    assert [row["h"] for row in hours] == [19, 20]


def test_spanish_export_with_a_mark_lands(desk, fixtures):
    row = desk.load(fixtures / "instagram/spanish_headers_with_bom.csv").one(
        "select * from raw.instagram__posts"
    )
    assert (row["view_count"], row["follow_count"], row["save_count"]) == (1340, 2, 4)
    assert row["post_id"] == "18000000000000017"


def test_portuguese_dots_are_thousands_and_dashes_are_nothing(desk, fixtures):
    row = desk.load(fixtures / "instagram/portuguese_dots_and_dashes.csv").one(
        "select * from raw.instagram__posts"
    )
    assert (row["view_count"], row["reach_count"]) == (12340, 1001)
    assert row["share_count"] is None


def test_unknown_column_is_kept_and_reported(desk, fixtures):
    desk.load(fixtures / "instagram/columns_in_another_order.csv")
    row = desk.one("select * from raw.instagram__posts")
    assert row["_extra"] == '{"Average watch time": "3.5"}'
    assert row["posted_at"] == datetime(2025, 12, 24, 23, 30)
    (file,) = desk.manifest()
    assert file["drift_json"] == '{"unknown_columns": ["Average watch time"]}'


def test_damaged_ids_come_back_from_the_link_or_are_rejected(desk, fixtures):
    desk.load(fixtures / "x/ids_damaged_by_a_spreadsheet.csv")
    ids = desk.rows("select post_id from raw.x__posts order by _row_number")
    assert [row["post_id"][-5:] for row in ids] == ["12345", "23456", "45678"]
    (reject,) = desk.rejects()
    assert (reject["row_number"], reject["reason_code"]) == (4, "damaged_identifier")
    assert desk.one("select max(impression_count) as n from raw.x__posts")["n"] == 1229


def test_dash_is_not_reported_and_zero_is_zero(desk, fixtures):
    desk.load(fixtures / "x/overview_in_other_order.csv")
    rows = desk.rows("select * from raw.x__daily_overview order by activity_date")
    assert [row["impression_count"] for row in rows] == [100, None]
    assert [row["post_count"] for row in rows] == [2, 0]
    (file,) = desk.manifest()
    assert file["period_start"] == date(2026, 4, 24)
    assert file["period_end"] == date(2026, 4, 25)


def test_header_below_a_description_is_found(desk, fixtures):
    desk.load(fixtures / "linkedin/content_below_a_description.csv")
    rows = desk.rows("select * from raw.linkedin__daily_content order by activity_date")
    assert [row["reaction_count"] for row in rows] == [-2, 4]
    assert [row["engagement_rate"] for row in rows] == [0.0243, 0.0375]
    assert [row["_row_number"] for row in rows] == [3, 4]


def test_total_row_is_declared_not_landed(desk, fixtures):
    desk.load(fixtures / "youtube/total_row_and_guarded_id.csv")
    rows = desk.rows("select * from raw.youtube__videos order by video_id desc")
    assert [row["video_id"] for row in rows] == ["-AbcDefGhiJ", "-1bcDefGhiJ"]
    assert [row["click_through_rate"] for row in rows] == [
        pytest.approx(0.0627),
        pytest.approx(1.3904),
    ]
    declared = desk.rows("select * from raw.export_totals order by metric_code")
    totals = {row["metric_code"]: row["declared_value"] for row in declared}
    assert totals["view_count"] == 1500
    assert totals["click_through_rate"] == pytest.approx(0.055)
    (file,) = desk.manifest()
    assert (file["rows_in"], file["rows_landed"]) == (2, 2)


def test_deleted_post_and_quotation(desk, fixtures):
    desk.load(fixtures / "discourse/post_deleted_after_export.json")
    first, second = desk.rows("select * from raw.discourse__posts order by post_id")
    assert first["post_text"] == "Why is the garden closed?"
    assert (first["like_count"], second["like_count"]) == (3, 0)
    assert second["post_text"] == "Repairs & painting\nuntil May :seedling:"
    assert second["deleted_at"] == datetime(2026, 3, 3, 9)
    assert (second["display_name"], second["is_user_deleted"]) == ("Ben B", True)
    assert first["created_at"] == datetime(2026, 3, 2, 8, 0, 0, 250000)
    assert desk.one("select title_text from raw.discourse__topics")


def test_key_stated_twice_keeps_what_is_not_empty(desk, fixtures):
    desk.load(fixtures / "discourse/key_stated_twice.json")
    assert desk.one("select topic_id from raw.discourse__topics") == {"topic_id": "91"}
    (file,) = desk.manifest()
    assert file["drift_json"] == '{"duplicate_keys": ["topics"]}'


def test_comment_edited_at_a_moment_is_edited(desk, fixtures):
    desk.load(fixtures / "reddit/edited_and_deleted_comments.ndjson")
    rows = desk.rows("select * from raw.reddit__comments order by comment_id")
    assert [row["is_edited"] for row in rows] == [False, True]
    assert rows[0]["created_at"] == datetime(2026, 3, 2, 8)
    assert rows[1]["is_submitter"] is None


def test_half_written_line_is_rejected_with_its_number(desk, fixtures):
    desk.load(fixtures / "reddit/last_line_half_written.ndjson")
    (reject,) = desk.rejects()
    assert (reject["row_number"], reject["reason_code"]) == (2, "unreadable_record")
    assert desk.summary.rows_in == 2
    assert desk.summary.rows_landed == 1


def test_landing_pages_and_the_other_table_of_the_file(desk, fixtures):
    desk.load(fixtures / "ga4/landing_pages_and_another_table.csv")
    pages = desk.rows(
        "select * from raw.ga4__landing_pages order by session_count desc"
    )
    assert pages[0]["landing_page_url"].endswith("utm_campaign=spring")
    assert pages[0]["property_name"] == "Lindholm website"
    assert pages[0]["segment_name"] == "All Users"
    assert pages[0]["_period_start"] == date(2026, 3, 2)
    others = desk.rows("select * from raw.ga4__report_rows order by dimension_value")
    assert [row["metric_value"] for row in others] == [41, 39]
    assert {row["table_number"] for row in others} == {2}
    (file,) = desk.manifest()
    assert (file["rows_in"], file["rows_landed"]) == (4, 4)


def test_snapshot_gives_a_row_per_dimension_value_and_metric(desk, fixtures):
    desk.load(fixtures / "ga4/snapshot_of_two_tables.csv")
    rows = desk.rows("select * from raw.ga4__report_rows order by all")
    assert len(rows) == 4
    (file,) = desk.manifest()
    assert file["period_start"] == date(2026, 3, 1)


def test_personal_columns_are_dropped_hashed_and_masked(desk, fixtures):
    desk.load(fixtures / "hubspot/two_date_forms_and_a_new_column.csv")
    rows = desk.rows("select * from raw.hubspot__contacts order by record_id")
    assert [row["created_at"] for row in rows] == [
        datetime(2026, 3, 2, 9, 14),
        datetime(2026, 3, 5, 14, 30),
    ]
    hashed = desk.one("select md5('ida@example.org') as digest")["digest"]
    assert [row["email"] for row in rows] == [hashed, None]
    assert not {"first_name", "last_name", "phone", "company_name"} & rows[0].keys()
    assert rows[0]["_extra"] is None
    assert json.loads(desk.manifest()[0]["drift_json"]) == {
        "unknown_columns": ["Mobile Phone"],
        "assumptions": ["dates are month first"],
    }


def test_link_keeps_a_digest_of_the_address_and_whether_it_is_a_desk(desk, fixtures):
    desk.load(fixtures / "programme/people_links.csv")
    rows = desk.rows(
        "select email, is_shared_inbox from raw.programme__people_links "
        "order by _row_number"
    )
    hashed = desk.one("select md5('ida@example.org') as digest")["digest"]
    assert rows[0]["email"] == hashed
    flags = [row["is_shared_inbox"] for row in rows]
    assert flags == [False, None, True, True, False, None]
    (reject,) = desk.rejects()
    assert (reject["row_number"], reject["column_name"]) == (8, "action_code")


def test_rejected_value_of_a_personal_column_is_masked(desk, fixtures):
    desk.load(fixtures / "programme/report_recipients.csv")
    (reject,) = desk.rejects()
    assert (reject["column_name"], reject["value_text"]) == ("email_address", "***")


def test_unknown_code_and_impossible_day_are_rejected(desk, fixtures):
    names = ["outreach_log", "follower_counts", "owned_accounts"]
    desk.load(*(fixtures / "programme" / f"{name}.csv" for name in names))
    found = {(each["column_name"], each["reason_code"]) for each in desk.rejects()}
    assert found == {
        ("empowerment_code", "unexpected_form"),
        ("counted_on", "not_a_date"),
        ("actor_class_code", "unexpected_form"),
    }
    moments = desk.rows(
        "select contacted_at from raw.programme__outreach_log order by 1"
    )
    assert moments[1]["contacted_at"] == datetime(2026, 3, 9, 9)


def test_response_to_a_suggestion_is_one_of_four(desk, fixtures):
    desk.load(fixtures / "programme/suggestion_responses.csv")
    (reject,) = desk.rejects()
    assert (reject["column_name"], reject["value_text"]) == ("response_code", "maybe")
    rows = desk.rows(
        "select * from raw.programme__suggestion_responses order by responded_at"
    )
    assert [row["response_code"] for row in rows] == ["accepted", "declined", "done"]
    assert rows[2]["responded_at"] == datetime(2026, 3, 6, 15)


def test_value_of_a_goal_is_a_number_in_a_currency(desk, fixtures):
    desk.load(fixtures / "programme/goal_values_without_a_number.csv")
    assert [
        (reject["column_name"], reject["value_text"]) for reject in desk.rejects()
    ] == [
        ("key_event_value", "a lot"),
        ("currency_code", "euros"),
    ]
    rows = desk.rows("select * from raw.programme__goal_values order by valid_from")
    assert [row["key_event_value"] for row in rows] == [12.5, 14]


def test_semicolons_of_a_spreadsheet_are_read(desk, fixtures):
    desk.load(fixtures / "programme/themes_with_semicolons.csv")
    rows = desk.rows("select * from raw.programme__strategy_themes order by theme_code")
    assert [row["weight_ratio"] for row in rows] == [0.4, 0.6]


def test_workbook_reads_like_its_text(desk, fixtures, tmp_path):
    book = Workbook()
    book.active.append(
        ["platform_code", "account_handle", "counted_on", "follower_count"]
    )
    book.active.append(["x", "lindholm", date(2026, 3, 8), 9801])
    book.active.append([None, None, None, None])
    book.active.append(["x", "lindholm", datetime(2026, 3, 15), 9805.0])
    path = tmp_path / "stock.xlsx"
    book.save(path)
    rows = desk.load(path).rows(
        "select * from raw.programme__follower_counts order by all"
    )
    assert sorted(row["follower_count"] for row in rows) == [9801, 9805]
    assert sorted(row["_row_number"] for row in rows) == [2, 4]


def test_legacy_workbook_with_a_description_row(desk, tmp_path):
    import xlwt

    book = xlwt.Workbook()
    days = book.add_sheet("New followers")
    header = ["Date", "Sponsored followers", "Organic followers", "Total followers"]
    days.write(0, 0, "New followers of the page")
    for column, cell in enumerate(header):
        days.write(1, column, cell)
    for column, cell in enumerate(["03/02/2026", 0, 4.0, "4"]):
        days.write(2, column, cell)
    book.add_sheet("Seniority").write(0, 0, "Seniority")
    book.add_sheet("Something new").write(0, 0, "Something")
    path = tmp_path / "page_followers_1772.xls"
    book.save(str(path))
    row = desk.load(path).one("select * from raw.linkedin__daily_followers")
    assert (row["activity_date"], row["follow_count"]) == (date(2026, 3, 2), 4)
    assert desk.manifest()[0]["drift_json"] == '{"unread_parts": ["Something new"]}'


def test_two_header_rows_qualify_each_other(write, tmp_path):
    from heartshare.exports.contract import load_contracts

    folder = tmp_path / "contracts" / "desk"
    folder.mkdir(parents=True)
    (folder / "views.yml").write_text(
        "title: t\nversion: 1\nconfidence: indicative\n"
        "file: {formats: [csv], header_rows: 2}\n"
        "tables:\n  desk__views:\n    grain: one row per post\n    restated: no\n"
        "    signature: {present: [post_id, total_count]}\n    columns:\n"
        "      post_id: {header: Post, key: true}\n"
        "      total_count: {header: 'Views [total]', type: bigint, metric: gauge}\n"
        "      unique_count: {header: 'Views [unique]', type: bigint, metric: gauge}\n"
    )
    path = write("two.csv", "Post,Views,Views\n,unique,total\n1,7,9\n")
    inspection = inspect_file(path, contracts=load_contracts(tmp_path / "contracts"))
    assert (inspection.rows_good, inspection.drift) == (1, {})


def test_second_encoding_must_be_declared(write, fixtures):
    text = (fixtures / "youtube/german_table.csv").read_text(encoding="utf-8")
    with pytest.raises(UnreadableFileError, match="line 1 is not utf-8"):
        inspect_file(write("legacy.csv", text, encoding="cp1252"))


def test_wide_encoding_is_told_by_its_mark(write, fixtures):
    text = (fixtures / "x/overview_in_other_order.csv").read_text(encoding="utf-8")
    assert inspect_file(write("wide.csv", text, encoding="utf-16")).rows_good == 2
