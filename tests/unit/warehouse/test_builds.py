"""A build is named by what decides its result, and known to be whole or not."""

from datetime import UTC, datetime

import pytest

from heartshare.settings import Settings
from heartshare.warehouse.builds import (
    close_build,
    identify_build,
    latest_build,
    open_build,
)
from heartshare.warehouse.connections import open_writer
from heartshare.weeks import ReportingWeek

WEEK = ReportingWeek.parse("2026-W46")
SAME = {
    "as_of": datetime(2026, 11, 23, tzinfo=UTC),
    "timezone": "Europe/Dublin",
    "inputs": ["a", "b"],
    "project_digest": "p",
}


def test_build_name_does_not_depend_on_the_order_of_files():
    assert identify_build(WEEK, **SAME) == identify_build(
        WEEK, **{**SAME, "inputs": ["b", "a"]}
    )


@pytest.mark.parametrize(
    "other",
    [
        {"as_of": datetime(2026, 11, 24, tzinfo=UTC)},
        {"timezone": "UTC"},
        {"inputs": ["a"]},
        {"project_digest": "q"},
    ],
    ids=lambda change: next(iter(change)),
)
def test_build_name_changes_with(other):
    assert identify_build(WEEK, **SAME) != identify_build(WEEK, **{**SAME, **other})


def test_a_build_that_began_later_hides_an_earlier_one(tmp_path):
    settings = Settings.from_env({"HEARTSHARE_HOME": str(tmp_path)})
    with open_writer(settings) as connection:
        assert latest_build(connection) is None
        open_build(connection, WEEK, "b1", SAME["as_of"])
        close_build(connection, "b1")
        assert latest_build(connection).is_finished
        open_build(connection, WEEK.shift(1), "b2", SAME["as_of"])
        latest = latest_build(connection)
    assert (latest.build_id, latest.is_finished) == ("b2", False)
