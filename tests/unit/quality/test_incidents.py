"""What opened, what closed and how often, told from runs written out by hand."""

import pytest
from unit.quality.gate_records import WEEK, write_run

from heartshare.quality.history import read_runs
from heartshare.quality.incidents import (
    Ending,
    find_incidents,
    frequency,
    last_runs,
    repeat_offenders,
    shown,
    worst_outcomes,
)


@pytest.fixture
def runs(tmp_path):
    """Three weeks; the middle one is held, then mended; volume never rests."""
    first, second, third = WEEK.shift(-2), WEEK.shift(-1), WEEK
    write_run(tmp_path, first, 1, totals__match="p", volume__usual="f", old__one="f")
    write_run(tmp_path, second, 1, totals__match="f", volume__usual="f")
    write_run(tmp_path, second, 2, "b2", totals__match="p", volume__usual="f")
    write_run(tmp_path, third, 1, totals__match="w", volume__usual="f", mix__known="p")
    return read_runs(tmp_path)


def test_incident_lasts_from_the_run_that_found_it_to_the_one_that_did_not(runs):
    closed = [one for one in find_incidents(runs) if one.ending is Ending.CLOSED]
    (incident,) = closed
    assert incident.ref == "totals.match"
    assert incident.opened_by is runs[1]
    assert incident.closed_by is runs[2]
    assert incident.weeks == (WEEK.shift(-1),)
    assert incident.has_blocked


def test_open_incidents_come_first_newest_first(runs):
    found = [(one.ref, one.ending) for one in find_incidents(runs)]
    assert found == [
        ("totals.match", Ending.OPEN),
        ("volume.usual", Ending.OPEN),
        ("totals.match", Ending.CLOSED),
        ("old.one", Ending.RETIRED),
    ]


def test_waived_incident_is_open_and_has_not_blocked(runs):
    waived = find_incidents(runs)[0]
    assert (waived.is_waived, waived.has_blocked) == (True, False)
    lasting = find_incidents(runs)[1]
    assert lasting.weeks == (WEEK.shift(-2), WEEK.shift(-1), WEEK)
    assert (lasting.is_waived, lasting.has_blocked) == (False, False)


def test_frequency_counts_weeks_not_runs(runs):
    often = frequency(runs, "totals.match")
    assert (often.fired, often.judged, often.last) == (2, 3, WEEK)
    assert frequency(runs, "mix.known").last is None
    assert frequency(runs, "no.such_check").judged == 0


def test_worst_outcome_of_a_week_is_the_one_that_held_it(runs):
    week = [run for run in runs if run.week == WEEK.shift(-1)]
    worst = worst_outcomes(week)
    assert (worst["totals.match"].state, worst["totals.match"].is_blocking) == (
        "failed",
        True,
    )


def test_last_runs_and_look_back(runs):
    assert last_runs(runs) == (runs[0], runs[2], runs[3])
    assert shown(runs, WEEK, 2) == runs[1:]
    assert shown(runs, WEEK.shift(-1), 1) == runs[1:3]


def test_repeat_offenders_by_weeks(runs):
    assert repeat_offenders(runs) == [
        ("volume.usual", 3),
        ("totals.match", 2),
        ("old.one", 1),
    ]


def test_no_runs_no_incidents():
    assert find_incidents(()) == ()
