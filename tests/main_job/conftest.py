"""One whole demo run that the tests of the main job share."""

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
HEARTSHARE = Path(sys.executable).with_name("heartshare")


@dataclass(frozen=True)
class DemoRun:
    """What `heartshare demo` left behind and said."""

    home: Path
    output: str

    @property
    def summary(self):
        return json.loads((self.home / "summary.json").read_text())


def clean_environment(**extra):
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("AIRFLOW", "HEARTSHARE"))
    }
    return kept | extra


@pytest.fixture(scope="session")
def run_demo():
    def run(home):
        result = subprocess.run(
            [HEARTSHARE, "demo", "--home", home],
            cwd=ROOT,
            env=clean_environment(),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
        )
        assert result.returncode == 0, result.stdout[-4000:] + result.stderr[-4000:]
        return DemoRun(home, result.stdout)

    return run


@pytest.fixture(scope="session")
def demo(run_demo, tmp_path_factory):
    return run_demo(tmp_path_factory.mktemp("demo"))
