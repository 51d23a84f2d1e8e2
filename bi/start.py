"""Start Superset on loopback over the published marts; `make bi` calls this.

Secrets come from the environment. Those that are not given are made on the first start
and kept, readable by their owner only, in the folder of Superset's own records.
"""

from __future__ import annotations

import os
import secrets
import subprocess
import sys
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parents[1]
PORT = "8088"


def main() -> None:
    """Prepare Superset, then become its web server."""
    published = _published()
    folder = Path(os.environ.get("HEARTSHARE_BI_FOLDER", CHECKOUT / "var" / "bi"))
    folder = folder.absolute()
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    folder.chmod(0o700)
    port = os.environ.get("SUPERSET_PORT", PORT)
    environment = {
        **os.environ,
        "SUPERSET_SECRET_KEY": _secret(folder, "SUPERSET_SECRET_KEY"),
        "BI_ADMIN_PASSWORD": _secret(folder, "SUPERSET_ADMIN_PASSWORD"),
        "SUPERSET_CONFIG_PATH": str(CHECKOUT / "bi" / "superset_config.py"),
        "HEARTSHARE_BI_FOLDER": str(folder),
        "HEARTSHARE_PUBLISHED": str(published),
        "FLASK_APP": "superset",
    }
    _say(f"Reading {published}/current, preparing Superset (a minute or two)")
    with (folder / "prepare.log").open("wb") as log:
        prepared = subprocess.run(  # noqa: S603 our own script
            [sys.executable, CHECKOUT / "bi" / "prepare.py"],
            env=environment,
            stdout=log,
            stderr=subprocess.STDOUT,
            check=False,
        )
    if prepared.returncode:
        sys.exit(f"Superset could not be prepared; {folder}/prepare.log says why.")
    _say(f"http://127.0.0.1:{port}/superset/dashboard/advocacy/ (user admin)")
    if not os.environ.get("SUPERSET_ADMIN_PASSWORD"):
        _say(f"The password is in {folder}/SUPERSET_ADMIN_PASSWORD")
    _say("Ctrl+C stops it.")
    server = Path(sys.executable).with_name("gunicorn")
    os.execve(  # noqa: S606 the server takes our place, and our signals
        server,
        [
            str(server),
            *("--bind", f"127.0.0.1:{port}", "--workers", "2", "--timeout", "120"),
            "--no-control-socket",
            "superset.app:create_app()",
        ],
        environment,
    )


def _published() -> Path:
    """Return the published folder of HEARTSHARE_HOME, else of the demo."""
    given = os.environ.get("HEARTSHARE_HOME")
    homes = [Path(given)] if given else [CHECKOUT / "var" / "heartshare"]
    if not given:
        homes.append(CHECKOUT / "var" / "demo")
    for home in homes:
        published = home.absolute() / "published"
        if (published / "current" / "heartshare.duckdb").is_file():
            return published
    looked = " and ".join(str(home / "published") for home in homes)
    sys.exit(
        f"No revision in {looked}. Run `make demo`, or set HEARTSHARE_HOME to the "
        "folder of a heartshare that has published a week."
    )


def _secret(folder: Path, name: str) -> str:
    """Return a secret of the environment, or the one kept since the first start."""
    if given := os.environ.get(name):
        return given
    path = folder / name
    if not path.exists():
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "w") as file:
            file.write(secrets.token_urlsafe(32))
    return path.read_text().strip()


def _say(text: str) -> None:
    sys.stdout.write(f"==> {text}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
