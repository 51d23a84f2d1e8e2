"""Who watches the pipeline hears of a disk before it is full."""

from datetime import UTC, datetime

import pytest

from heartshare.orchestration.steps import watching
from heartshare.orchestration.steps.watching import OverdueError, watch_week
from heartshare.settings import Settings
from heartshare.weeks import ReportingWeek

WEEK = ReportingWeek.parse("2026-W46")
AT = datetime(2026, 11, 16, 9, tzinfo=UTC)
FOUR_MEGABYTES = 4_000_000


@pytest.fixture
def settings(tmp_path):
    settings = Settings.from_env({"HEARTSHARE_HOME": str(tmp_path)})
    settings.warehouse.write_bytes(bytes(FOUR_MEGABYTES))
    return settings


def found(settings):
    with pytest.raises(OverdueError) as raised:
        watch_week(settings, WEEK, at=AT)
    return " ".join(raised.value.findings)


def test_disk_on_which_another_week_may_not_fit_is_named(settings, monkeypatch):
    monkeypatch.setattr(watching, "room_at", lambda _: 3 * FOUR_MEGABYTES - 1)
    assert "has 11 MB free, and another week may need 12 MB" in found(settings)


def test_disk_with_room_for_another_week_is_not_named(settings, monkeypatch):
    monkeypatch.setattr(watching, "room_at", lambda _: 3 * FOUR_MEGABYTES)
    assert "MB free" not in found(settings)


def test_home_without_a_warehouse_asks_for_no_room(settings, monkeypatch):
    settings.warehouse.unlink()
    monkeypatch.setattr(watching, "room_at", lambda _: 0)
    assert "MB free" not in found(settings)
