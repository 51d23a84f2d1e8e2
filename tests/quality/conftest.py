"""A small but real warehouse: demo exports, landed, scored and built once a session."""

from dataclasses import dataclass
from pathlib import Path

import pytest

from heartshare.quality.checks import Scope
from heartshare.quality.suites import load_suites
from heartshare.settings import Settings
from heartshare.weeks import ReportingWeek

ROOT = Path(__file__).parents[2]
#: Ten weeks: enough history for limits, few enough to build in seconds.
WEEK = ReportingWeek.parse("2026-W14")


@dataclass(frozen=True)
class Built:
    """A built warehouse and what is judged in it."""

    settings: Settings
    scope: Scope


@pytest.fixture(scope="session")
def suites():
    return load_suites(ROOT / "expectations" / "suites")


@pytest.fixture(scope="session")
def built(tmp_path_factory):
    from heartshare.demo.organisation import write_history
    from heartshare.orchestration.dbt_runner import published_tables
    from heartshare.orchestration.steps.building import build_marts
    from heartshare.orchestration.steps.landing import load_exports
    from heartshare.orchestration.steps.pulling import pull_source
    from heartshare.orchestration.steps.scoring import score_texts
    from heartshare.orchestration.steps.sources import list_sources

    settings = Settings.from_env(
        {
            "HEARTSHARE_HOME": str(tmp_path_factory.mktemp("home")),
            "HEARTSHARE_DBT_PROJECT": str(ROOT / "dbt_project"),
            "HEARTSHARE_EXPECTATIONS": str(ROOT / "expectations"),
            "HEARTSHARE_TIMEZONE": "Europe/Dublin",
        }
    )
    write_history(settings.inbox, until=WEEK)
    for source_name in list_sources(settings):
        pull_source(settings, source_name, now=WEEK.ends_at(settings.timezone))
    load_exports(settings)
    score_texts(settings)
    build_marts(settings, WEEK)
    scope = Scope(
        settings.warehouse,
        WEEK,
        settings.timezone,
        frozenset(published_tables(settings)),
    )
    return Built(settings, scope)
