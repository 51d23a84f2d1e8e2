"""What may leave the gate: counts and keys of harmless shape."""

import hashlib

import pytest

from heartshare.quality.findings import describe_result, exception_text, harmless_key
from heartshare.quality.gate import Severity
from heartshare.quality.suites import Check


@pytest.mark.parametrize(
    ("value", "column"),
    [
        ("0" * 32, "person_key"),
        ("ab" * 32, "file_sha256"),
        ("2026-11-09", "week_start"),
        ("youtube_rivermark", "source_name"),
        ("marts.fct_interactions", "table_name"),
        ("12", "stage_number"),
    ],
)
def test_harmless_key_is_shown(value, column):
    assert harmless_key(value, column) == value


@pytest.mark.parametrize(
    ("value", "column"),
    [
        ("Jane Doe", "person_key"),
        ("jane_doe", "person_key"),
        ("jane@example.org", "source_name"),
        ("+353 1 555 0100", "account_id"),
        ("3531555010012345", "account_id"),
    ],
)
def test_telling_key_is_hashed(value, column):
    digest = hashlib.md5(value.encode(), usedforsecurity=False).hexdigest()
    assert harmless_key(value, column) == f"md5:{digest}"


def make_check(expect=None, sql=None):
    return Check("a", "b", Severity.INFO, "Why.", expect=expect, sql=sql)


@pytest.mark.parametrize(
    ("check", "result", "expected"),
    [
        (make_check(sql="x"), {"observed_value": 1}, "1 offending row"),
        (make_check(sql="x"), {"observed_value": 1200}, "1,200 offending rows"),
        (
            make_check("ExpectTableRowCountToEqual"),
            {"observed_value": 7},
            "7 rows",
        ),
        (
            make_check("ExpectColumnValuesToNotBeNull"),
            {"element_count": 9, "unexpected_count": 2, "observed_value": None},
            "2 of 9 rows",
        ),
        (
            make_check("ExpectColumnValuesToNotBeNull"),
            {"element_count": 0, "unexpected_count": None},
            "no rows",
        ),
        (
            make_check("ExpectColumnDistinctValuesToEqualSet"),
            {"observed_value": ["Jane"], "unexpected_count": 1, "missing_count": 2},
            "1 unexpected and 2 missing values",
        ),
        (
            make_check("ExpectTableColumnsToMatchSet"),
            {
                "observed_value": ["Jane"],
                "details": {"mismatched": {"unexpected": ["x"], "missing": []}},
            },
            "1 unexpected and 0 missing columns",
        ),
        (make_check("ExpectColumnMinToBeBetween"), {"observed_value": -1.5}, "-1.5"),
    ],
)
def test_result_is_worded_in_counts(check, result, expected):
    assert describe_result(result, check) == expected


def test_exception_is_found_in_both_shapes():
    raised = {"raised_exception": True, "exception_message": "no column"}
    assert exception_text(raised) == "no column"
    assert exception_text({"metric": raised}) == "no column"
    assert exception_text({"raised_exception": False}) is None
