"""Step: write what every model, column and metric means beside the archive's index."""

from __future__ import annotations

import json
import logging
import os
import subprocess
import sys
from typing import TYPE_CHECKING

from heartshare.errors import InputError
from heartshare.language import speaking
from heartshare.orchestration.steps.building import PATIENCE_SECONDS
from heartshare.reporting.archive.issues import DEFINITIONS, write_index
from heartshare.warehouse.builds import latest_build
from heartshare.warehouse.connections import open_writer
from heartshare.warehouse.locking import hold_warehouse
from heartshare.warehouse.whole_files import write_whole

if TYPE_CHECKING:
    from pathlib import Path

    from heartshare.settings import Settings

LOGGER = logging.getLogger(__name__)


class NotBuiltError(InputError):
    """There are no marts yet that could be documented."""

    def __init__(self) -> None:
        super().__init__("No week has been built yet. Run `heartshare build`.")


class DefinitionsFailedError(InputError):
    """dbt could not document the marts."""

    def __init__(self, log: Path) -> None:
        super().__init__(f"dbt could not document the marts. Log: {log}.")


def document_marts(settings: Settings) -> Path:
    """Write dbt's documentation of the marts as one page and return its path.

    It speaks of the build that the warehouse carries, and the archive's index links to
    it from then on. The page needs no server and no other file.

    Raises:
        NotBuiltError: no week has been built yet.
        DefinitionsFailedError: dbt gave up; its log says why.
    """
    with open_writer(settings, wait_seconds=PATIENCE_SECONDS) as connection:
        build = latest_build(connection)
    if build is None:
        raise NotBuiltError
    page = _generate(settings, build.week_key)
    settings.archive.mkdir(parents=True, exist_ok=True)
    write_whole(settings.archive / DEFINITIONS, _without_places(page, settings))
    with speaking(settings.language):
        write_index(settings.archive, settings.organisation, settings.archive_url)
    LOGGER.info("Wrote the definitions of %s", build.week_key)
    return settings.archive / DEFINITIONS


def _copy_compiled(manifest: Path, copy: Path) -> None:
    """Copy a build's manifest, each model with the SQL that the build ran.

    Builds write it beside the manifest, which is older where nothing was parsed.
    """
    told = json.loads(manifest.read_text(encoding="utf-8"))
    for node in told.get("nodes", {}).values():
        where = (node["package_name"], node["original_file_path"])
        compiled = manifest.parent.joinpath("compiled", *where)
        if node["resource_type"] == "model" and compiled.is_file():
            node["compiled_code"] = compiled.read_text(encoding="utf-8")
            node["compiled"] = True
    copy.write_text(json.dumps(told), encoding="utf-8")


def _without_places(page: Path, settings: Settings) -> str:
    """Return a page without the folders of this machine, which say nothing to readers.

    dbt notes them beside each model as it found them.
    """
    text = page.read_text(encoding="utf-8")
    project = settings.dbt_project
    for folder in (project, project.resolve(), settings.home):
        text = text.replace(str(folder), folder.name)
    return text


def _generate(settings: Settings, week: str) -> Path:
    """Let dbt write its page from the build's manifest, in a folder of its own."""
    folder = settings.home / "dbt" / "docs"
    (folder / "target").mkdir(parents=True, exist_ok=True)
    manifest = settings.home / "dbt" / "target" / "manifest.json"
    if not manifest.is_file():
        raise NotBuiltError
    _copy_compiled(manifest, folder / "target" / "manifest.json")
    page = folder / "target" / "static_index.html"
    page.unlink(missing_ok=True)
    log = folder / "output.log"
    project = str(settings.dbt_project)
    command = [
        *(sys.executable, "-m", "dbt.cli.main", "docs", "generate", "--static"),
        *("--no-compile", "--project-dir", project, "--profiles-dir", project),
        *("--target-path", str(folder / "target"), "--log-path", str(folder)),
        *("--vars", json.dumps({"week": week, "timezone": settings.timezone.key})),
    ]
    environment = {
        **os.environ,
        "HEARTSHARE_WAREHOUSE": str(settings.warehouse),
        "DO_NOT_TRACK": "1",
        "DBT_SEND_ANONYMOUS_USAGE_STATS": "false",
    }
    with (
        hold_warehouse(settings, wait_seconds=PATIENCE_SECONDS),
        log.open("wb") as output,
    ):
        done = subprocess.run(  # noqa: S603 dbt of our own environment
            command,
            env=environment,
            stdout=output,
            stderr=subprocess.STDOUT,
            check=False,
        )
    if done.returncode or not page.is_file():
        raise DefinitionsFailedError(log)
    return page
