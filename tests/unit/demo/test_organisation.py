"""The files as they arrive: which, when, and always the same."""

import os
import re
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

from heartshare.demo import story
from heartshare.demo.organisation import write_correction, write_history, write_week
from heartshare.exports.inspection import inspect_file
from heartshare.weeks import ReportingWeek

SOURCES = {
    "facebook_rivermark",
    "instagram_rivermark",
    "x_rivermark",
    "linkedin_rivermark",
    "youtube_rivermark",
    "discourse_community",
    "reddit_community",
    "ga4_website",
    "hubspot_crm",
    "programme",
}
LAST = story.LAST_WEEK


def _state(inbox: Path) -> dict[str, tuple[bytes, float]]:
    return {
        str(path.relative_to(inbox)): (path.read_bytes(), path.stat().st_mtime)
        for path in inbox.rglob("*")
        if path.is_file()
    }


def test_another_process_writes_the_same_bytes_and_times(early_inbox, tmp_path):
    subprocess.run(
        [
            sys.executable,
            "-m",
            "heartshare.demo.organisation",
            str(tmp_path),
            "--until",
            "2026-W08",
        ],
        check=True,
        env={**os.environ, "PYTHONHASHSEED": "7", "TZ": "Asia/Tokyo"},
    )

    assert _state(tmp_path) == _state(early_inbox)


def test_every_source_delivers_in_every_week(early_inbox):
    for source in SOURCES:
        arrived = {
            datetime.fromtimestamp(path.stat().st_mtime, UTC).date()
            for path in (early_inbox / source).iterdir()
        }
        assert {week.shift(1).monday for week in _weeks("2026-W08")} <= arrived


def _weeks(last: str) -> list[ReportingWeek]:
    return list(story.FIRST_WEEK.until(ReportingWeek.parse(last)))


def test_exports_arrive_on_monday_from_three_in_the_morning(early_inbox):
    for path in early_inbox.rglob("*.*"):
        moment = datetime.fromtimestamp(path.stat().st_mtime, UTC)
        assert moment.isoweekday() == 1
        assert moment.hour in (3, 4)


def test_a_single_week_equals_the_same_week_of_the_history(early_inbox, tmp_path):
    week = ReportingWeek.parse("2026-W07")

    write_week(tmp_path, week)

    history = _state(early_inbox)
    single = _state(tmp_path)
    assert single
    assert single.items() <= history.items()


def test_the_bad_week_comes_with_its_correction(tmp_path):
    bad = write_week(tmp_path, LAST, bad=True)
    corrected = write_correction(tmp_path, LAST)

    assert {path.parent.name for path in corrected} == {
        "youtube_rivermark",
        "x_rivermark",
    }
    assert not {path.name for path in bad} & {path.name for path in corrected}
    for path in corrected:
        moment = datetime.fromtimestamp(path.stat().st_mtime, UTC)
        assert moment.date().isoformat() == "2026-11-18"


def test_the_history_holds_the_bad_week_as_it_happened(tmp_path, monkeypatch):
    monkeypatch.setattr(story, "FIRST_WEEK", LAST)

    paths = write_history(tmp_path, until=LAST)

    names = [path.name for path in paths if path.parent.name == "youtube_rivermark"]
    assert [" (1)" in name for name in names] == [False, True]


def test_a_correction_states_what_a_good_export_would_have_stated(tmp_path):
    write_week(tmp_path / "good", LAST)
    corrected = write_correction(tmp_path / "again", LAST)

    for path in corrected:
        name = path.name.replace(" (1)", "")
        good = tmp_path / "good" / path.parent.name / name
        assert path.read_bytes() == good.read_bytes()


def test_every_file_is_read_by_a_contract_and_one_row_is_rejected(tmp_path):
    paths = write_week(tmp_path, ReportingWeek.parse("2026-W06"))
    topics = [path for path in paths if path.parent.name == "discourse_community"]

    rejected = {}
    for path in [path for path in paths if path not in topics[3:]]:
        inspection = inspect_file(path)
        assert inspection.contract, path.name
        assert not inspection.drift, path.name
        if inspection.rows_rejected:
            rejected[path.parent.name] = inspection.rows_rejected

    assert rejected == {"facebook_rivermark": 1}


def test_no_address_outside_the_example_domain(early_inbox):
    address = re.compile(rb"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
    found = {
        match
        for path in early_inbox.rglob("*.*")
        for match in address.findall(path.read_bytes())
    }

    assert found
    assert all(one.endswith(b"@example.org") for one in found)
