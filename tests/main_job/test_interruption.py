"""A run that dies between any two steps ends in the same bytes when repeated."""

import hashlib
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from main_job.conftest import HEARTSHARE, ROOT, clean_environment

from heartshare.demo.organisation import write_history
from heartshare.weeks import ReportingWeek

pytestmark = pytest.mark.slow
WEEK = ReportingWeek.parse("2026-W13")
STEPS = ("land", "score", "build", "gate", "publish")

#: Runs one command and dies by SIGKILL at the nth call of a named function.
DIES_AT = """
import importlib, os, signal, sys
module, name, nth = sys.argv[1].split(":")
calls = []
target = importlib.import_module(module)
original = getattr(target, name)
def dying(*args, **kwargs):
    calls.append(name)
    if len(calls) == int(nth):
        os.kill(os.getpid(), signal.SIGKILL)
    return original(*args, **kwargs)
setattr(target, name, dying)
from heartshare.cli.program import main
sys.argv = ["heartshare", *sys.argv[2:]]
main()
"""


def _environment(home):
    return clean_environment(
        HEARTSHARE_HOME=str(home),
        HEARTSHARE_TIMEZONE="Europe/Dublin",
        HEARTSHARE_PERSON_SALT="pepper",
    )


def _step(home, name):
    week = [] if name in {"land", "score"} else ["--week", WEEK.label]
    subprocess.run(
        [HEARTSHARE, name, *week],
        cwd=ROOT,
        env=_environment(home),
        check=True,
        capture_output=True,
    )


def _die(home, place, *command):
    result = subprocess.run(
        [sys.executable, "-c", DIES_AT, place, *command],
        cwd=ROOT,
        env=_environment(home),
        check=False,
        capture_output=True,
    )
    assert result.returncode == -signal.SIGKILL, result.stdout + result.stderr


def _published(home):
    folder = home / "published" / "current" / "parquet"
    return {
        path.name: hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.glob("*.parquet"))
    }


@pytest.fixture(scope="module")
def history(tmp_path_factory):
    folder = tmp_path_factory.mktemp("history")
    write_history(folder, until=WEEK)
    return folder


@pytest.fixture
def home(tmp_path, history):
    (tmp_path / "inbox").symlink_to(history)
    return tmp_path


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory, history):
    home = tmp_path_factory.mktemp("undisturbed")
    (home / "inbox").symlink_to(history)
    for name in STEPS:
        _step(home, name)
    published = _published(home)
    assert len(published) > 10
    return published


def test_run_killed_at_every_boundary_ends_in_the_same_bytes(home, undisturbed):
    """One home that is killed inside each step before the step is repeated."""
    _die(home, "heartshare.exports.landing:load_exports:3", "land")
    _step(home, "land")
    _die(home, "heartshare.orchestration.steps.scoring:score_new_texts:1", "score")
    _step(home, "score")
    week = ("--week", WEEK.label)
    _die(home, "heartshare.orchestration.steps.building:close_build:1", "build", *week)
    _step(home, "build")
    _die(home, "heartshare.orchestration.steps.judging:run_gate:1", "gate", *week)
    _step(home, "gate")
    _die(home, "heartshare.orchestration.steps.publishing:publish:1", "publish", *week)
    _step(home, "publish")
    assert _published(home) == undisturbed
    assert (home / "published" / "current").readlink() == Path("rev-0001")


def test_repeating_every_step_changes_nothing(home, undisturbed):
    for name in STEPS:
        _step(home, name)
        _step(home, name)
    assert _published(home) == undisturbed
    assert [path.name for path in Path(home / "published").glob("rev-*")] == [
        "rev-0001"
    ]
