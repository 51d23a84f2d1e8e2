"""The README of expectations lists every check there is."""

from pathlib import Path

import pytest

from heartshare.quality.catalogue import (
    MarkersMissingError,
    describe_checks,
    with_catalogue,
)
from heartshare.quality.suites import load_suites

EXPECTATIONS = Path(__file__).parents[3] / "expectations"


def test_readme_is_in_step_with_the_suites():
    """If red: python -m heartshare.quality.catalogue expectations."""
    path = EXPECTATIONS / "README.md"
    text = path.read_text(encoding="utf-8")
    assert with_catalogue(text, load_suites(EXPECTATIONS / "suites"), path) == text


def test_every_check_is_described():
    suites = load_suites(EXPECTATIONS / "suites")
    text = describe_checks(suites)
    for suite in suites:
        for check in suite.checks:
            assert f"| `{check.key}` | {check.severity} |" in text


def test_readme_without_its_markers_is_refused():
    with pytest.raises(MarkersMissingError, match=r"README\.md"):
        with_catalogue("# Expectations\n", (), Path("README.md"))


def test_no_waiver_is_shipped():
    text = (EXPECTATIONS / "waivers.yml").read_text(encoding="utf-8")
    assert text.rstrip().endswith("waivers: []")
