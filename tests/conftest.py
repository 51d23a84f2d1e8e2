"""What every test run shares: its order, and how it ends."""

import os
import sys
from pathlib import Path

import pytest

_STATUS = pytest.StashKey[int]()
_ROOT = Path(__file__).parent
#: Fast ones first: who breaks something small hears of it within a minute. Then what
#: takes longest, so that no worker begins it when the others are done.
_ORDER = (
    "unit",
    "architecture",
    "dags",
    "ui",
    "main_job",
    "end_to_end",
    "quality",
    "warehouse",
    "integration",
)


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line(
        "markers", "integration: needs real servers, started on loopback by the test"
    )
    config.addinivalue_line(
        "markers", "browser: needs Debian's chromium; runs on request, -m browser"
    )


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    items.sort(key=lambda item: _ORDER.index(item.path.relative_to(_ROOT).parts[0]))


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_auto_num_workers() -> int:
    from workers import count_workers

    return count_workers()


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config, log):
    from workers import FilesInOrder

    return FilesInOrder(config, log)


def pytest_sessionfinish(session: pytest.Session, exitstatus: int) -> None:
    session.config.stash[_STATUS] = int(exitstatus)


@pytest.hookimpl(trylast=True)
def pytest_unconfigure(config: pytest.Config) -> None:
    """Leave at once after an Airflow run, so that pytest's summary is the last line.

    The API that Airflow starts inside a process never ends its thread, which keeps
    DuckDB's classes alive; at exit their binding prints a page about leaks.
    """
    if "airflow" in sys.modules and _STATUS in config.stash:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(config.stash[_STATUS])
