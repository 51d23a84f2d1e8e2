"""The verdict rules: what blocks, what becomes a note, and what a waiver can do."""

from dataclasses import replace
from datetime import date

import pytest

from heartshare.errors import GateError
from heartshare.quality.gate import (
    Decision,
    GateVerdict,
    Outcome,
    Severity,
    State,
    UnreadableVerdictError,
    Waiver,
    WeekHeldError,
    apply_waivers,
    decide,
)
from heartshare.weeks import ReportingWeek

WEEK = ReportingWeek.parse("2026-W46")
FRIDAY = date(2026, 11, 20)


def make_outcome(
    ref="arrival.covers_week", severity=Severity.CRITICAL, state=State.PASSED
):
    suite, _, key = ref.partition(".")
    return Outcome(ref, suite, key, severity, state, "A reason.", "0 offending rows")


def make_waiver(**changes):
    waiver = Waiver("arrival.covers_week", WEEK, "Aoife Byrne", "Known gap.", FRIDAY)
    return replace(waiver, **changes)


@pytest.mark.parametrize(
    ("severity", "state", "expected"),
    [
        (Severity.CRITICAL, State.PASSED, Decision.CLEAN),
        (Severity.CRITICAL, State.FAILED, Decision.BLOCKED),
        (Severity.CRITICAL, State.BROKEN, Decision.BLOCKED),
        (Severity.CRITICAL, State.WAIVED, Decision.PUBLISHED_WITH_NOTES),
        (Severity.WARNING, State.FAILED, Decision.PUBLISHED_WITH_NOTES),
        (Severity.WARNING, State.BROKEN, Decision.BLOCKED),
        (Severity.INFO, State.FAILED, Decision.PUBLISHED_WITH_NOTES),
        (Severity.INFO, State.BROKEN, Decision.BLOCKED),
    ],
)
def test_gate_decides_by_severity_and_state(severity, state, expected):
    verdict = decide(WEEK, "b1", [make_outcome(), make_outcome("a.b", severity, state)])
    assert verdict.verdict is expected
    assert verdict.is_publishable is (expected is not Decision.BLOCKED)
    assert verdict.checks_total == 2
    assert verdict.checks_passed == (2 if state is State.PASSED else 1)


def test_gate_blocks_when_nothing_was_checked():
    assert decide(WEEK, "b1", []).verdict is Decision.BLOCKED


def test_gate_names_the_earliest_blocking_suite_as_likely_cause():
    verdict = decide(
        WEEK,
        "b1",
        [
            make_outcome("arrival.a", Severity.WARNING, State.FAILED),
            make_outcome("totals.b", Severity.CRITICAL, State.FAILED),
            make_outcome("report.c", Severity.CRITICAL, State.FAILED),
        ],
    )
    assert verdict.likely_cause == "totals"
    assert [one.ref for one in verdict.blocking] == ["totals.b", "report.c"]
    assert len(verdict.caveats) == 3


def test_gate_reports_a_broken_check_as_critical_even_if_declared_info():
    verdict = decide(WEEK, "b1", [make_outcome("a.b", Severity.INFO, State.BROKEN)])
    assert verdict.outcomes[0].severity is Severity.CRITICAL


def test_waiver_lets_a_failed_check_pass_with_its_name_and_reason():
    failed = make_outcome(state=State.FAILED)
    (waived,) = apply_waivers(WEEK, [failed], [make_waiver()], today=FRIDAY)
    assert waived.state is State.WAIVED
    assert (waived.waived_by, waived.reason) == ("Aoife Byrne", "Known gap.")
    assert waived.waived_until == "2026-11-20"


@pytest.mark.parametrize(
    "waiver",
    [
        make_waiver(until=date(2026, 11, 19)),
        make_waiver(week=WEEK.shift(-1)),
        make_waiver(ref="arrival.another_check"),
    ],
    ids=["expired yesterday", "another week", "another check"],
)
def test_waiver_that_does_not_apply_leaves_the_failure(waiver):
    failed = make_outcome(state=State.FAILED)
    assert apply_waivers(WEEK, [failed], [waiver], today=FRIDAY) == (failed,)


@pytest.mark.parametrize("state", [State.BROKEN, State.PASSED])
def test_waiver_touches_failed_checks_only(state):
    outcome = make_outcome(state=state)
    assert apply_waivers(WEEK, [outcome], [make_waiver()], today=FRIDAY) == (outcome,)


def test_verdict_survives_being_stored():
    verdict = decide(
        WEEK,
        "b1",
        [
            make_outcome(),
            replace(make_outcome("a.b", state=State.FAILED), examples=("x_posts",)),
        ],
        waivers_ignored=("Waiver 1 does not count: until missing.",),
    )
    assert GateVerdict.from_dict(verdict.to_dict()) == verdict
    assert verdict.to_dict()["week"] == "2026-11-09"


def test_verdict_that_contradicts_its_checks_is_refused():
    stored = decide(WEEK, "b1", [make_outcome(state=State.FAILED)]).to_dict()
    with pytest.raises(UnreadableVerdictError, match="says clean"):
        GateVerdict.from_dict({**stored, "verdict": "clean"})


@pytest.mark.parametrize("missing", ["week", "build_id", "outcomes", "verdict"])
def test_verdict_without_a_field_is_refused(missing):
    stored = decide(WEEK, "b1", [make_outcome()]).to_dict()
    del stored[missing]
    with pytest.raises(UnreadableVerdictError, match=missing):
        GateVerdict.from_dict(stored)


def test_held_week_is_a_gate_error_that_names_checks_and_next_step():
    error = WeekHeldError(decide(WEEK, "b1", [make_outcome(state=State.FAILED)]))
    assert isinstance(error, GateError)
    assert "arrival.covers_week" in str(error)
    assert "heartshare gate --week 2026-W46 --explain" in str(error)
