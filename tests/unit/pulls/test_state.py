"""A cursor is whole or the one before; a source is pulled by one process at a time."""

import json
import subprocess
import sys

import pytest

from heartshare.errors import InputError, TransientError
from heartshare.pulls.state import PullState


@pytest.fixture
def state(tmp_path):
    return PullState(tmp_path / "pulls" / "team_feed", "team_feed")


def test_first_pull_starts_empty_and_later_ones_where_it_ended(state):
    assert state.read() == {}
    state.save({"since": "2026-03-09", "seen": {"a": [1, None]}})
    assert state.read() == {"since": "2026-03-09", "seen": {"a": [1, None]}}


def test_half_written_cursor_of_a_killed_pull_is_not_read(state):
    state.save({"page": 1})
    (state.folder / ".state.json.part").write_text('{"version": 1, "cur')
    assert state.read() == {"page": 1}
    state.save({"page": 2})
    assert sorted(path.name for path in state.folder.iterdir()) == ["state.json"]


def test_cursor_that_cannot_be_written_leaves_the_old_one(state):
    state.save({"page": 1})
    with pytest.raises(TypeError):
        state.save({"page": object()})
    assert state.read() == {"page": 1}


@pytest.mark.parametrize(
    "text",
    ["{", "[]", '{"version": 1}', json.dumps({"version": 99, "cursor": {}})],
    ids=["cut off", "a list", "no cursor", "from the future"],
)
def test_damaged_state_is_named_with_the_way_out(state, text):
    state.save({})
    state.path.write_text(text)
    with pytest.raises(InputError, match=r"state\.json .*Move it away"):
        state.read()


def test_second_pull_of_a_source_is_refused_until_the_first_ends(state):
    with state.hold(), pytest.raises(TransientError, match="team_feed"), state.hold():
        pytest.fail("two pulls of one source at once")
    with state.hold():
        pass


def test_lock_of_a_killed_process_is_free(state):
    code = (
        "import os, sys; from pathlib import Path;"
        "from heartshare.pulls.state import PullState;"
        "state = PullState(Path(sys.argv[1]), 'team_feed');"
        "state.hold().__enter__(); os.kill(os.getpid(), 9)"
    )
    ended = subprocess.run([sys.executable, "-c", code, state.folder], check=False)
    assert ended.returncode == -9
    with state.hold():
        assert (state.folder / "lock").exists()
