"""Every check of expectations/suites notices the fault it was written for.

The warehouse is a real one, built from ten weeks of demo exports; see conftest. What
plants the faults is what `heartshare gate --self-test` runs.
"""

import shutil
from dataclasses import replace

import pytest

from heartshare.quality.checks import build_expectation, open_judge
from heartshare.quality.faults import Fault, FaultyCopy, load_faults
from heartshare.quality.gate import State

FAULTS = {fault.ref: fault for fault in load_faults()}
LOST_AFTER_ERASURE = Fault(
    ref="past.published_weeks_stay",
    story="After an erasure a week in which others spoke is missing too.",
    statements=(
        """
        insert into reports.rpt_restatements by name
        select distinct
            md5(week_start::varchar) as restatement_key, :week as week_start,
            'planted' as issue_code, 'mention_volume' as metric_id,
            week_start as restated_week, 'all' as segment_kind_code,
            'all' as segment_code, 'erasure' as cause_code, 1 as evidence_file_count
        from marts.fct_metric_weeks where week_start < :week
        """,
        "delete from marts.agg_weekly_topics where week_start = :week - 14",
    ),
)


@pytest.fixture(scope="module")
def faulty(suites, built, tmp_path_factory):
    folder = tmp_path_factory.mktemp("faulty")
    clean, copy = folder / "clean.duckdb", folder / "faulty.duckdb"
    for path in (clean, copy):
        shutil.copyfile(built.scope.warehouse, path)
    scope = replace(built.scope, warehouse=copy, readers_see=clean)
    with open_judge() as judge, FaultyCopy(judge, suites, scope) as faulty:
        yield faulty


def test_every_check_has_a_fault(suites):
    assert set(FAULTS) == {check.ref for suite in suites for check in suite.checks}


def test_every_check_can_be_constructed(suites, built):
    for suite in suites:
        for check in suite.checks:
            assert build_expectation(check, built.scope)


def test_clean_warehouse_passes_every_check(faulty):
    failed = {
        one.ref: one.observed
        for one in faulty.judge_clean()
        if one.state is not State.PASSED
    }
    assert failed == {}


@pytest.mark.parametrize("ref", sorted(FAULTS))
def test_fault_is_noticed(faulty, ref):
    bite = faulty.plant(FAULTS[ref])
    assert bite.noticed_by == bite.fault.also | {ref}


def test_week_with_acts_is_held_after_an_erasure_too(faulty):
    bite = faulty.plant(LOST_AFTER_ERASURE)
    assert bite.noticed_by == {LOST_AFTER_ERASURE.ref}


def test_every_fault_was_taken_out_again(faulty):
    assert all(one.state is State.PASSED for one in faulty.judge_clean())
