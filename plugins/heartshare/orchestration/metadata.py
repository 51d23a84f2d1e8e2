"""Where does Airflow keep its own records, and with which settings does it run here?

Call ``prepare_environment`` before anything imports Airflow: it reads its settings
once, while it is imported.
"""

from __future__ import annotations

import json
import logging
import os
import subprocess
import sys
from dataclasses import dataclass
from importlib.metadata import version
from typing import TYPE_CHECKING

from heartshare.errors import HeartshareError, InputError
from heartshare.orchestration.pools import POOLS

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from heartshare.settings import Settings

LOGGER = logging.getLogger(__name__)


class MissingDagsError(InputError):
    """The folder that should hold the DAGs does not."""

    def __init__(self, path: Path) -> None:
        super().__init__(
            f"{path} holds no pull_exports.py. Start heartshare in its checkout, or "
            "set HEARTSHARE_DBT_PROJECT to the dbt_project folder of a checkout."
        )


class MigrationFailedError(HeartshareError):
    """Airflow could not make or renew its metadata database."""

    def __init__(self, reason: str) -> None:
        super().__init__(f"Airflow's metadata database cannot be made: {reason}")


@dataclass(frozen=True)
class AirflowHome:
    """One folder of Airflow's own: metadata database, logs, generated passwords."""

    path: Path
    dags: Path
    plugins: Path

    @property
    def database(self) -> Path:
        """The SQLite metadata database."""
        return self.path / "airflow.db"

    @property
    def log(self) -> Path:
        """Everything that Airflow has to say in an embedded run."""
        return self.path / "embedded.log"


def airflow_home(settings: Settings, name: str = "embedded") -> AirflowHome:
    """Return the folder of one Airflow under the settings' home.

    The embedded run has a folder of its own: events that it leaves behind would start
    runs in a scheduler that shares its database.

    Raises:
        MissingDagsError: the checkout's DAGs are not beside its dbt project.
    """
    root = settings.dbt_project.parent
    if not (root / "dags" / "pull_exports.py").is_file():
        raise MissingDagsError(root / "dags")
    return AirflowHome(
        settings.home / "airflow" / name, root / "dags", root / "plugins"
    )


def airflow_variables(home: AirflowHome) -> dict[str, str]:
    """Return the environment in which Airflow runs on one machine."""
    return {
        "AIRFLOW_HOME": str(home.path),
        "AIRFLOW__CORE__DAGS_FOLDER": str(home.dags),
        "AIRFLOW__CORE__PLUGINS_FOLDER": str(home.plugins),
        "AIRFLOW__CORE__LOAD_EXAMPLES": "False",
        "AIRFLOW__CORE__PARALLELISM": "4",
        "AIRFLOW__CORE__DAGS_ARE_PAUSED_AT_CREATION": "False",
        # The default waits five seconds for SQLite's lock; a busy machine needs more.
        "AIRFLOW__DATABASE__SQL_ALCHEMY_CONN": f"sqlite:///{home.database}?timeout=60",
        "AIRFLOW__WORKERS__MIN_HEARTBEAT_INTERVAL": "1",
        "AIRFLOW__API__HOST": "127.0.0.1",
        "AIRFLOW__API__ENABLE_SWAGGER_UI": "False",
        "AIRFLOW__METRICS__LEGACY_NAMES_ON": "False",
        "AIRFLOW__USAGE_DATA_COLLECTION__ENABLED": "False",
        "DO_NOT_TRACK": "1",
    }


def prepare_environment(variables: Mapping[str, str]) -> None:
    """Set Airflow's environment in this process.

    Raises:
        HeartshareError: Airflow has been imported already, with other settings.
    """
    changed = {name for name in variables if os.environ.get(name) != variables[name]}
    if changed and "airflow" in sys.modules:
        raise HeartshareError(
            f"Airflow is already running with other settings ({sorted(changed)[0]}); "
            "start a new process."
        )
    os.environ.update(variables)


def migrate(home: AirflowHome, variables: Mapping[str, str]) -> bool:
    """Make or renew the metadata database; return whether it had to.

    Raises:
        MigrationFailedError: Airflow said no.
    """
    stamp = home.path / "migrated.txt"
    wanted = version("apache-airflow")
    if stamp.is_file() and stamp.read_text() == wanted:
        return False
    home.path.mkdir(parents=True, exist_ok=True)
    home.path.chmod(0o700)  # passwords and secrets are generated here
    run_airflow(["db", "migrate"], variables)
    stamp.write_text(wanted)
    LOGGER.info("Airflow's metadata database is ready in %s", home.path)
    return True


def create_pools(home: AirflowHome, variables: Mapping[str, str]) -> None:
    """Create or renew the pools that the DAGs name; an embedded run needs none.

    Raises:
        MigrationFailedError: Airflow said no.
    """
    path = home.path / "pools.json"
    path.write_text(
        json.dumps(
            {
                name: {
                    "slots": slots,
                    "description": description,
                    "include_deferred": False,
                }
                for name, (slots, description) in POOLS.items()
            }
        )
    )
    run_airflow(["pools", "import", str(path)], variables)


def run_airflow(arguments: list[str], variables: Mapping[str, str]) -> str:
    """Run one command of Airflow to its end and return what it printed.

    Raises:
        MigrationFailedError: it ended with an error.
    """
    done = subprocess.run(  # noqa: S603 our own interpreter and arguments
        [sys.executable, "-m", "airflow", *arguments],
        env={**os.environ, **variables},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise MigrationFailedError(" ".join(done.stderr.split())[-500:])
    return done.stdout
