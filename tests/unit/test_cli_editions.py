"""`heartshare report --edition` asks for its period, and says what lacks."""

import pytest
from click.testing import CliRunner

from heartshare.cli.program import commands
from heartshare.orchestration.steps.editions import MonthNotWholeError


@pytest.fixture
def run(tmp_path, monkeypatch):
    monkeypatch.setenv("HEARTSHARE_HOME", str(tmp_path))

    def start(*words):
        return CliRunner().invoke(commands, ["report", *words])

    return start


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("--edition", "monthly"), "--edition monthly and --month go together"),
        (("--month", "2026-10"), "--edition monthly and --month go together"),
        (("--edition", "half-year"), "--edition half-year and --half go together"),
        (("--edition", "monthly", "--half", "2026-H1"), "go together"),
        (
            ("--edition", "monthly", "--month", "2026-10", "--week", "2026-W44"),
            "--edition goes with neither --week nor --again",
        ),
        (("--edition", "yearly"), "'weekly', 'monthly', 'half-year'"),
    ],
)
def test_wrong_words_are_explained(run, words, told):
    done = run(*words)
    assert done.exit_code == 2
    assert told in " ".join(done.output.split())


def test_month_that_is_not_whole_is_an_error_of_the_gate(run):
    done = run("--edition", "monthly", "--month", "2026-10")
    assert isinstance(done.exception, MonthNotWholeError)
    assert "never judged: 2026-W40, 2026-W41" in str(done.exception)


def test_help_names_both_editions(run):
    text = " ".join(run("--help").output.split())
    assert "--edition [weekly|monthly|half-year]" in text
    assert "With --edition half-year: 2026-H1." in text
    assert "the weeks whose Thursday lies in it" in text
