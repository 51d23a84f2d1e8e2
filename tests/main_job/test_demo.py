"""The main job for the demo organisation: held, corrected, published, delivered."""

import csv
import email
import email.policy
import json
from pathlib import Path

import duckdb
import pypdf
import pytest
from unit.reporting.reconciliation import Reconciliation

from heartshare.orchestration.steps.rendering_again import render_again

pytestmark = pytest.mark.slow
ARTEFACTS = (
    "report_html",
    "report_pdf",
    "report_email",
    "published_db",
    "manifest",
    "verdict",
)


def _mails(home):
    """Every caught message by its file, <issue>--<recipient>; a repeat ends in --2."""
    return {
        path.stem: email.message_from_bytes(
            path.read_bytes(), policy=email.policy.default
        )
        for path in sorted((home / "mail").rglob("*.eml"))
    }


def _figures(node):
    """Every figure below a node: its value and the query that yields it."""
    if isinstance(node, dict):
        if {"value", "query"} <= node.keys():
            yield node
        for child in node.values():
            yield from _figures(child)
    elif isinstance(node, list):
        for child in node:
            yield from _figures(child)


@pytest.mark.parametrize("key", ARTEFACTS)
def test_demo_leaves_its_artefacts(demo, key):
    assert Path(demo.summary[key]).stat().st_size > 0


def test_demo_says_where_everything_is(demo):
    assert all(demo.summary[key] in demo.output for key in ARTEFACTS)


def test_demo_finds_every_planted_fact(demo):
    planted = demo.summary["planted"]
    assert len(planted) >= 4
    assert all(planted.values()), planted


def test_bad_week_is_held_and_its_correction_is_a_new_revision(demo):
    runs = sorted((demo.home / "gate" / "2026-W46").glob("run-*/verdict.json"))
    verdicts = [json.loads(path.read_text()) for path in runs]
    assert verdicts[0]["verdict"] == "blocked"
    assert verdicts[-1]["verdict"] in {"clean", "published_with_notes"}
    weeks = {
        path.parent.name: json.loads(path.read_text())["week"]
        for path in (demo.home / "published").glob("rev-*/manifest.json")
    }
    assert weeks == {"rev-0001": "2026-11-02", "rev-0002": "2026-11-09"}


def test_held_notice_went_to_owners_only_and_names_no_values(demo):
    held = {
        name: mail
        for name, mail in _mails(demo.home).items()
        if "HELD" in mail["subject"]
    }
    assert [name.split("--")[1] for name in held] == ["owner@example.org"]
    [mail] = held.values()
    text = mail.get_body(("plain",)).get_content()
    assert "rows_match_declared_totals" in text
    assert "2026-W46" in text


def test_each_reader_gets_each_issue_once(demo):
    sent = [name.split("--") for name in _mails(demo.home) if "held" not in name]
    assert all(len(parts) == 2 for parts in sent), "somebody got an issue twice"
    readers = {
        issue: {reader for name, reader in sent if name == issue} for issue, _ in sent
    }
    assert readers.keys() == {"2026-W45.r1", "2026-W46.r1"}
    assert readers["2026-W45.r1"] == readers["2026-W46.r1"]
    assert len(readers["2026-W46.r1"]) >= 3


def test_archive_shows_the_held_week_beside_its_report(demo):
    week = demo.home / "archive" / "2026-W46"
    assert sorted(path.name for path in week.iterdir()) == ["held-run-0001", "r1"]
    index = (demo.home / "archive" / "index.html").read_text()
    assert "2026-W46/held-run-0001/" in index


def test_every_figure_of_the_report_equals_its_query_on_the_published_marts(demo):
    facts = json.loads(
        Path(demo.summary["report_html"]).with_name("facts.json").read_text()
    )
    figures = list(_figures(facts))
    assert len(figures) >= 15
    with duckdb.connect(demo.summary["published_db"], read_only=True) as connection:
        for figure in figures:
            rows = connection.execute(figure["query"]).fetchall()
            found = str(rows[0][0]) if rows else "None"
            wanted = figure["value"]
            if isinstance(wanted, float):
                assert float(found) == pytest.approx(wanted), figure
            else:
                assert found == str(wanted), figure


def test_every_number_of_the_report_is_that_of_the_published_marts(demo):
    facts = json.loads(
        Path(demo.summary["report_html"]).with_name("facts.json").read_text()
    )
    verdict = json.loads(Path(demo.summary["verdict"]).read_text())
    with duckdb.connect(demo.summary["published_db"], read_only=True) as connection:
        found = Reconciliation(connection, facts, verdict)
    assert found.problems == []
    assert min(found.counts[kind] for kind in ("figures", "numbers", "texts")) > 100


def test_every_issue_comes_out_of_its_own_facts_byte_for_byte(demo):
    found = [*render_again(demo.home / "archive", "all")]
    assert len(found) >= 2
    assert [issue.lines() for issue in found if not issue.is_same] == []


def test_pdf_is_tagged_and_says_what_the_page_says(demo):
    reader = pypdf.PdfReader(demo.summary["report_pdf"])
    assert reader.trailer["/Root"]["/MarkInfo"]["/Marked"]
    assert reader.trailer["/Root"]["/Lang"]
    facts = json.loads(
        Path(demo.summary["report_html"]).with_name("facts.json").read_text()
    )
    first = " ".join(reader.pages[0].extract_text().split())
    assert facts["issue"]["organisation"] in first
    assert "Is advocacy growing?" in first


def test_published_marts_name_nobody(demo):
    with duckdb.connect(demo.summary["published_db"], read_only=True) as connection:
        columns = connection.execute(
            "select table_name, column_name from duckdb_columns() "
            "where schema_name = 'marts' and data_type = 'VARCHAR'"
        ).fetchall()
        for table, column in columns:
            found = connection.execute(
                f'select count(*) from marts."{table}" where regexp_matches('
                f""""{column}", '[A-Za-z0-9._%+-]+@[A-Za-z0-9-]+[.][A-Za-z]+')"""
            ).fetchall()
            assert found == [(0,)], (table, column)


def test_labelled_sheets_keep_no_words_of_what_was_labelled(demo):
    sheets = sorted((demo.home / "labelling").glob("*.csv"))
    assert len(sheets) == 8
    for sheet in sheets:
        rows = list(csv.DictReader(sheet.read_text("utf-8-sig").splitlines()))
        assert sum(bool(row["label"]) for row in rows) >= 100
        assert not any(row["text"] for row in rows if row["label"])
        if "W46" not in sheet.name:
            assert not any(row["text"] for row in rows)


def test_second_run_does_only_what_is_new(demo, run_demo):
    before = _mails(demo.home)
    revisions = sorted((demo.home / "published").glob("rev-*"))
    parquet = {
        path: path.stat().st_mtime_ns
        for path in (demo.home / "published").rglob("*.parquet")
    }
    again = run_demo(demo.home)
    assert again.summary == demo.summary
    assert len(_mails(demo.home)) == len(before)
    assert sorted((demo.home / "published").glob("rev-*")) == revisions
    assert parquet == {path: path.stat().st_mtime_ns for path in parquet}
