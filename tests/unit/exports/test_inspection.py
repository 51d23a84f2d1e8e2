"""An inspection says what a file is, in the words that the command prints."""

import json

from heartshare.exports.inspection import inspect_file


def test_json_of_an_inspection(fixtures):
    found = json.loads(inspect_file(fixtures / "facebook/one_bad_count.csv").to_json())
    assert found["contract"] == "facebook/posts"
    assert (found["rows_in"], found["rows_good"], found["rows_rejected"]) == (2, 1, 1)
    assert found["period"] == ["2025-07-02", "2025-07-02"]
    assert found["drift"] == {}
    (table,) = found["tables"]
    assert table["table_name"] == "facebook__posts"
    (reject,) = found["rejects"]
    assert reject["row_number"] == 2
    assert reject["reason_text"] == "view_count is not a whole number"


def test_original_name_carries_the_period(fixtures):
    path = fixtures / "youtube/total_row_and_guarded_id.csv"
    days = "2026-03-02_2026-03-08"
    for name in (f"Content {days} Lindholm.zip", f"Table data {days}.csv"):
        found = inspect_file(path, original_name=name)
        assert [day.isoformat() for day in found.period] == days.split("_")
        assert found.drift == {}


def test_table_whose_days_nobody_states_is_said_to_count_nowhere(fixtures):
    found = inspect_file(fixtures / "youtube/total_row_and_guarded_id.csv")
    assert (found.period, found.rows_good) == (None, 2)
    (step,) = found.drift["without_period"]
    assert step.startswith("youtube__videos counts nowhere until the name of the file")


def test_file_is_left_as_it_was(fixtures):
    path = fixtures / "x/overview_in_other_order.csv"
    before = (path.read_bytes(), path.stat().st_mtime_ns)
    inspection = inspect_file(path)
    assert (path.read_bytes(), path.stat().st_mtime_ns) == before
    assert "one row per day" in inspection.grain
