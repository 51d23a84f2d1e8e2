"""What the suite loader refuses; a check that is dropped would look like a pass."""

import copy
from pathlib import Path

import pytest
import yaml

from heartshare.quality.gate import Severity
from heartshare.quality.suites import NoSuitesError, UnusableSuiteError, load_suites

SHIPPED = Path(__file__).parents[3] / "expectations" / "suites"

GOOD = {
    "suite": "arrival",
    "asks": "Did it arrive?",
    "owner": "data-engineering",
    "asset": {"schema": "audit", "table": "audit_source_arrival", "slice": "week"},
    "checks": [
        {
            "key": "not_empty",
            "severity": "critical",
            "why": "Others pass on no rows.",
            "expect": "ExpectTableRowCountToBeBetween",
            "with": {"min_value": 1},
        },
        {
            "key": "has_file",
            "severity": "warning",
            "why": "A gap looks like a fall.",
            "sql": "select source_name from {batch} where not has_file",
            "example": "source_name",
        },
    ],
}


@pytest.fixture
def load(tmp_path):
    def write(*suites):
        for number, suite in enumerate(suites):
            text = suite if isinstance(suite, str) else yaml.safe_dump(suite)
            (tmp_path / f"{number}0_suite.yml").write_text(text, encoding="utf-8")
        return load_suites(tmp_path)

    return write


def changed(path, value):
    suite = copy.deepcopy(GOOD)
    target = suite
    for step in path[:-1]:
        target = target[step]
    if value is None:
        del target[path[-1]]
    else:
        target[path[-1]] = value
    return suite


def test_suite_is_read_in_full(load):
    (suite,) = load(GOOD)
    first, second = suite.checks
    assert (suite.asset.schema, suite.asset.slice) == ("audit", "week")
    assert first.ref == "arrival.not_empty"
    assert first.severity is Severity.CRITICAL
    assert first.arguments == {"min_value": 1}
    assert second.sql.startswith("select")
    assert second.example == "source_name"


def test_suites_keep_file_order(load):
    later = changed(["suite"], "report")
    assert [suite.name for suite in load(GOOD, later)] == ["arrival", "report"]


@pytest.mark.parametrize(
    ("path", "value", "problem"),
    [
        (["suites"], "x", "unknown key suites"),
        (["owner"], None, "owner missing"),
        (["asks"], " ", "asks is empty"),
        (["checks"], [], "holds no checks"),
        (["asset", "slice"], "day", "slice day"),
        (["asset", "filter"], "x", "unknown key filter"),
        (["asset", "table"], "a; drop", "not a lower-case name"),
        (["asset", "published"], "text", "unknown key"),
        (["asset"], {"published": "faces"}, "published is none of"),
        (["checks", 0, "key"], "Not-empty", "not a lower-case name"),
        (["checks", 0, "severity"], "fatal", "severity fatal"),
        (["checks", 0, "why"], "", "why is empty"),
        (["checks", 0, "expect"], "ExpectTableRowCountToBeBetwen", "is unknown"),
        (["checks", 0, "mostly"], 0.9, "unknown key mostly"),
        (["checks", 0, "sql"], "select 1 from {batch}", "either expect or sql"),
        (["checks", 0, "with"], {"min_value": 9, "max_value": 1}, "is above"),
        (["checks", 0, "with"], {"min_value": 0}, "must begin with a row floor"),
        (["checks", 0, "with"], {"max_value": 9}, "must begin with a row floor"),
        (["checks", 0, "example"], "source_name", "example goes with sql"),
        (["checks", 1, "with"], {"column": "a"}, "with goes with expect"),
        (["checks", 1, "sql"], None, "either expect or sql"),
        (["checks", 1, "sql"], "delete from {batch}", "does not begin with select"),
        (["checks", 1, "sql"], "select 1 from audit.t", "does not read {batch}"),
        (["checks", 1, "sql"], "select 1 from {batch}; select 2", "more than one"),
        (["checks", 1, "example"], "post_text", "example post_text"),
        (["checks", 0, "needs"], "drop table a", "needs does not begin with select"),
        (["checks", 0, "needs"], "select 1; select 2", "needs holds more than one"),
        (["checks", 1, "key"], "not_empty", "arrival.not_empty exists twice"),
    ],
)
def test_suite_with_a_mistake_is_refused(load, path, value, problem):
    with pytest.raises(UnusableSuiteError, match=problem):
        load(changed(path, value))


def test_suite_may_begin_with_a_set_check(load):
    load(
        changed(
            ["checks", 0],
            {
                **GOOD["checks"][0],
                "expect": "ExpectColumnDistinctValuesToEqualSet",
                "with": {"column": "stage_code", "value_set": ["observed"]},
            },
        )
    )


def test_key_that_is_written_twice_is_refused(load):
    text = yaml.safe_dump(GOOD) + "owner: somebody else\n"
    with pytest.raises(UnusableSuiteError, match="written twice"):
        load(text)


def test_same_check_in_two_files_is_refused(load):
    with pytest.raises(UnusableSuiteError, match="exists twice"):
        load(GOOD, GOOD)


def test_folder_without_suites_is_refused(load):
    with pytest.raises(NoSuitesError, match="set HEARTSHARE_EXPECTATIONS"):
        load()


def test_text_that_is_not_yaml_is_refused(load):
    with pytest.raises(UnusableSuiteError, match="not valid YAML"):
        load("suite: [")


def test_suite_that_is_not_saved_as_utf8_is_refused_by_name(load, tmp_path):
    (tmp_path / "50_old.yml").write_bytes("owner: Jörg".encode("latin-1"))
    with pytest.raises(UnusableSuiteError, match=r"50_old\.yml: is not saved as UTF-8"):
        load()


def test_floor_is_not_spared_by_the_loss_that_it_guards_against():
    """What a floor needs is another table, or the weeks before the one it looks at."""
    suites = load_suites(SHIPPED)
    spared = [
        (suite.asset, check.needs)
        for suite in suites
        for check in suite.checks
        if check.needs
    ]
    assert len(spared) >= 9
    for asset, needs in spared:
        assert asset.name not in needs or "< :week" in needs
