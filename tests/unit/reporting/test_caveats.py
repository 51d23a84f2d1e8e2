"""Caveats: gate notes first, then what thin or young data asks for."""

from dataclasses import replace

import pytest
from unit.reporting import issues

from heartshare.language import speaking
from heartshare.reporting.weekly.caveats import gate_facts


def test_gate_facts_of_a_clean_week_hold_no_notes():
    gate = gate_facts(issues.verdict().to_dict())
    assert gate["text"] == "Data gate passed: 3 of 3 checks"
    assert gate["notes"] == []
    assert gate["tone"] == "good"


def test_gate_facts_print_each_warning_with_what_was_observed():
    failed = issues.outcome(
        "history/volume_is_usual", severity="warning", state="failed"
    )
    gate = gate_facts(issues.verdict(failed).to_dict())
    assert gate["text"] == "Data gate passed with notes: 3 of 4 checks"
    assert gate["notes"][0]["text"] == (
        "Check “volume is usual” did not pass (9 rows, 14 to 31 is usual)."
    )
    assert gate["notes"][0]["why"].startswith("A week far below its usual band")


def test_gate_facts_name_who_waived_a_check_until_when_and_why():
    waived = issues.outcome("history/volume_is_usual", state="waived")
    text = gate_facts(issues.verdict(waived).to_dict())["notes"][0]["text"]
    assert text == (
        "Check “volume is usual” was waived by Ana Silva until 2026-11-30: "
        "the account paused (9 rows, 14 to 31 is usual)."
    )


def test_data_caveats_tell_of_language_and_rejected_rows():
    with issues.open_published() as connection:
        caveats = issues.facts(connection)["caveats"]
    assert any("not in English" in text for text in caveats)
    assert any(text.startswith("3 rows could not be read") for text in caveats)


def test_data_caveats_tell_of_immature_and_provisional_figures():
    with issues.open_published(weeks=14) as connection:
        connection.execute(
            "update marts.fct_metric_weeks set is_mature = false "
            "where metric_id = 'favourability'"
        )
        caveats = issues.facts(connection)["caveats"]
    assert "Favourability is still being counted for this week." in caveats
    assert any("provisional until 20" in text for text in caveats)


def test_data_caveats_tell_of_usual_ranges_made_of_posts_that_were_read_late():
    with issues.open_published() as connection:
        timely = issues.facts(connection)
        connection.execute(
            "update marts.fct_metric_limits set late_week_count = 12 "
            "where metric_id in ('applause_rate', 'amplification_rate', "
            "'favourability')"
        )
        late = issues.facts(connection)
    notes = {row["metric_id"]: row["note"] for row in late["dialogue"]["rows"]}
    assert notes["amplification_rate"] == "usual range from posts read late"
    assert not [text for text in timely["caveats"] if "first read" in text]
    (caveat,) = (text for text in late["caveats"] if "first read" in text)
    assert caveat == (
        "The usual ranges of 2 measures rest on posts first read two weeks or more "
        "after they appeared; this week may look weak beside them."
    )


def test_a_revision_from_before_late_posts_were_counted_is_reported_without_them():
    with issues.open_published() as connection:
        facts = issues.facts(connection)
        connection.execute(
            "alter table marts.fct_metric_limits drop column late_week_count"
        )
        assert issues.facts(connection)["caveats"] == facts["caveats"]


def test_data_caveats_tell_of_figures_that_changed_after_they_were_printed():
    with issues.open_published() as connection:
        facts = issues.facts(connection)
        connection.execute(
            "update marts.rpt_restatements set cause_code = 'still_counted'"
        )
        expected = issues.facts(connection)["caveats"]
    sentence = (
        "2 figures that issue 1 of week 45 printed have changed since; "
        "1 of them was still being counted then."
    )
    assert facts["caveats"][-1] == sentence
    assert sentence not in expected


@pytest.mark.parametrize(
    ("observed", "english", "german"),
    [
        ("1 offending row", "1 offending row", "1 abweichende Zeile"),
        ("1,204 offending rows", "1,204 offending rows", "1.204 abweichende Zeilen"),
        ("3 of 1,840 rows", "3 of 1,840 rows", "3 von 1.840 Zeilen"),
        (
            "2 unexpected and 0 missing columns",
            "2 unexpected and 0 missing columns",
            "2 unerwartete und 0 fehlende Spalten",
        ),
        ("no rows", "no rows", "keine Zeilen"),
        ("0.25", "0.25", "0.25"),
    ],
)
def test_what_a_check_counted_is_said_in_the_language(observed, english, german):
    failed = issues.outcome("history/volume_is_usual", state="failed")
    verdict = issues.verdict(replace(failed, observed=observed)).to_dict()
    told = gate_facts(verdict)["notes"][0]["text"]
    assert told == f"Check “volume is usual” did not pass ({english})."
    with speaking("de"):
        told = gate_facts(verdict)["notes"][0]["text"]
    assert told.endswith(f"nicht bestanden ({german}).")
