"""Bring Superset's own records up to date and import the shipped dashboard.

Runs with Superset's interpreter, as often as wanted: what the bundle holds replaces
what was imported before, everything else that people made in Superset stays.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

BUNDLE = Path(__file__).parent / "dashboard"
ADMIN = "admin"


def prepare(published: str, password: str) -> None:
    """Prepare the database, the administrator and the dashboard over ``published``."""
    import flask_migrate
    import superset
    from superset.app import create_app

    application = create_app()
    with application.app_context():
        folder = Path(superset.__file__).parent / "migrations"
        flask_migrate.upgrade(directory=str(folder))
        _set_up_roles(password)
        _import_bundle(published)


def _set_up_roles(password: str) -> None:
    """Write roles and permissions, and make sure that the password is the given one."""
    from superset import appbuilder, security_manager

    appbuilder.add_permissions(update_perms=True)
    security_manager.sync_role_definitions()
    user = security_manager.find_user(ADMIN)
    if user is None:
        role = security_manager.find_role("Admin")
        security_manager.add_user(
            ADMIN, "Admin", "heartshare", f"{ADMIN}@localhost", role, password
        )
    else:
        security_manager.reset_password(user.id, password)


def _import_bundle(published: str) -> None:
    """Import the bundle, its database pointed at the published folder.

    Raises:
        superset.commands.exceptions.CommandInvalidError: a file of the bundle has
            another shape than this version of Superset expects.
    """
    from flask import g
    from superset import security_manager
    from superset.commands.importers.v1.assets import ImportAssetsCommand

    g.user = security_manager.find_user(ADMIN)
    ImportAssetsCommand(read_bundle(BUNDLE, published)).run()


def read_bundle(folder: Path, published: str) -> dict[str, str]:
    """Return the files of the bundle by their place in it, ready to replace others.

    Only the database's address is changed: slashes of an absolute path, read-only.
    """
    files = {
        path.relative_to(folder).as_posix(): path.read_text(encoding="utf-8")
        for path in sorted(folder.rglob("*.yaml"))
    }
    database = "databases/heartshare.yaml"
    files[database] = files[database].replace("////published/", f"///{published}/")
    files["metadata.yaml"] = files["metadata.yaml"].replace("Dashboard", "assets")
    return files


if __name__ == "__main__":
    missing = [
        name
        for name in ("SUPERSET_SECRET_KEY", "BI_ADMIN_PASSWORD")
        if not os.environ.get(name)
    ]
    if missing:
        sys.exit(f"{' and '.join(missing)} must be set, see .env.example")
    prepare(
        os.environ.get("HEARTSHARE_PUBLISHED", "/published"),
        os.environ["BI_ADMIN_PASSWORD"],
    )
