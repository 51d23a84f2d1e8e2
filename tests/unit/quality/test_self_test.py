"""What a self-test says of checks that bite, stay silent or lack a fault."""

import json

from heartshare.quality.faults import Bite, Fault
from heartshare.quality.gate import Outcome, Severity, State
from heartshare.quality.self_test import SelfTest, write_matrix


def outcome(ref, state=State.PASSED):
    suite, key = ref.split(".")
    return Outcome(ref, suite, key, Severity.CRITICAL, state, "Reason.", "1 row")


def bite(ref, *noticed_by):
    return Bite(Fault(ref, f"Story of {ref}."), frozenset(noticed_by))


def test_all_bite():
    found = SelfTest("2026-W46", (outcome("a.one"),), (bite("a.one", "a.one"),), 2.0)
    assert list(found.lines()) == [
        "bites      a.one: Story of a.one.",
        "Clean data of 2026-W46 pass 1 of 1 checks.",
        "1 of 1 bite.",
    ]
    assert found.is_passed


def test_each_reason_not_to_bite_is_told():
    found = SelfTest(
        "2026-W46",
        (outcome("a.dull"), outcome("a.bare"), outcome("a.ill", State.FAILED)),
        (bite("a.dull", "a.bare"), bite("a.ill", "a.ill")),
        2.0,
    )
    assert list(found.lines()) == [
        "NO BITE    a.dull: Story of a.dull.",
        "NO FAULT   a.bare: quality/faults.yml holds no fault for it",
        "NOT CLEAN  a.ill: 1 row before any fault",
        "Clean data of 2026-W46 pass 2 of 3 checks.",
        "0 of 3 bite.",
    ]
    assert not found.is_passed


def test_matrix_names_who_else_noticed(tmp_path):
    found = SelfTest(
        "2026-W46", (outcome("a.one"),), (bite("a.one", "a.one", "b.two"),), 2.0
    )
    write_matrix(found, tmp_path / "deep" / "matrix.json")
    written = json.loads((tmp_path / "deep" / "matrix.json").read_text())
    assert written["biting"] == written["checks"] == 1
    assert written["faults"] == [
        {
            "check": "a.one",
            "story": "Story of a.one.",
            "bites": True,
            "also_noticed_by": ["b.two"],
        }
    ]
