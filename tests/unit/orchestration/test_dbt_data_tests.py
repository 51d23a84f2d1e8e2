"""Which data tests are kept, and what do they say when they are asked again?"""

import json

import duckdb
import pytest

from heartshare.orchestration.dbt_data_tests import (
    DataTest,
    broken_tests,
    keep_tests,
    recall_tests,
)

CONFIG = {
    "severity": "ERROR",
    "fail_calc": "count(*)",
    "error_if": "!= 0",
    "limit": None,
    "store_failures": None,
}


def generic(name, **config):
    return {
        "resource_type": "test",
        "name": name,
        "raw_code": "{{ test_unique(**_dbt_generic_test_kwargs) }}",
        "test_metadata": {"name": "unique", "kwargs": {"column_name": "a"}},
        "config": {**CONFIG, **config},
        "depends_on": {"macros": ["macro.dbt.test_unique"]},
    }


@pytest.fixture
def manifest():
    singular = {**generic("singular"), "test_metadata": None}
    return {
        "nodes": {
            "model": {"resource_type": "model", "name": "model"},
            "singular": singular,
            "unique": generic("unique"),
        },
        "macros": {
            "macro.dbt.test_unique": {
                "macro_sql": "select {{ column_name }} from {{ model }}",
                "depends_on": {"macros": ["macro.dbt.inner", "macro.dbt.statement"]},
            },
            "macro.dbt.inner": {"macro_sql": "", "depends_on": {"macros": []}},
            "macro.dbt.statement": {
                "macro_sql": "{{ statement(target) }}",
                "depends_on": {"macros": []},
            },
        },
    }


@pytest.fixture
def keep(tmp_path, manifest):
    def kept(compiled=None):
        (tmp_path / "manifest.json").write_text(json.dumps(manifest))
        is_kept = keep_tests(tmp_path, "key", compiled or {"unique": "select 1"})
        recalled = recall_tests(tmp_path, "key")
        assert is_kept == (recalled is not None)
        return recalled

    return kept


def test_generic_tests_are_kept_and_no_others(keep):
    assert keep() == [DataTest("unique", "select 1")]


def test_another_project_has_nothing_kept(keep, tmp_path):
    keep()
    assert recall_tests(tmp_path, "another") is None
    assert keep_tests(tmp_path, "another", {"unique": "select 1"})
    assert recall_tests(tmp_path, "key") is None


def test_nothing_is_kept_while_a_test_was_not_worded(keep):
    assert keep({"unique": None}) is None
    assert keep({"another": "select 1"}) is None


@pytest.mark.parametrize(
    "config",
    [
        {"severity": "warn"},
        {"fail_calc": "max(a)"},
        {"error_if": "> 10"},
        {"limit": 1},
        {"store_failures": True},
        {"where": "week_start = '{{ var('week') }}'"},
        {"where": "a = '{{ env_var(\"A\") }}'"},
    ],
)
def test_tests_that_are_judged_otherwise_stay_with_dbt(keep, manifest, config):
    keep()
    manifest["nodes"]["unique"] = generic("unique", **config)
    assert keep() is None


@pytest.mark.parametrize(
    "said",
    [
        "{{ var('week') }}",
        "{{ run_started_at }}",
        "{{ run_query('select 1') }}",
        "{{ adapter.get_columns_in_relation(model) }}",
    ],
)
def test_tests_whose_macros_read_more_than_the_project_stay_with_dbt(
    keep, manifest, said
):
    manifest["macros"]["macro.dbt.inner"]["macro_sql"] = said
    assert keep() is None


def test_a_test_of_a_model_without_a_table_stays_with_dbt(keep):
    """The model's own words stand in the query, and may name the week."""
    inline = "with __dbt__cte__mid as (select '2026-11-02') select 1"
    assert keep({"unique": inline}) is None


@pytest.mark.parametrize("left", ["[{", "[]"])
def test_damaged_tests_are_not_recalled(keep, tmp_path, left):
    keep()
    (tmp_path / "tests-key.json").write_text(left)
    assert recall_tests(tmp_path, "key") is None


def test_broken_tests_are_named_and_the_rest_is_asked():
    tests = [
        DataTest("two", "select a from (values (1), (2)) as t(a) -- why"),
        DataTest("gone", "select a from nowhere"),
        DataTest("one", "select 1"),
        DataTest("none", "select 1 where false"),
    ]
    told = []
    with duckdb.connect() as connection:
        broken = broken_tests(connection, tests, lambda *item: told.append(item))
    assert [name for name, _ in broken] == ["two", "gone", "one"]
    assert broken[0][1] == "Got 2 results, configured to fail if != 0"
    assert "nowhere" in broken[1][1]
    assert broken[2][1] == "Got 1 result, configured to fail if != 0"
    assert told == [("two", 1), ("gone", 2), ("one", 3), ("none", 4)]
