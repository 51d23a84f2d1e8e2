"""A real PDS and AppView on loopback, installed and started by the project itself."""

import json
import os
import secrets
import shutil
import subprocess
import tempfile
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

_HERE = Path(__file__).parent
_CANNOT = 75
_LOCALE = "C.UTF-8"


class CannotInstallError(Exception):
    """This machine lacks something that cannot be installed on it."""


@dataclass
class Network:
    """A running network; ``pds`` is the URL that clients talk to."""

    pds: str
    process: subprocess.Popen

    def settle(self):
        """Return once the AppView knows whatever the PDS took so far."""
        self.process.stdin.write("settle\n")
        self.process.stdin.flush()
        answer = self.process.stdout.readline()
        assert answer == "settled\n", answer


def install():
    """Return the folder that holds node_modules, installed once per lock file.

    Raises:
        CannotInstallError: what is missing, in one sentence.
    """
    done = subprocess.run(
        [_HERE / "install.sh"], capture_output=True, text=True, check=False
    )
    if done.returncode == _CANNOT:
        raise CannotInstallError(done.stderr.strip().splitlines()[-1])
    assert done.returncode == 0, done.stderr[-2000:]
    return Path(done.stdout.strip().splitlines()[-1])


@contextmanager
def running(packages, folder, port):
    """Start the network with its files in ``folder``; stop it in the end."""
    with _postgres(port) as url, (folder / "network.log").open("w") as log:
        process = subprocess.Popen(
            ["node", _HERE / "network.js"],
            env={
                **os.environ,
                "NODE_PATH": str(packages / "node_modules"),
                "TMPDIR": str(folder),
                "DB_POSTGRES_URL": url,
                "LOG_ENABLED": "false",
            },
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=log,
            text=True,
        )
        try:
            first = process.stdout.readline()
            assert first, (folder / "network.log").read_text()[-2000:]
            yield Network(json.loads(first)["pds"], process)
        finally:
            process.stdin.close()
            process.stdout.close()
            try:
                process.wait(30)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


@contextmanager
def _postgres(port):
    """Give the URL of an empty database of its own, reachable from this machine."""
    programs = sorted(Path("/usr/lib/postgresql").glob("*/bin"))[-1]
    # Not below pytest's own folder: it closes that to the user who runs PostgreSQL.
    data = Path(tempfile.mkdtemp(prefix="heartshare-postgres-"))
    password = secrets.token_hex(16)
    (data / "password").write_text(password)
    as_owner = []
    if os.geteuid() == 0:  # PostgreSQL refuses to run as root
        for path in (data, data / "password"):
            shutil.chown(path, "postgres", "postgres")
        as_owner = ["runuser", "-u", "postgres", "--"]

    def run(program, *arguments):
        subprocess.run(
            [*as_owner, programs / program, "-D", data / "db", *arguments],
            cwd=data,
            check=True,
            stdout=subprocess.DEVNULL,
        )

    run(
        "initdb",
        *("-U", "postgres", "--auth=scram-sha-256", f"--locale={_LOCALE}"),
        f"--pwfile={data / 'password'}",
    )
    options = (
        f"-p {port} -c listen_addresses=127.0.0.1 -c unix_socket_directories={data} "
        "-c fsync=off"
    )
    run("pg_ctl", "-o", options, "-l", data / "log", "-w", "start")
    try:
        yield f"postgres://postgres:{password}@127.0.0.1:{port}/postgres"
    finally:
        run("pg_ctl", "-m", "fast", "-w", "stop")
        shutil.rmtree(data)
