"""The processes of docker-compose.yml on this machine's loopback, without containers.

Commands and environment are those of the compose file; only addresses and folders are
replaced. PostgreSQL and Redis come from the operating system.
"""

import os
import re
import secrets
import shutil
import signal
import subprocess
import sys
import tempfile
from contextlib import ExitStack, contextmanager
from pathlib import Path

import yaml

ROOT = Path(__file__).parents[2]
COMPOSE = yaml.safe_load((ROOT / "docker-compose.yml").read_text())
SERVICES = (
    "api-server",
    "scheduler",
    "dag-processor",
    "triggerer",
    "worker",
    "worker-warehouse",
)
_VARIABLE = re.compile(r"(?<!\$)\$\{([A-Z_]+)(?::([-?])([^}]*))?\}")


def postgres_folder():
    """Return where PostgreSQL's programs are, or None."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    return found[-1].parent if found else None


def missing_programs():
    """Return which of the two servers this machine lacks."""
    return [
        name
        for name, there in (
            ("postgresql", postgres_folder()),
            ("redis-server", shutil.which("redis-server")),
        )
        if not there
    ]


class Topology:
    """Addresses, secrets and folders of one run."""

    def __init__(self, folder, ports, settings):
        self.folder = folder
        self.web, self.postgres, self.redis = ports
        self._secrets = {
            name: secrets.token_hex(24)
            for name in (
                "AIRFLOW_SECRET_KEY",
                "AIRFLOW_JWT_SECRET",
                "AIRFLOW_ADMIN_PASSWORD",
                "POSTGRES_PASSWORD",
                "REDIS_PASSWORD",
            )
        }
        self._secrets["AIRFLOW_FERNET_KEY"] = "A" * 43 + "="
        self._secrets["HEARTSHARE_PERSON_SALT"] = settings.person_salt
        self._settings = settings
        (folder / "logs").mkdir(parents=True)

    def secret(self, name):
        return self._secrets[name]

    @property
    def dsn(self):
        return (
            f"host=127.0.0.1 port={self.postgres} dbname=airflow user=airflow "
            f"password={self.secret('POSTGRES_PASSWORD')}"
        )

    def environment(self, name):
        """Return a service's environment with this machine's addresses."""
        checkout = self._settings.dbt_project.parent
        declared = {
            key: self._here(str(value))
            for key, value in COMPOSE["services"][name]["environment"].items()
        }
        return {
            **os.environ,
            **declared,
            "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
            "AIRFLOW_HOME": str(self.folder / "airflow"),
            "AIRFLOW__API__HOST": "127.0.0.1",
            "AIRFLOW__API__PORT": str(self.web),
            "AIRFLOW__CORE__LOAD_EXAMPLES": "False",
            "AIRFLOW__CORE__DAGS_FOLDER": str(checkout / "dags"),
            "AIRFLOW__CORE__PLUGINS_FOLDER": str(checkout / "plugins"),
            "AIRFLOW__LOGGING__BASE_LOG_FOLDER": str(self.folder / "logs"),
            "HEARTSHARE_HOME": str(self._settings.home),
            "HEARTSHARE_INBOX": str(self._settings.inbox),
            "HEARTSHARE_DBT_PROJECT": str(self._settings.dbt_project),
            "HEARTSHARE_EXPECTATIONS": str(self._settings.expectations),
            "HEARTSHARE_SMTP_URL": "",
        }

    def command(self, name):
        """Return a service's command as the compose file gives it."""
        return [
            self._here(part).replace("$$", "$")
            for part in COMPOSE["services"][name]["command"]
        ]

    def _here(self, text):
        def value(match):
            name, operator, default = match.groups()
            if name in self._secrets:
                return self._secrets[name]
            assert operator != "?", f"{name} has no value"
            return default or ""

        filled = _VARIABLE.sub(value, text)
        for host, address in (
            ("@postgres:5432", f"@127.0.0.1:{self.postgres}"),
            ("@redis:6379", f"@127.0.0.1:{self.redis}"),
            ("api-server:8080", f"127.0.0.1:{self.web}"),
            ("127.0.0.1:8080", f"127.0.0.1:{self.web}"),
        ):
            filled = filled.replace(host, address)
        return filled

    @contextmanager
    def running(self):
        """Start everything; stop it in reverse order."""
        with ExitStack() as stack:
            stack.enter_context(self._database())
            stack.enter_context(self._broker())
            self._initialise()
            yield {
                name: stack.enter_context(self._process(name, self.command(name)))
                for name in SERVICES
            }

    def _initialise(self):
        with (self.folder / "init.log").open("wb") as log:
            subprocess.run(
                self.command("init"),
                env={
                    **self.environment("init"),
                    "ADMIN_NAME": "admin",
                    "ADMIN_PASSWORD": self.secret("AIRFLOW_ADMIN_PASSWORD"),
                },
                stdout=log,
                stderr=subprocess.STDOUT,
                check=True,
            )

    @contextmanager
    def _process(self, name, command):
        env = self.environment(name)
        with (self.folder / f"{name}.log").open("wb") as log:
            process = subprocess.Popen(
                command,
                env=env,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        try:
            yield process
        finally:
            process.send_signal(signal.SIGTERM)
            try:
                process.wait(60)
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait()

    @contextmanager
    def _database(self):
        # Not below pytest's own folder: it closes that to the user who runs PostgreSQL.
        data = Path(tempfile.mkdtemp(prefix="heartshare-postgres-"))
        programs = postgres_folder()
        as_owner = []
        if os.geteuid() == 0:  # PostgreSQL refuses to run as root
            shutil.chown(data, "postgres", "postgres")
            as_owner = ["runuser", "-u", "postgres", "--"]

        def run(*command, **keywords):
            subprocess.run(
                [*as_owner, *map(str, command)],
                cwd=data,
                check=True,
                stdout=subprocess.DEVNULL,
                **keywords,
            )

        run(
            programs / "initdb",
            *("-D", data / "db", "-U", "postgres", "--auth-local=peer"),
            "--auth-host=scram-sha-256",
        )
        options = (
            f"-p {self.postgres} -c listen_addresses=127.0.0.1 "
            f"-c unix_socket_directories={data}"
        )
        run(
            programs / "pg_ctl",
            *("-D", data / "db", "-o", options, "-l", data / "log", "-w", "start"),
        )
        try:
            password = self.secret("POSTGRES_PASSWORD")
            run(
                *("psql", "-q", "-h", data, "-p", self.postgres, "-U", "postgres"),
                *("-c", f"create role airflow login password '{password}'"),
                *("-c", "create database airflow owner airflow"),
            )
            yield
        finally:
            run(programs / "pg_ctl", "-D", data / "db", "-m", "fast", "-w", "stop")
            shutil.rmtree(data)

    @contextmanager
    def _broker(self):
        command = [
            *("redis-server", "--bind", "127.0.0.1", "--port", str(self.redis)),
            *("--save", "", "--appendonly", "no"),
            *("--requirepass", self.secret("REDIS_PASSWORD")),
        ]
        with (self.folder / "redis.log").open("wb") as log:
            process = subprocess.Popen(command, cwd=self.folder, stdout=log)
        try:
            yield
        finally:
            process.terminate()
            process.wait(20)
