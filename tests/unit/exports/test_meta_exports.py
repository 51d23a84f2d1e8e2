"""The exports of Meta's Facebook and Instagram land right, oddities included."""

# ruff: noqa: DTZ001 - moments in the warehouse are naive UTC

from datetime import datetime


def test_portuguese_stories_tell_dots_from_decimals_and_dashes_from_zero(
    desk, fixtures
):
    desk.load(fixtures / "instagram/portuguese_stories.csv")
    first, second = desk.rows("select * from raw.instagram__stories order by story_id")
    assert (first["view_count"], first["navigation_count"]) == (1280, 1402)
    assert (first["profile_visit_count"], second["profile_visit_count"]) == (4, None)
    assert (first["share_count"], second["share_count"]) == (None, 0)
    assert first["posted_at"] == datetime(2026, 6, 3, 1, 40)


def test_columns_of_posts_stay_beside_those_of_stories(desk, fixtures):
    desk.load(fixtures / "instagram/stories_beside_post_columns.csv")
    row = desk.one("select * from raw.instagram__stories")
    assert (row["sticker_tap_count"], row["reply_count"]) == (2, 0)
    assert row["follow_count"] is None
    assert row["_extra"] is None


def test_error_row_of_a_video_is_rejected_by_name(desk, fixtures):
    desk.load(fixtures / "facebook/videos_with_one_error_row.csv")
    (reject,) = desk.rejects()
    assert (reject["row_number"], reject["reason_code"]) == (2, "platform_error_row")
    row = desk.one("select * from raw.facebook__videos")
    assert (row["view_count"], row["one_minute_view_count"]) == (820, 95)
    assert (
        row["_extra"] == '{"Average Seconds viewed": "17.5", "Is crosspost": "0", '
        '"Is share": "0"}'
    )


def test_people_whom_money_reached_stay_apart(desk, fixtures):
    desk.load(fixtures / "facebook/reach_of_a_boosted_post.csv")
    boosted, organic = desk.rows("select * from raw.facebook__posts order by post_id")
    assert (boosted["reach_count"], boosted["boosted_reach_count"]) == (4200, 3900)
    assert (organic["reach_count"], organic["boosted_reach_count"]) == (310, 0)


def test_portuguese_page_writes_thousands_with_a_dot(desk, fixtures):
    row = desk.load(fixtures / "facebook/portuguese_dots_and_dashes.csv").one(
        "select * from raw.facebook__posts"
    )
    assert (row["view_count"], row["reach_count"]) == (12340, 9001)
    assert (row["share_count"], row["click_count"]) == (3, None)


def test_spanish_page_writes_thousands_with_a_comma(desk, fixtures):
    row = desk.load(fixtures / "facebook/spanish_headers.csv").one(
        "select * from raw.facebook__posts"
    )
    assert (row["view_count"], row["click_count"]) == (1340, 22)
    assert row["interaction_count"] == 61


def test_each_table_of_an_overview_has_its_own_title(desk, fixtures):
    desk.load(fixtures / "meta/two_figures_in_one_file.csv")
    rows = desk.rows("select * from raw.meta__daily_figures order by _row_number")
    assert [(row["title_text"], row["figure_count"]) for row in rows] == [
        ("Instagram follows", 4),
        ("Instagram follows", 0),
        ("Instagram reach", 1204),
        ("Instagram reach", None),
    ]
    # The blank line counts as a spreadsheet program counts it.
    assert [row["_row_number"] for row in rows] == [4, 5, 9, 10]
    (file,) = desk.manifest()
    assert (file["rows_in"], file["drift_json"]) == (4, None)
    assert file["period_end"].isoformat() == "2026-03-03"


def test_overview_in_the_other_byte_order_keeps_both_lines_of_the_chart(desk, fixtures):
    desk.load(fixtures / "meta/visits_with_other_byte_order.csv")
    rows = desk.rows("select * from raw.meta__daily_figures order by activity_date")
    assert [row["figure_count"] for row in rows] == [21, 8]
    assert [row["compared_count"] for row in rows] == [19, 30]


def test_overview_of_an_unknown_figure_is_rejected(desk, write):
    text = 'sep=,\n"Instagram moods"\n"Date","Primary"\n"2026-03-02T00:00:00","4"\n'
    desk.load(write("Moods.csv", text, "utf-16"))
    (reject,) = desk.rejects()
    assert (reject["row_number"], reject["reason_code"]) == (4, "unexpected_form")
    assert reject["value_text"] == "Instagram moods"


def test_any_export_may_state_its_delimiter(desk, fixtures, write):
    text = (fixtures / "facebook/spanish_headers.csv").read_text("utf-8-sig")
    desk.load(write("posts.csv", "sep=,\n" + text))
    row = desk.one("select view_count, _row_number from raw.facebook__posts")
    assert row == {"view_count": 1340, "_row_number": 3}


def test_second_header_row_tells_people_from_acts(desk, fixtures):
    desk.load(fixtures / "facebook/insights_with_two_header_rows.csv")
    first, second = desk.rows("select * from raw.facebook__post_insights order by 1, 2")
    assert (first["reach_count"], first["impression_count"]) == (1, 4)
    assert first["organic_full_view_count"] == 18
    assert first["organic_full_viewer_count"] == 19
    assert (second["paid_video_view_count"], second["reach_count"]) == (None, 0)
    # Of the two half past ones of that night the later counts.
    assert first["posted_at"] == datetime(2014, 11, 2, 9, 30)
    assert second["audience_text"] is None


def test_first_word_of_a_page_column_tells_its_kind(desk, fixtures):
    desk.load(fixtures / "facebook/insights_by_day.csv")
    rows = desk.rows(
        "select metric_name, metric_kind_code, metric_value "
        "from raw.facebook__page_insights where activity_date = '2015-03-02'"
    )
    found = {row["metric_name"]: row["metric_kind_code"] for row in rows}
    assert found["Daily New Likes [unique]"] == "period_delta"
    assert found["Weekly Page Engaged Users [unique]"] == "gauge"
    assert found["28 Days Total Reach [unique]"] == "gauge"
    assert found["Lifetime Total Likes [unique]"] == "gauge"
    values = {row["metric_name"]: row["metric_value"] for row in rows}
    assert values["Daily Total Impressions [total]"] == 640
    assert values["Daily Total Impressions [unique]"] == 410
    assert values["Daily Positive Feedback From Users - link [total]"] is None
