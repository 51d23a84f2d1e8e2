"""Services share secrets and one port, and refuse what is not theirs."""

import socket
import threading

import pytest

from heartshare.orchestration.metadata import (
    MissingDagsError,
    airflow_home,
    airflow_variables,
)
from heartshare.orchestration.services import (
    PortTakenError,
    service_variables,
    services,
)
from heartshare.settings import Settings


@pytest.fixture
def home(tmp_path):
    (tmp_path / "dags").mkdir()
    (tmp_path / "dags" / "pull_exports.py").touch()
    settings = Settings.from_env(
        {
            "HEARTSHARE_HOME": str(tmp_path / "home"),
            "HEARTSHARE_DBT_PROJECT": str(tmp_path / "dbt_project"),
        }
    )
    return airflow_home(settings, "services")


def test_checkout_without_dags_is_named(tmp_path):
    settings = Settings.from_env({"HEARTSHARE_DBT_PROJECT": str(tmp_path / "dbt")})
    with pytest.raises(MissingDagsError, match=r"pull_exports\.py"):
        airflow_home(settings)


def test_embedded_run_and_services_keep_apart(home):
    assert home.path.name == "services"
    assert (
        str(home.database)
        in airflow_variables(home)["AIRFLOW__DATABASE__SQL_ALCHEMY_CONN"]
    )


def test_secrets_are_drawn_once_and_kept_private(home):
    first, second = service_variables(home, 28086), service_variables(home, 28086)
    assert first == second
    assert len(first["AIRFLOW__API_AUTH__JWT_SECRET"]) >= 64
    assert (home.path / "secrets.json").stat().st_mode & 0o077 == 0
    assert home.path.stat().st_mode & 0o077 == 0


def test_every_address_is_on_loopback_and_on_one_port(home):
    variables = service_variables(home, 28086)
    addresses = [v for v in variables.values() if v.startswith("http")]
    assert len(addresses) == 2
    assert all(v.startswith("http://127.0.0.1:28086") for v in addresses)
    assert variables["AIRFLOW__API__HOST"] == "127.0.0.1"


def test_taken_port_is_refused_before_anything_starts(home):
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        variables = service_variables(home, port)
        with (
            pytest.raises(PortTakenError, match=str(port)),
            services(home, variables, threading.Event()),
        ):
            pass
    assert not home.database.exists()
