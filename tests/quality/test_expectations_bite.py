"""Every check of expectations/suites notices the fault it was written for.

The warehouse is a real one, built from ten weeks of demo exports; see conftest.
"""

import pytest

from heartshare.quality.checks import build_expectation, run_suites
from heartshare.quality.faults import load_faults, plant
from heartshare.quality.gate import State

FAULTS = {fault.ref: fault for fault in load_faults()}


def test_every_check_has_a_fault(suites):
    assert set(FAULTS) == {check.ref for suite in suites for check in suite.checks}


def test_every_check_can_be_constructed(suites, built):
    for suite in suites:
        for check in suite.checks:
            assert build_expectation(check, built.scope)


def test_clean_warehouse_passes_every_check(suites, built):
    outcomes = run_suites(suites, built.scope)
    failed = {
        one.ref: one.observed for one in outcomes if one.state is not State.PASSED
    }
    assert failed == {}


@pytest.mark.parametrize("ref", sorted(FAULTS))
def test_fault_is_noticed(suites, built, tmp_path, ref):
    bite = plant(built.settings, FAULTS[ref], suites, built.scope, tmp_path)
    assert bite.noticed_by == bite.fault.also | {ref}
