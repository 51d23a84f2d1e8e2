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
    assert inspect_file(path).period is None
    name = "Content 2026-03-02_2026-03-08 Lindholm.zip"
    period = inspect_file(path, original_name=name).period
    assert [day.isoformat() for day in period] == ["2026-03-02", "2026-03-08"]


def test_file_is_left_as_it_was(fixtures):
    path = fixtures / "x/overview_in_other_order.csv"
    before = (path.read_bytes(), path.stat().st_mtime_ns)
    inspection = inspect_file(path)
    assert (path.read_bytes(), path.stat().st_mtime_ns) == before
    assert "one row per day" in inspection.grain
