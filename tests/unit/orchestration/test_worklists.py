"""Owners learn whom to answer; nobody else does, and nothing outlives its week."""

import csv
from datetime import UTC, datetime

import pytest

from heartshare.orchestration.steps import forgetting
from heartshare.orchestration.steps.forgetting import ErasureRequest, forget_person
from heartshare.orchestration.steps.worklists import (
    WorklistNotBuiltError,
    worklists_folder,
    write_worklists,
)
from heartshare.settings import Settings
from heartshare.warehouse.builds import close_build, open_build
from heartshare.warehouse.connections import open_writer
from heartshare.weeks import ReportingWeek

WEEK = ReportingWeek.parse("2026-W46")
AT = datetime(2026, 11, 20, 9, tzinfo=UTC)


@pytest.fixture
def settings(tmp_path):
    home = {
        "HEARTSHARE_HOME": str(tmp_path),
        "HEARTSHARE_PERSON_SALT": "pepper",
        "HEARTSHARE_TIMEZONE": "Europe/Berlin",
    }
    return Settings.from_env(home)


def build(settings, *, has_lists=True):
    with open_writer(settings) as connection:
        open_build(connection, WEEK, "build-1", AT)
        if has_lists:
            connection.execute(
                """
                create schema if not exists reports;
                create table reports.rpt_worklist as select
                    date '2026-11-09' as week_start, 'action' as list_code,
                    '1' as item_code, 1 as item_rank, 1 as evidence_rank,
                    'Orla Tessaline' as owner_name,
                    'answer_open_requests' as task_code, 'permits' as subject_code,
                    'permits' as theme_code, 'Permits' as theme_name,
                    null::varchar as asset_path, date '2026-11-18' as due_on,
                    'k' as evidence_key, 'reddit' as platform_code,
                    'marla_quill7' as account_name,
                    null::varchar as act_kind_code,
                    timestamp '2026-11-12 23:33' as occurred_at,
                    'The permit page is down' as full_text,
                    null::varchar as message_address,
                    null::varchar as conversation_title,
                    null::varchar as conversation_address
                """
            )
        close_build(connection, "build-1")


def test_sheet_names_the_person_in_local_time_and_only_its_owner_may_read_it(settings):
    build(settings)
    written = write_worklists(settings, WEEK)
    (sheet,) = written.sheets
    with sheet.open(encoding="utf-8-sig") as handle:
        (line,) = csv.DictReader(handle)
    assert (line["Account"], line["Written"]) == ("marla_quill7", "2026-11-13 00:33")
    assert sheet.stat().st_mode & 0o777 == 0o600
    assert sheet.parent.stat().st_mode & 0o777 == 0o700
    assert "give each to its owner only" in written.told(WEEK)


def test_sheets_of_an_earlier_week_go_when_new_ones_are_written(settings):
    build(settings)
    old = worklists_folder(settings) / "2026-W45" / "orla-tessaline.csv"
    old.parent.mkdir(parents=True)
    old.write_text("marla_quill7")
    write_worklists(settings, WEEK)
    write_worklists(settings, WEEK)
    names = [path.name for path in worklists_folder(settings).iterdir()]
    assert names == ["2026-W46"]


@pytest.mark.parametrize(
    ("week", "has_lists"),
    [
        pytest.param(WEEK.shift(-1), True, id="marts of another week"),
        pytest.param(WEEK, False, id="marts from before there were lists"),
    ],
)
def test_week_without_lists_is_refused_and_old_sheets_stay(settings, week, has_lists):
    build(settings, has_lists=has_lists)
    old = worklists_folder(settings) / "2026-W44"
    old.mkdir(parents=True)
    with pytest.raises(WorklistNotBuiltError, match=f"build --week {week.label}"):
        write_worklists(settings, week)
    assert old.exists()


def test_forgetting_a_person_leaves_no_sheet_not_even_one_written_meanwhile(
    settings, monkeypatch
):
    build(settings)
    rewrite = forgetting.rewrite_warehouse

    def written_first(*arguments, **named):
        write_worklists(settings, WEEK)
        rewrite(*arguments, **named)

    monkeypatch.setattr(forgetting, "rewrite_warehouse", written_first)
    request = ErasureRequest("reddit", ("marla_quill7",), "privacy desk", "by letter")
    forget_person(settings, request, at=AT)
    assert not worklists_folder(settings).exists()
