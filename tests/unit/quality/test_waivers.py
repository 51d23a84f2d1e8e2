"""Which waivers count, and that the others are named."""

from datetime import date

import pytest

from heartshare.quality.waivers import UnreadableWaiversError, load_waivers
from heartshare.weeks import ReportingWeek

TODAY = date(2026, 11, 18)
REFS = {"arrival.covers_week"}
COMPLETE = {
    "check": "arrival.covers_week",
    "week": "2026-W46",
    "person": "Aoife Byrne",
    "reason": "The platform was down on Friday.",
    "until": "2026-11-20",
}


@pytest.fixture
def write(tmp_path):
    def write_entry(**fields):
        path = tmp_path / "waivers.yml"
        lines = [f"  {name}: {value}" for name, value in fields.items()]
        path.write_text("waivers:\n-" + "\n".join(lines)[1:] + "\n", encoding="utf-8")
        return load_waivers(path, REFS, today=TODAY)

    return write_entry


def test_complete_waiver_counts(write):
    found = write(**COMPLETE)
    assert found.ignored == ()
    assert found.waivers[0].week == ReportingWeek.parse("2026-W46")
    assert found.waivers[0].until == date(2026, 11, 20)


def test_waiver_counts_on_its_last_day(write):
    assert write(**{**COMPLETE, "until": TODAY}).waivers


@pytest.mark.parametrize("field", COMPLETE)
def test_waiver_without_a_field_does_not_count(write, field):
    found = write(**{**COMPLETE, field: ""})
    assert found.waivers == ()
    assert f"{field} missing" in found.ignored[0]


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"until": "2026-11-17"}, "was waived until 2026-11-17"),
        ({"until": "soon"}, "until soon is not a day"),
        ({"week": "last week"}, "last week names no week"),
        ({"check": "arrival.covers_weeks"}, "did you mean arrival.covers_week?"),
        ({"check": "[arrival, week]"}, "no check is called"),
        ({"severity": "info"}, "unknown field severity"),
    ],
)
def test_waiver_that_is_wrong_does_not_count(write, changes, reason):
    found = write(**{**COMPLETE, **changes})
    assert found.waivers == ()
    assert reason in found.ignored[0]


def test_waiver_file_may_be_absent(tmp_path):
    assert load_waivers(tmp_path / "none.yml", REFS, today=TODAY).waivers == ()


@pytest.mark.parametrize(
    "text",
    [
        b"- a\n",
        b"waivers: all\n",
        b"waiver: []\n",
        b"a: [\n",
        b"waivers: [{person: J\xf6rg}]\n",
    ],
)
def test_waiver_file_of_another_shape_is_refused(tmp_path, text):
    path = tmp_path / "waivers.yml"
    path.write_bytes(text)
    with pytest.raises(UnreadableWaiversError, match=r"waivers\.yml"):
        load_waivers(path, REFS, today=TODAY)


def test_folder_in_place_of_the_waiver_file_is_named(tmp_path):
    """Docker makes one where a file that is to be mounted does not exist."""
    (tmp_path / "waivers.yml").mkdir()
    with pytest.raises(UnreadableWaiversError, match="cannot be read"):
        load_waivers(tmp_path / "waivers.yml", REFS, today=TODAY)
