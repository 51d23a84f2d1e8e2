"""How do Airflow's four services run on one machine, without containers?

Each is a process of its own that is stopped by SIGTERM: `airflow standalone` leaves its
children behind when it is stopped that way.
"""

from __future__ import annotations

import base64
import json
import logging
import os
import secrets
import signal
import subprocess
import sys
import threading
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING
from urllib.error import URLError
from urllib.request import urlopen

from heartshare.errors import HeartshareError, InputError
from heartshare.orchestration.metadata import (
    AirflowHome,
    airflow_home,
    airflow_variables,
    create_pools,
    migrate,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from types import FrameType

    from heartshare.settings import Settings

LOGGER = logging.getLogger(__name__)
#: Without their log servers, which would listen on every address of the machine.
SERVICES = {
    "api-server": ["api-server"],
    "scheduler": ["scheduler", "--skip-serve-logs"],
    "dag-processor": ["dag-processor"],
    "triggerer": ["triggerer", "--skip-serve-logs"],
}
_START_SECONDS = 240.0
_STOP_SECONDS = 45.0
_POLL_SECONDS = 1.0


class ServiceEndedError(HeartshareError):
    """A service that should go on running has ended."""

    def __init__(self, name: str, log: str) -> None:
        super().__init__(f"Airflow's {name} has ended by itself. Why: {log}")


class PortTakenError(InputError):
    """Something else answers where the pages should be."""

    def __init__(self, port: int) -> None:
        super().__init__(f"Port {port} is taken. Choose another one: --port NUMBER.")


def run_services(settings: Settings, port: int) -> None:
    """Run the services until SIGINT or SIGTERM arrives, then stop each of them.

    Raises:
        PortTakenError: something else listens on the port.
        ServiceEndedError: one of them ended by itself.
    """
    ended = threading.Event()

    def stop(_signal: int, _frame: FrameType | None) -> None:
        ended.set()

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    home = airflow_home(settings, "services")
    with services(home, service_variables(home, port), ended) as running:
        LOGGER.info("Airflow is ready: http://127.0.0.1:%d", port)
        LOGGER.info(
            "Log in with a user of %s",
            home.path / "simple_auth_manager_passwords.json.generated",
        )
        while not ended.wait(_POLL_SECONDS):
            _require_running(running, home)
    LOGGER.info("All services have stopped")


def service_variables(home: AirflowHome, port: int) -> dict[str, str]:
    """Return the environment of all services: one port, and secrets that all share."""
    return {
        **airflow_variables(home),
        **_secrets(home),
        "AIRFLOW__API__PORT": str(port),
        "AIRFLOW__API__BASE_URL": f"http://127.0.0.1:{port}",
        "AIRFLOW__CORE__EXECUTION_API_SERVER_URL": (
            f"http://127.0.0.1:{port}/execution/"
        ),
        "AIRFLOW__DAG_PROCESSOR__REFRESH_INTERVAL": "60",
    }


@contextmanager
def services(
    home: AirflowHome, variables: Mapping[str, str], ended: threading.Event
) -> Iterator[dict[str, subprocess.Popen[bytes]]]:
    """Start the services, wait until they are healthy, and stop them at the end."""
    port = int(variables["AIRFLOW__API__PORT"])
    if _answers(port):
        raise PortTakenError(port)
    migrate(home, variables)
    create_pools(home, variables)
    running: dict[str, subprocess.Popen[bytes]] = {}
    try:
        for name, arguments in SERVICES.items():
            running[name] = _start(home, name, arguments, variables)
        _wait_until_healthy(home, running, port, ended)
        yield running
    finally:
        _stop(running)


def _start(
    home: AirflowHome, name: str, arguments: list[str], variables: Mapping[str, str]
) -> subprocess.Popen[bytes]:
    with (home.path / f"{name}.log").open("ab") as log:
        return subprocess.Popen(  # noqa: S603 our own interpreter and arguments
            [sys.executable, "-m", "airflow", *arguments],
            env={**os.environ, **variables},
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,  # Ctrl-C reaches us, and we stop them in order
            umask=0o077,
        )


def _wait_until_healthy(
    home: AirflowHome,
    running: Mapping[str, subprocess.Popen[bytes]],
    port: int,
    ended: threading.Event,
) -> None:
    deadline = time.monotonic() + _START_SECONDS
    waiting = set(SERVICES)
    while waiting and not ended.wait(_POLL_SECONDS):
        _require_running(running, home)
        if time.monotonic() > deadline:
            name = sorted(waiting)[0]
            raise ServiceEndedError(name, f"it was not healthy in time; {home.path}")
        healthy = _healthy(port)
        for name in sorted(waiting & healthy):
            LOGGER.info("%s is healthy", name)
        waiting -= healthy


def _healthy(port: int) -> set[str]:
    """Return the services that report to be healthy; the page itself is one."""
    try:
        with urlopen(
            f"http://127.0.0.1:{port}/api/v2/monitor/health", timeout=5
        ) as page:
            states = json.load(page)
    except (URLError, OSError, ValueError):
        return set()
    named = {name.replace("_", "-"): state["status"] for name, state in states.items()}
    return {"api-server"} | {
        name for name, state in named.items() if state == "healthy"
    }


def _require_running(
    running: Mapping[str, subprocess.Popen[bytes]], home: AirflowHome
) -> None:
    for name, process in running.items():
        if process.poll() is not None:
            raise ServiceEndedError(name, str(home.path / f"{name}.log"))


def _stop(running: Mapping[str, subprocess.Popen[bytes]]) -> None:
    """Stop in the order in which nobody misses another: the pages go last."""
    for name in reversed(SERVICES):
        process = running.get(name)
        if process is None or process.poll() is not None:
            continue
        process.terminate()
        try:
            process.wait(_STOP_SECONDS)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()
            LOGGER.warning("%s did not stop in time and was ended", name)


def _answers(port: int) -> bool:
    import socket

    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def _secrets(home: AirflowHome) -> dict[str, str]:
    """Return secrets that are drawn once and kept where only the owner can read."""
    path = home.path / "secrets.json"
    if not path.exists():
        home.path.mkdir(parents=True, exist_ok=True)
        home.path.chmod(0o700)
        drawn = {
            "AIRFLOW__CORE__FERNET_KEY": base64.urlsafe_b64encode(
                secrets.token_bytes(32)
            ).decode(),
            "AIRFLOW__API__SECRET_KEY": secrets.token_hex(32),
            "AIRFLOW__API_AUTH__JWT_SECRET": secrets.token_hex(64),
        }
        path.touch(mode=0o600)
        path.write_text(json.dumps(drawn))
    return json.loads(path.read_text())
