"""Step: show that every check of the gate notices the fault it was written for."""

from __future__ import annotations

import shutil
import tempfile
import time
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from heartshare.errors import HeartshareError, InputError
from heartshare.orchestration.dbt_runner import published_tables
from heartshare.orchestration.steps.building import PATIENCE_SECONDS
from heartshare.orchestration.steps.progress import silent
from heartshare.quality.checks import Scope
from heartshare.quality.self_test import SelfTest, prove
from heartshare.quality.suites import load_suites
from heartshare.warehouse.builds import latest_build
from heartshare.warehouse.connections import open_writer
from heartshare.warehouse.locking import hold_warehouse
from heartshare.weeks import ReportingWeek

if TYPE_CHECKING:
    from heartshare.orchestration.steps.progress import Progress
    from heartshare.settings import Settings


class NothingToTestOnError(InputError):
    """There is no built week into which faults could be planted."""

    def __init__(self, settings: Settings) -> None:
        super().__init__(
            f"{settings.warehouse} holds no finished build to plant faults into. Run "
            "`make demo` and point HEARTSHARE_HOME at its folder, or build a week that "
            "passes the gate."
        )


class DullGateError(HeartshareError):
    """A check of the gate does not notice its fault, or fails on clean data."""

    def __init__(self, found: SelfTest) -> None:
        dull = [one.ref for one in found.clean if one.ref not in found.biting]
        super().__init__(
            f"{len(dull)} of {len(found.clean)} checks do not bite: {', '.join(dull)}. "
            "Where clean data failed, take a week that passes the gate; otherwise "
            "correct the check or its fault in quality/faults.yml."
        )


def self_test(settings: Settings, *, progress: Progress = silent) -> SelfTest:
    """Plant one fault per check into a copy of the warehouse; change nothing else.

    The week is that of the warehouse's last build, so that it has what a week needs.

    Raises:
        NothingToTestOnError: nothing was built yet.
    """
    if not settings.warehouse.is_file():
        raise NothingToTestOnError(settings)
    with open_writer(settings, wait_seconds=PATIENCE_SECONDS) as connection:
        build = latest_build(connection)
    if build is None or not build.is_finished:
        raise NothingToTestOnError(settings)
    scope = Scope(
        settings.warehouse,
        ReportingWeek.parse(build.week_key),
        settings.timezone,
        frozenset(published_tables(settings)),
    )
    suites = load_suites(settings.expectations / "suites")
    with tempfile.TemporaryDirectory(prefix="heartshare-") as folder:
        clean, copy = Path(folder) / "clean.duckdb", Path(folder) / "faulty.duckdb"
        with hold_warehouse(settings, wait_seconds=PATIENCE_SECONDS):
            shutil.copyfile(settings.warehouse, clean)
        shutil.copyfile(clean, copy)
        # What readers see is the week as it was before anything was done to it.
        faulty = replace(scope, warehouse=copy, readers_see=clean)
        return prove(suites, faulty, clock=time.monotonic, progress=progress)
