"""Nine weeks of different fortunes read, and weigh, what was looked at and kept.

After a wanted change: PYTHONPATH=tests .venv/bin/python -m unit.reporting.goldens
"""

import io
import json

import pypdf
import pytest
from unit.reporting.goldens import GOLDEN, make
from unit.reporting.scenarios import SCENARIOS

from heartshare.quality.gate import WeekHeldError
from heartshare.reporting.rendering.render import render_issue

_RENEW = "wanted? PYTHONPATH=tests .venv/bin/python -m unit.reporting.goldens"
_PDF_BYTES = 400_000
_MAIL_PAGE_BYTES = 100_000
_FEWEST_WORDS = 60


@pytest.fixture(scope="module", params=SCENARIOS)
def told(request, tmp_path_factory):
    name = request.param
    return name, make(name, tmp_path_factory.mktemp(name))


def kept(name, file):
    return (GOLDEN / name / file).read_text(encoding="utf-8")


def test_scenario_tells_its_own_story(told):
    name, made = told
    words = "\n".join(made.texts.values())
    for phrase in SCENARIOS[name].reads:
        assert phrase in words


def test_words_are_those_that_were_kept(told):
    name, made = told
    for place, text in made.texts.items():
        assert text == kept(name, f"{place}.txt"), f"{place}: {_RENEW}"


def test_facts_are_those_that_were_kept(told):
    name, made = told
    if made.facts is not None:
        changed = differences(json.loads(kept(name, "facts.json")), made.facts)
        assert changed == [], _RENEW


def differences(old, new, path=""):
    """Return every path whose value changed, with before and now."""
    if isinstance(old, dict) and isinstance(new, dict):
        pairs = [(key, old.get(key), new.get(key)) for key in sorted({*old, *new})]
    elif isinstance(old, list) and isinstance(new, list) and len(old) == len(new):
        pairs = list(zip(range(len(old)), old, new, strict=True))
    else:
        return [] if old == new else [(path, old, new)]
    return [
        found
        for key, before, now in pairs
        for found in differences(before, now, f"{path}/{key}")
    ]


def test_bytes_are_those_that_were_kept(told):
    name, made = told
    assert made.digests() == json.loads(kept(name, "digests.json")), (
        f"words and facts are compared above; look at pictures; {_RENEW}"
    )


def test_golden_folder_holds_this_scenario_and_nothing_else(told):
    name, made = told
    found = {path.name for path in (GOLDEN / name).iterdir()}
    assert found == set(made.golden())


def test_files_are_small_enough_to_send(told):
    _, made = told
    assert len(made.files.get("report.pdf", b"")) < _PDF_BYTES
    page = made.files.get("report.eml", b"").partition(b"Content-Type: image")[0]
    assert len(page) < _MAIL_PAGE_BYTES


def test_what_runs_over_the_end_of_a_page_leaves_none_nearly_empty(told):
    _, made = told
    if made.facts is not None:
        pages = pypdf.PdfReader(io.BytesIO(made.files["report.pdf"])).pages
        words = [len(page.extract_text().split()) for page in pages]
        assert min(words[:-1]) >= _FEWEST_WORDS, words


def test_held_week_has_a_notice_and_no_report(tmp_path):
    scenario = SCENARIOS["held"]
    with scenario.open() as connection:
        facts = scenario.facts(connection)
    with pytest.raises(WeekHeldError):
        render_issue(facts, scenario.verdict(), tmp_path / "out")
    assert not (tmp_path / "out").exists()
    assert set(make("held", tmp_path).files) == {"notice.eml"}


def test_every_golden_belongs_to_a_scenario():
    assert {path.name for path in GOLDEN.iterdir()} == set(SCENARIOS)
