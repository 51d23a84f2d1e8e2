"""The demo's exports up to an early week, written once for all tests here."""

from pathlib import Path

import pytest

from heartshare.demo.organisation import write_history
from heartshare.weeks import ReportingWeek

EARLY = ReportingWeek.parse("2026-W08")


@pytest.fixture(scope="session")
def early_inbox(tmp_path_factory: pytest.TempPathFactory) -> Path:
    inbox = tmp_path_factory.mktemp("early")
    write_history(inbox, until=EARLY)
    return inbox
