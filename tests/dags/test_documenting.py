"""The archive says what every figure means, as dbt knows it, and not where it was."""

import pytest

from heartshare.errors import InputError
from heartshare.orchestration.steps.building import build_marts
from heartshare.orchestration.steps.documenting import document_marts
from heartshare.orchestration.steps.landing import load_exports
from heartshare.orchestration.steps.pulling import pull_sources
from heartshare.weeks import ReportingWeek

WEEK = ReportingWeek.parse("2026-W46")


def test_definitions_stand_beside_the_index_and_name_no_folder(settings, drop_overview):
    settings.make_home()
    drop_overview(settings)
    pull_sources(settings, now=WEEK.shift(1).ends_at(settings.timezone))
    load_exports(settings)
    build_marts(settings, WEEK)
    manifest = settings.home / "dbt" / "target" / "manifest.json"
    built = manifest.read_bytes()

    page = document_marts(settings)

    text = page.read_text(encoding="utf-8")
    model = next((settings.dbt_project / "models").rglob("*.sql")).stem
    assert model in text
    assert str(settings.home) not in text
    assert str(settings.dbt_project) not in text
    index = (settings.archive / "index.html").read_text(encoding="utf-8")
    assert f'href="{page.name}"' in index
    assert manifest.read_bytes() == built, "the build's own manifest must stay"


def test_nothing_is_documented_before_the_first_build(settings):
    settings.make_home()

    with pytest.raises(InputError, match="heartshare build"):
        document_marts(settings)
