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
