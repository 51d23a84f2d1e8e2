"""A PostgreSQL of the operating system, on loopback, for one test run."""

import os
import secrets
import shutil
import socket
import subprocess
import tempfile
from contextlib import closing, contextmanager
from pathlib import Path

import psycopg2

READER = "heartshare_reader"


def programs():
    """Return where PostgreSQL's programs are, or None."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    return found[-1].parent if found else None


class Server:
    """Addresses of a running server: for the writer, a person who reads, the owner."""

    def __init__(self, port):
        self.port = port
        self._passwords = {
            name: secrets.token_hex(12) for name in ("postgres", "writer", "person")
        }

    def password(self, name):
        return self._passwords[name]

    def address(self, name):
        password = self._passwords[name]
        database = "postgres" if name == "postgres" else "bi"
        return f"postgresql://{name}:{password}@127.0.0.1:{self.port}/{database}"

    def ask(self, name, statement):
        """Run one statement as somebody; return its rows."""
        with (
            closing(psycopg2.connect(self.address(name))) as connection,
            connection,
            connection.cursor() as cursor,
        ):
            cursor.execute(statement)
            return cursor.fetchall() if cursor.description else []

    def set_up(self):
        """Make roles and database as docs/bi.md says."""
        with closing(psycopg2.connect(self.address("postgres"))) as connection:
            connection.autocommit = True
            with connection.cursor() as cursor:
                cursor.execute(
                    f"create role writer login password '{self.password('writer')}'"
                )
                cursor.execute("create database bi owner writer")
                cursor.execute(f"create role {READER} nologin")
                cursor.execute(
                    f"create role person login password '{self.password('person')}' "
                    f"in role {READER}"
                )


@contextmanager
def running():
    """Start a server in a folder of its own; stop it and remove the folder."""
    # Not below pytest's own folder: it closes that to the user who runs PostgreSQL.
    data = Path(tempfile.mkdtemp(prefix="heartshare-postgres-"))
    as_owner = []
    if os.geteuid() == 0:  # PostgreSQL refuses to run as root
        shutil.chown(data, "postgres", "postgres")
        as_owner = ["runuser", "-u", "postgres", "--"]
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        server = Server(probe.getsockname()[1])

    def run(*command, **keywords):
        subprocess.run(
            [*as_owner, *map(str, command)],
            cwd=data,
            check=True,
            stdout=subprocess.DEVNULL,
            **keywords,
        )

    secret = data / "secret"
    secret.write_text(server.password("postgres"))
    secret.chmod(0o644)
    run(
        programs() / "initdb",
        *("-D", data / "db", "-U", "postgres", "--pwfile", secret),
        *("--auth=scram-sha-256", "--no-sync"),
    )
    options = (
        f"-p {server.port} -c listen_addresses=127.0.0.1 -c fsync=off "
        f"-c unix_socket_directories={data}"
    )
    start = ("-D", data / "db", "-o", options, "-l", data / "log", "-w", "start")
    run(programs() / "pg_ctl", *start)
    try:
        server.set_up()
        yield server
    finally:
        run(programs() / "pg_ctl", "-D", data / "db", "-m", "fast", "-w", "stop")
        shutil.rmtree(data)
