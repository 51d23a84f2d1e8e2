"""Does a demo that was interrupted go on where it stopped?"""

import io

import pytest
from unit.quality.gate_records import write_run

from heartshare.demo import story
from heartshare.demo.run import _Demo
from heartshare.orchestration.terminal import Terminal
from heartshare.settings import Settings


@pytest.fixture
def demo(tmp_path):
    settings = Settings.from_env({"HEARTSHARE_HOME": str(tmp_path)})
    return _Demo(settings, Terminal(io.StringIO()))


def test_week_that_was_held_and_passed_later_is_not_spoilt_again(demo, tmp_path):
    """The report of the corrected week once failed; the rerun wanted it held again."""
    gate = tmp_path / "gate"
    assert not demo._was_held()
    write_run(gate, story.BAD_WEEK, 1, totals__match="f")
    assert demo._was_held()
    write_run(gate, story.BAD_WEEK, 2, totals__match="p")
    assert demo._was_held()


def test_another_week_that_was_held_says_nothing_of_the_bad_one(demo, tmp_path):
    write_run(tmp_path / "gate", story.BAD_WEEK.shift(-1), 1, totals__match="f")
    assert not demo._was_held()
