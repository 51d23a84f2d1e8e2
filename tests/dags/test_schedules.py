"""Airflow's own timetables over both clock changes of two years, in three zones.

A weekly report that fires twice, or not at all, or an hour late in the weeks in which
the clock changes, is late on two Mondays a year.
"""

from datetime import UTC, datetime, time, timedelta
from itertools import pairwise
from unittest.mock import patch
from zoneinfo import ZoneInfo

import pytest

from heartshare.weeks import ReportingWeek

#: Zone and the Sundays of 2026 and 2027 on which its clock changes. Kolkata's Monday at
#: 05:00 is still Sunday in UTC.
ZONES = {
    "Europe/Dublin": ("2026-03-29", "2026-10-25", "2027-03-28", "2027-10-31"),
    "America/New_York": ("2026-03-08", "2026-11-01", "2027-03-14", "2027-11-07"),
    "Asia/Kolkata": (),
}
#: A Saturday, so that the first run is on Monday 12 January everywhere.
START, END = datetime(2026, 1, 10, tzinfo=UTC), datetime(2028, 1, 1, tzinfo=UTC)
YEARS_OF_MONDAYS = 103


def runs(timetable, catchup, start=START, end=END):
    """Every run that the scheduler makes from start to end, one after the other."""
    from airflow.timetables.base import TimeRestriction

    restriction = TimeRestriction(earliest=start, latest=end, catchup=catchup)
    last, found = None, []
    while True:
        # Without catchup a scheduler asks what time it is: just after the last run.
        now = last.run_after + timedelta(minutes=1) if last else start
        with patch("airflow.timetables.trigger.utcnow", lambda now=now: now):
            last = timetable.next_dagrun_info_v2(
                last_dagrun_info=last, restriction=restriction
            )
        if last is None:
            return found
        found.append(last)


def as_scheduled(declared):
    """The scheduler's form of a schedule that a DAG file declares."""
    from airflow.serialization.decoders import decode_timetable
    from airflow.serialization.encoders import encode_timetable

    return decode_timetable(encode_timetable(declared))


@pytest.fixture(params=sorted(ZONES))
def zone(request, monkeypatch):
    monkeypatch.setenv("HEARTSHARE_TIMEZONE", request.param)
    return ZoneInfo(request.param)


@pytest.mark.parametrize("catchup", [True, False])
def test_week_fires_once_at_the_same_local_hour(zone, catchup):
    from heartshare.orchestration.defaults import weekly_schedule

    found = runs(as_scheduled(weekly_schedule()), catchup)
    local = [run.run_after.astimezone(zone) for run in found]
    assert len(found) == YEARS_OF_MONDAYS
    assert {moment.time() for moment in local} == {time(5)}
    days = [moment.date() for moment in local]
    assert {day.weekday() for day in days} == {0}
    steps = {later.toordinal() - day.toordinal() for day, later in pairwise(days)}
    assert steps == {7}
    offsets = {moment.utcoffset() for moment in local}
    assert len(offsets) == (2 if ZONES[zone.key] else 1)


@pytest.mark.parametrize("catchup", [True, False])
def test_run_bears_the_week_that_has_just_ended(zone, catchup):
    from heartshare.orchestration.defaults import weekly_schedule

    found = runs(as_scheduled(weekly_schedule()), catchup)
    keys = [run.partition_key for run in found]
    assert len(set(keys)) == len(keys)
    for run in found:
        day = run.run_after.astimezone(zone).date()
        assert run.partition_key == (day - timedelta(days=7)).isoformat()
        week = ReportingWeek.parse(run.partition_key)
        # Its last moment is over, and by less than a day.
        assert week.shift(1).monday == day


@pytest.mark.parametrize(
    ("name", "sunday"),
    [(name, sunday) for name, sundays in ZONES.items() for sunday in sundays],
)
def test_changed_week_is_an_hour_more_or_less_and_no_other(name, sunday, monkeypatch):
    from heartshare.orchestration.defaults import weekly_schedule

    monkeypatch.setenv("HEARTSHARE_TIMEZONE", name)
    start = datetime.fromisoformat(sunday).replace(tzinfo=UTC)
    found = runs(
        as_scheduled(weekly_schedule()),
        catchup=True,
        start=start - timedelta(days=14),
        end=start + timedelta(days=14),
    )
    gaps = [later.run_after - run.run_after for run, later in pairwise(found)]
    change = timedelta(hours=-1 if start.month == 3 else 1)
    week = timedelta(days=7)
    assert gaps == [week, week + change, week]
    changed_key = (start.date() - timedelta(days=6)).isoformat()
    assert [run.partition_key for run in found].count(changed_key) == 1


@pytest.mark.parametrize(
    ("name", "weekdays", "hour"),
    [("watch_schedule", {0, 1}, time(9)), ("maintenance_schedule", {6}, time(3, 30))],
)
def test_other_schedules_keep_their_local_hour(zone, name, weekdays, hour):
    from heartshare.orchestration import defaults

    timetable = as_scheduled(getattr(defaults, name)())
    local = [run.run_after.astimezone(zone) for run in runs(timetable, catchup=True)]
    assert {moment.time() for moment in local} == {hour}
    assert {moment.weekday() for moment in local} == weekdays
    assert len({moment.date() for moment in local}) == len(local)
    assert abs(len(local) - len(weekdays) * YEARS_OF_MONDAYS) <= len(weekdays)


def test_every_month_and_half_year_is_closed_by_one_run_after_its_last_day(zone):
    """Editions wait for the week, so that no clock change can cost or double one."""
    from heartshare.orchestration.defaults import weekly_schedule
    from heartshare.reporting.editions.periods import HalfYear, Month, closed_by

    closed = [
        (run.run_after.astimezone(zone), period)
        for run in runs(as_scheduled(weekly_schedule()), catchup=True)
        for period in closed_by(ReportingWeek.parse(run.partition_key))
    ]
    months = [one for _, one in closed if isinstance(one, Month)]
    halves = [one for _, one in closed if isinstance(one, HalfYear)]
    assert months == [Month(2026, 1).shift(number) for number in range(len(months))]
    assert len(months) == 23
    assert halves == [HalfYear(2025, 2), HalfYear(2026, 1), HalfYear(2026, 2),
                      HalfYear(2027, 1)]  # fmt: skip
    for moment, period in closed:
        assert moment.time() == time(5)
        assert moment.date() > period.weeks[-1].sunday
        if isinstance(period, HalfYear):
            assert moment.month in {1, 7}
            assert moment.date() > period.last_day + timedelta(days=7)
