"""The same rules hold where FAB, with roles of its own, decides who may see what."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

pytest.importorskip("airflow.providers.fab")

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
READING = ["archive", "gate", "inbox"]


@pytest.fixture(scope="module")
def answers(tmp_path_factory):
    folder = tmp_path_factory.mktemp("fab")
    ours = {k: v for k, v in os.environ.items() if not k.startswith("AIRFLOW")}
    done = subprocess.run(
        [sys.executable, str(HERE / "fab_answers.py"), str(folder)],
        env={**ours, "PYTHONPATH": str(ROOT / "plugins")},
        capture_output=True,
        check=False,
        text=True,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    found = json.loads(done.stdout.splitlines()[-1])
    assert found["manager"] == "FabAuthManager"
    return found


@pytest.mark.parametrize("role", ["Op", "User", "Viewer"])
def test_readers_see_everything_but_people(answers, role):
    expected = {section: [200, READING] for section in READING}
    assert answers[role] == {**expected, "people": [403, []]}


def test_administrator_sees_people_too(answers):
    everything = [*READING, "people"]
    assert answers["Admin"] == {section: [200, everything] for section in everything}


def test_permission_on_one_dag_opens_one_section(answers):
    assert answers["Gatekeeper"] == {
        "archive": [403, []],
        "gate": [200, ["gate"]],
        "inbox": [403, []],
        "people": [403, []],
    }


def test_role_without_permissions_sees_nothing(answers):
    assert set(map(str, answers["Public"].values())) == {"[403, []]"}


def test_order_counts_for_whom_it_was_made(answers):
    assert answers["orders"] == {"Admin": 200, "Op": 403}


def test_stranger_is_led_to_fab_s_log_in(answers):
    assert answers["stranger"] == ["/auth/login/?next=/heartshare/gate", 401]
