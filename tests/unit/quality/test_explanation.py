"""What `heartshare gate --explain` says: everything on a check, in 100 columns."""

# ruff: noqa: E501 - the text is as wide as it is printed

import json
from pathlib import Path

import pytest
import yaml
from click.testing import CliRunner
from unit.quality.gate_records import WEEK, verdict, write_run

from heartshare.cli.program import commands
from heartshare.quality.explanation import WIDTH, explain, tell_checks
from heartshare.quality.history import read_runs
from heartshare.quality.next_steps import (
    BROKEN_STEP,
    COMMON_STEP,
    UnreadableStepsError,
    load_next_steps,
)
from heartshare.quality.suites import Asset, Suite, load_suites

ROOT = Path(__file__).parents[3]
SUITES = [
    Suite(name, f"Is {name} right?", "data-engineering", Asset("audit", "t"), ())
    for name in ("totals", "volume", "mix")
]
STEPS = {"totals": "Export the named file again."}
TEXT = """\
2026-W46 (2026-11-09 to 2026-11-15). Held: nothing of this week is published.
1 of 4 checks passed; 1 holds the week, 1 is a note, 1 is waived.
Build b2.
Look at totals first: suites run in the order of causes, and later failures often follow from the
first.

totals.match                                                        FAILED, critical, holds the week
  Asks     Is totals right?
  Why      Without match the numbers lie.
  Found    3 offending rows
  Owner    data-engineering
  Next     Export the named file again.
  Before   fired in 2 of the last 2 judged weeks, before this one last in 2026-W45

totals.whole                                                                        WAIVED, critical
  Asks     Is totals right?
  Why      Without whole the numbers lie.
  Found    3 offending rows
  Owner    data-engineering
  Next     Export the named file again.
  Waiver   by Aoife Byrne until 2026-11-30: The platform was down.
  Before   judged for the first time

volume.usual                                                                         FAILED, warning
  Asks     Is volume right?
  Why      Without usual the numbers lie.
  Found    3 offending rows
  Owner    data-engineering
  Next     Look at the rows that the check names, correct the export that they come from and drop it
           into its inbox folder; the week is judged again by itself.
  Before   fired in 1 of the last 2 judged weeks, never before this one

Passed, by suite: mix 1. With --all they are told as well."""


@pytest.fixture
def home(tmp_path):
    gate = tmp_path / "gate"
    write_run(gate, WEEK.shift(-1), 1, totals__match="f", volume__usual="p")
    write_run(
        gate,
        WEEK,
        1,
        "b2",
        totals__match="f",
        totals__whole="w",
        volume__usual="f",
        mix__known="p",
    )
    return tmp_path


def test_explanation_reads_as_a_whole(home):
    runs = read_runs(home / "gate")
    stories = tell_checks(runs[-1].verdict, SUITES, STEPS, runs)
    assert explain(runs[-1].verdict, stories) == TEXT


def test_no_line_is_wider_than_a_terminal(home):
    runs = read_runs(home / "gate")
    stories = tell_checks(runs[-1].verdict, SUITES, STEPS, runs, is_all=True)
    text = explain(runs[-1].verdict, stories)
    assert max(len(line) for line in text.splitlines()) == WIDTH
    assert "mix.known" in text
    assert "Passed, by suite" not in text


def test_broken_check_gets_its_own_advice():
    judged = verdict(WEEK, "b1", mix__known="b", volume__usual="f")
    broken, failed = tell_checks(judged, SUITES, {}, ())
    assert (broken.next_step, failed.next_step) == (BROKEN_STEP, COMMON_STEP)
    assert broken.severity == "critical"
    assert broken.is_blocking


def run(home, *arguments):
    return CliRunner(env={"HEARTSHARE_HOME": str(home)}).invoke(
        commands, ["gate", "--week", "2026-W46", *arguments], catch_exceptions=True
    )


def test_command_prints_one_json_object(home):
    answer = run(home, "--explain", "--json", "--all")
    told = json.loads(answer.output)
    assert told["verdict"] == "blocked"
    assert [check["ref"] for check in told["checks"]] == [
        "totals.match",
        "totals.whole",
        "volume.usual",
        "mix.known",
    ]
    first = told["checks"][0]
    assert (first["fired_weeks"], first["judged_weeks"], first["offending"]) == (
        *(2, 2),
        3,
    )
    assert first["next_step"].startswith("Compare the named file")


def test_command_prints_text_without_opening_the_warehouse(home):
    answer = run(home, "--explain")
    assert answer.output.startswith("2026-W46 (2026-11-09 to 2026-11-15). Held")
    assert not (home / "warehouse.duckdb").exists()


def test_all_without_explain_is_wrong_usage(home):
    assert run(home, "--all").exit_code == 2


def test_every_suite_has_a_next_step():
    steps = load_next_steps(ROOT / "expectations" / "next_steps.yml")
    names = {suite.name for suite in load_suites(ROOT / "expectations" / "suites")}
    assert names - set(steps) == set()


def test_steps_may_be_absent(tmp_path):
    assert load_next_steps(tmp_path / "none.yml") == {}


def test_steps_that_are_not_saved_as_utf8_are_refused(tmp_path):
    path = tmp_path / "next_steps.yml"
    path.write_bytes("totals: Frag Jörg.".encode("latin-1"))
    with pytest.raises(UnreadableStepsError, match="UTF-8"):
        load_next_steps(path)


@pytest.mark.parametrize("content", [["a"], {"totals": ""}, {"totals": {"a": 1}}])
def test_steps_of_another_shape_are_refused(tmp_path, content):
    path = tmp_path / "next_steps.yml"
    path.write_text(yaml.safe_dump(content))
    with pytest.raises(UnreadableStepsError, match=r"next_steps\.yml"):
        load_next_steps(path)
