"""A run knows its week and how it came about."""

from datetime import UTC, datetime
from types import SimpleNamespace
from zoneinfo import ZoneInfo

import pytest

from heartshare.orchestration.partitions import (
    Mode,
    RunWithoutWeekError,
    last_closed_week,
    mode_of,
    week_label,
    week_of,
)

DUBLIN = ZoneInfo("Europe/Dublin")


def run(key=None, conf=None, logical_date=None):
    return {
        "dag_run": SimpleNamespace(
            partition_key=key, conf=conf, logical_date=logical_date
        )
    }


def test_partition_key_comes_before_configuration_and_date():
    context = run("2026-11-09", {"week": "2026-W40"}, datetime(2026, 1, 5, tzinfo=UTC))
    assert week_of(context, DUBLIN).label == "2026-W46"


def test_configuration_names_a_week_by_label_or_monday():
    assert week_of(run(conf={"week": "2026-W40"}), DUBLIN).label == "2026-W40"


def test_a_date_alone_means_the_week_that_had_closed():
    monday = datetime(2026, 11, 16, 5, tzinfo=UTC)
    assert week_of(run(logical_date=monday), DUBLIN).label == "2026-W46"


def test_a_run_without_any_of_them_is_refused():
    with pytest.raises(RunWithoutWeekError, match="2026-W46"):
        week_of(run(), DUBLIN)


@pytest.mark.parametrize(
    ("moment", "zone", "label"),
    [
        (datetime(2026, 11, 15, 23, 30, tzinfo=UTC), "Europe/Dublin", "2026-W45"),
        (datetime(2026, 11, 15, 23, 30, tzinfo=UTC), "Europe/Berlin", "2026-W46"),
        (datetime(2026, 11, 16, 0, 30, tzinfo=UTC), "America/New_York", "2026-W45"),
    ],
    ids=["Sunday night", "Monday has begun in Berlin", "still Sunday in New York"],
)
def test_weeks_close_at_local_midnight(moment, zone, label):
    assert last_closed_week(moment, ZoneInfo(zone)).label == label


def test_mode_comes_from_configuration_or_from_the_event_that_started_the_run():
    event = SimpleNamespace(extra={"mode": "late"})
    assert mode_of(run(conf={"mode": "backfill"})) is Mode.BACKFILL
    assert mode_of({**run(), "triggering_asset_events": {"a": [event]}}) is Mode.LATE
    assert mode_of(run()) is Mode.LIVE


def test_label_for_templates():
    assert week_label("2026-11-09") == "2026-W46"
