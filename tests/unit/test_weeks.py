"""Weeks begin on Monday in the organisation's zone, also when clocks change."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from heartshare.errors import InputError
from heartshare.weeks import ReportingWeek


@pytest.mark.parametrize("text", ["2026-W46", "2026-11-09", " 2026-W46 "])
def test_week_is_read_from_its_label_or_its_monday(text):
    assert ReportingWeek.parse(text) == ReportingWeek(date(2026, 11, 9))


@pytest.mark.parametrize(
    "text",
    [
        *("2026-11-10", "2026-W60", "46", "2026-W4", ""),
        *("9999-W52", "9999-12-27", "0001-W01", "1969-W01"),
    ],
)
def test_week_refuses_what_names_no_week(text):
    with pytest.raises(InputError, match="names no week"):
        ReportingWeek.parse(text)


def test_day_within_a_week_is_told_its_monday():
    with pytest.raises(InputError, match=r"a Wednesday\. Write 2026-W46 .*2026-11-09"):
        ReportingWeek.parse("2026-11-11")


def test_week_has_label_key_and_neighbours():
    week = ReportingWeek.parse("2027-W01")
    assert (week.key, week.label) == ("2027-01-04", "2027-W01")
    assert week.shift(-1).label == "2026-W53"
    assert [w.label for w in week.shift(-1).until(week)] == ["2026-W53", "2027-W01"]


def test_week_of_a_clock_change_is_an_hour_longer():
    week = ReportingWeek.containing(date(2026, 10, 25))
    dublin = ZoneInfo("Europe/Dublin")
    assert week.starts_at(dublin) == datetime(2026, 10, 18, 23, tzinfo=UTC)
    assert week.ends_at(dublin) == datetime(2026, 10, 26, tzinfo=UTC)
