"""The gate end to end on a small file: states, secrets, waivers, files."""

import json
import subprocess
import sys
from datetime import UTC, date, datetime

import duckdb
import pytest
import yaml

from heartshare.orchestration.steps.judging import note_history
from heartshare.quality.checks import bind
from heartshare.quality.dialect import DuckDBCursor
from heartshare.quality.gate import Decision, State
from heartshare.quality.run import latest_verdict, run_gate
from heartshare.reporting.weekly.caveats import gate_facts
from heartshare.settings import Settings
from heartshare.warehouse.connections import WarehouseBusyError, WarehouseMissingError
from heartshare.weeks import ReportingWeek

WEEK = ReportingWeek.parse("2026-W46")
TODAY = date(2026, 11, 18)
AT = datetime(2026, 11, 18, 6, 30, tzinfo=UTC)
FLOOR = {
    "key": "not_empty",
    "severity": "critical",
    "why": "Others pass on no rows.",
    "expect": "ExpectTableRowCountToBeBetween",
    "with": {"min_value": 1},
}


def query(key, sql, severity="critical", **more):
    return {"key": key, "severity": severity, "why": "Reason.", "sql": sql, **more}


class Bench:
    """A home with one small table, and a way to judge it by given checks."""

    def __init__(self, folder):
        self.settings = Settings.from_env(
            {
                "HEARTSHARE_HOME": str(folder / "home"),
                "HEARTSHARE_EXPECTATIONS": str(folder / "expectations"),
                "HEARTSHARE_TIMEZONE": "Europe/Dublin",
            }
        )
        (self.settings.expectations / "suites").mkdir(parents=True)
        self.settings.home.mkdir()
        with duckdb.connect(str(self.settings.warehouse)) as connection:
            connection.execute(
                """
                create schema marts;
                create schema reports;
                create table marts.acts as
                select md5(i::varchar) as person_key, 'jane@example.org' as note_text,
                    date '2026-11-09' - (i % 2)::int * 7 as week_start, i as n
                from range(10) as numbers (i);
                create table reports.rpt_lines as select 'fine' as line_text;
                """
            )

    def judge(self, *checks, asset=None, waivers=(), today=TODAY, **options):
        suite = {
            "suite": "acts",
            "asks": "Is it right?",
            "owner": "data-engineering",
            "asset": asset or {"schema": "marts", "table": "acts", "slice": "week"},
            "checks": [FLOOR, *checks],
        }
        folder = self.settings.expectations
        (folder / "suites" / "10_acts.yml").write_text(yaml.safe_dump(suite))
        (folder / "waivers.yml").write_text(yaml.safe_dump({"waivers": list(waivers)}))
        return run_gate(self.settings, WEEK, "build-1", today=today, at=AT, **options)


@pytest.fixture
def bench(tmp_path):
    return Bench(tmp_path)


def test_clean_week_leaves_verdict_and_page(bench):
    verdict = bench.judge()
    folder = bench.settings.gate / "2026-W46" / "run-0001"
    assert verdict.verdict is Decision.CLEAN
    assert sorted(path.name for path in folder.iterdir()) == [
        "index.html",
        "verdict.json",
    ]
    assert json.loads((folder / "verdict.json").read_text())["verdict"] == "clean"
    assert latest_verdict(bench.settings, WEEK) == verdict


def test_week_slice_holds_this_week_only(bench):
    verdict = bench.judge(query("one_week", "select n from {batch} where n % 2 = 1"))
    assert verdict.verdict is Decision.CLEAN


def test_facts_are_read_once_however_many_checks_there_are(bench, monkeypatch):
    asked = []
    execute = DuckDBCursor.execute
    monkeypatch.setattr(
        DuckDBCursor,
        "execute",
        lambda self, sql, *more: (asked.append(sql), execute(self, sql, *more))[1],
    )
    checks = [
        query(f"check_{limit}", f"select n from {{batch}} where n > {limit}")
        for limit in (10, 20, 30)
    ]
    values = {"column": "n", "min_value": 0, "max_value": 9}
    between = "ExpectColumnValuesToBeBetween"
    checks.append({**FLOOR, "key": "few", "expect": between, "with": values})
    assert bench.judge(*checks).verdict is Decision.CLEAN
    readers = [sql for sql in asked if "marts.acts" in sql and " limit 0" not in sql]
    assert len(readers) == 1
    assert all(
        sum(f"n > {limit}" in sql for sql in asked) == 1 for limit in (10, 20, 30)
    )


def test_the_judged_file_stays_as_it_was(bench):
    before = bench.settings.warehouse.read_bytes()
    bench.judge(query("some", "select n from {batch} where n > 10"))
    assert bench.settings.warehouse.read_bytes() == before
    beside = bench.settings.home.glob(f"{bench.settings.warehouse.name}*")
    assert [path.name for path in beside] == [bench.settings.warehouse.name]


@pytest.mark.parametrize(
    ("needs", "state"),
    [
        ("select n from marts.acts where n > 99", State.PASSED),
        ("select n from marts.acts where week_start = :week - 7", State.FAILED),
        ("select count(*) from {batch} having count(*) >= 5", State.FAILED),
        ("select nothing from marts.acts", State.BROKEN),
    ],
    ids=["nothing there", "something there", "the rows themselves", "no such column"],
)
def test_check_is_spared_where_there_is_nothing_to_ask_about(bench, needs, state):
    verdict = bench.judge(query("none", "select n from {batch}", needs=needs))
    outcome = verdict.outcomes[1]
    assert outcome.state is state
    assert (outcome.observed == "there is nothing to ask about") is (
        state is State.PASSED
    )


def test_runs_are_numbered_and_the_last_one_counts(bench):
    bench.judge()
    blocked = bench.judge(query("none", "select n from {batch}"))
    assert (bench.settings.gate / "2026-W46" / "run-0002" / "held.txt").is_file()
    assert latest_verdict(bench.settings, WEEK) == blocked
    assert latest_verdict(bench.settings, WEEK.shift(1)) is None


@pytest.mark.parametrize(
    "check",
    [
        query("no_column", "select nothing from {batch}", "info"),
        query("no_table", "select 1 from {batch} join marts.gone using (n)", "info"),
        query("no_cast", "select note_text::int from {batch}", "info"),
        {
            **FLOOR,
            "key": "bad_argument",
            "severity": "info",
            "with": {"min_valu": 1},
        },
        {
            **FLOOR,
            "key": "bad_column",
            "severity": "info",
            "expect": "ExpectColumnMeanToBeBetween",
            "with": {"column": "gone", "min_value": 1},
        },
        {
            **FLOOR,
            "key": "bad_mostly",
            "severity": "info",
            "expect": "ExpectColumnValuesToNotBeNull",
            "with": {"column": "n", "mostly": 95},
        },
    ],
    ids=lambda check: check["key"],
)
def test_check_that_cannot_be_carried_out_blocks(bench, check):
    verdict = bench.judge(check)
    broken = verdict.outcomes[1]
    assert (broken.state, verdict.verdict) == (State.BROKEN, Decision.BLOCKED)
    assert broken.severity == "critical"


def test_missing_table_breaks_the_whole_suite(bench):
    verdict = bench.judge(asset={"schema": "marts", "table": "gone", "slice": "all"})
    assert [one.state for one in verdict.outcomes] == [State.BROKEN]


@pytest.mark.parametrize(
    ("expect", "arguments"),
    [
        ("ExpectColumnValuesToBeBetween", {"column": "n", "min_value": 0}),
        ("ExpectColumnValuesToMatchRegex", {"column": "person_key", "regex": "a"}),
        ("ExpectColumnMinToBeBetween", {"column": "n", "min_value": 0}),
        (
            "ExpectColumnDistinctValuesToContainSet",
            {"column": "n", "value_set": [1]},
        ),
        ("ExpectTableColumnsToMatchSet", {"column_set": ["n"]}),
    ],
)
def test_empty_week_is_described_not_crashed(bench, expect, arguments):
    """A result over no rows has no counts; it once took the whole gate down."""
    check = {**FLOOR, "key": "row_check", "expect": expect, "with": arguments}
    asset = {"schema": "marts", "table": "gone_quiet", "slice": "week"}
    with duckdb.connect(str(bench.settings.warehouse)) as connection:
        connection.execute("create table marts.gone_quiet as from marts.acts limit 0")
    verdict = bench.judge(check, asset=asset)
    assert verdict.verdict is Decision.BLOCKED
    assert verdict.outcomes[1].state in {State.PASSED, State.FAILED}
    assert "None" not in verdict.outcomes[1].observed


def test_nothing_written_quotes_a_value(bench):
    """Error messages of the engine quote the cell that could not be converted."""
    bench.judge(
        query("no_cast", "select note_text::int as n from {batch}"),
        query("leak", "select note_text as a_key from {batch}", example="a_key"),
        {
            **FLOOR,
            "key": "set",
            "expect": "ExpectColumnDistinctValuesToEqualSet",
            "with": {"column": "note_text", "value_set": ["a"]},
        },
    )
    folder = bench.settings.gate / "2026-W46" / "run-0001"
    for path in folder.iterdir():
        assert "example.org" not in path.read_text()
    outcome = latest_verdict(bench.settings, WEEK).outcomes[2]
    assert outcome.examples[0].startswith("md5:")


def test_example_keys_are_shown_at_most_five(bench):
    verdict = bench.judge(
        query("many", "select person_key from {batch}", example="person_key"),
        asset={"schema": "marts", "table": "acts", "slice": "all"},
    )
    examples = verdict.outcomes[1].examples
    assert len(examples) == 5
    assert all(len(key) == 32 for key in examples)
    assert verdict.outcomes[1].observed == "10 offending rows"


@pytest.mark.parametrize("content", [None, b"", b"no database", b"DUCK" * 2048])
def test_a_damaged_revision_does_not_hold_up_the_next_week(bench, content):
    revision = bench.settings.published / "rev-0007"
    revision.mkdir(parents=True)
    (revision / "manifest.json").write_text('{"week_label": "2026-W45"}')
    (bench.settings.published / "current").symlink_to("rev-0007")
    if content is not None:
        (revision / "heartshare.duckdb").write_bytes(content)
    verdict = bench.judge(query("none", "select n from {batch} where false"))
    assert verdict.is_publishable


def test_held_notice_names_the_last_good_revision(bench):
    revision = bench.settings.published / "rev-0007"
    revision.mkdir(parents=True)
    (revision / "manifest.json").write_text('{"week_label": "2026-W45"}')
    (bench.settings.published / "current").symlink_to("rev-0007")
    bench.judge(query("none", "select n from {batch}"))
    text = (bench.settings.gate / "2026-W46/run-0001/held.txt").read_text()
    assert "rev-0007 (2026-W45)" in text


@pytest.mark.parametrize(
    ("until", "expected"),
    [("2026-11-18", Decision.PUBLISHED_WITH_NOTES), ("2026-11-17", Decision.BLOCKED)],
)
def test_waiver_publishes_with_notes_until_its_last_day(bench, until, expected):
    waiver = {
        "check": "acts.none",
        "week": "2026-W46",
        "person": "Aoife Byrne",
        "reason": "Known.",
        "until": until,
    }
    verdict = bench.judge(query("none", "select n from {batch}"), waivers=[waiver])
    assert verdict.verdict is expected
    assert bool(verdict.waivers_ignored) is (expected is Decision.BLOCKED)


def test_override_stands_in_verdict_report_history_and_pages(bench):
    check = query("none", "select n from {batch}")
    waiver = {
        "check": "acts.none",
        "week": "2026-W46",
        "person": "Aoife Byrne",
        "reason": "The platform was down.",
        "until": "2026-11-20",
    }
    held = bench.judge(check)
    passed = bench.judge(check, waivers=[waiver])
    expired = bench.judge(check, waivers=[waiver], today=date(2026, 11, 21))
    decisions = [one.verdict for one in (held, passed, expired)]
    assert decisions == [
        Decision.BLOCKED,
        Decision.PUBLISHED_WITH_NOTES,
        Decision.BLOCKED,
    ]
    assert expired.waivers_ignored == (
        "Waiver 1 does not count: acts.none was waived until 2026-11-20.",
    )
    (note,) = gate_facts(passed.to_dict())["notes"]
    assert (
        "waived by Aoife Byrne until 2026-11-20: The platform was down" in note["text"]
    )

    note_history(bench.settings)
    with duckdb.connect(str(bench.settings.warehouse), read_only=True) as connection:
        rows = connection.execute(
            "select run_number, state_code, waived_by, waiver_reason, offending_count "
            "from meta.gate_findings join meta.gate_runs using (run_key) "
            "where check_code = 'acts.none' order by run_number"
        ).fetchall()
    assert rows == [
        (1, "failed", None, None, 5),
        (2, "waived", "Aoife Byrne", "The platform was down.", 5),
        (3, "failed", None, None, 5),
    ]
    gate = bench.settings.gate
    page = (gate / "2026-W46" / "run-0002" / "index.html").read_text()
    assert "Waived by Aoife Byrne until 2026-11-20: The platform was down." in page
    trend = (gate / "index.html").read_text()
    assert "acts.none was waived until 2026-11-20" in trend
    assert "href='2026-W46/run-0003/index.html'" in trend


def test_damaged_record_of_the_past_does_not_stop_the_gate(bench, caplog):
    bench.judge()
    path = bench.settings.gate / "2026-W46" / "run-0001" / "verdict.json"
    path.write_text("{")
    assert bench.judge().verdict is Decision.CLEAN
    assert "The gate's history has a hole" in caplog.text


def test_published_text_covers_every_table_without_being_told(bench):
    contact = query(
        "no_contacts",
        r"select column_name from {batch} where regexp_matches(value_text, '@\w{3,}')",
        example="column_name",
    )
    verdict = bench.judge(contact, asset={"published": "text"})
    assert verdict.outcomes[1].examples == ("note_text",)
    only_reports = bench.judge(
        contact, asset={"published": "text"}, published=["reports.rpt_lines"]
    )
    assert only_reports.verdict is Decision.CLEAN


def test_missing_warehouse_is_an_input_error(bench):
    bench.settings.warehouse.unlink()
    with pytest.raises(WarehouseMissingError, match="heartshare build"):
        bench.judge()


def test_warehouse_that_is_being_written_is_no_verdict(bench):
    code = f"""
import duckdb, sys
connection = duckdb.connect({str(bench.settings.warehouse)!r})
print("open", flush=True)
sys.stdin.read()
"""
    writer = subprocess.Popen(
        [sys.executable, "-c", code],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert writer.stdout.readline() == "open\n"
    with pytest.raises(WarehouseBusyError):
        bench.judge()
    writer.communicate()
    assert latest_verdict(bench.settings, WEEK) is None


def test_warehouse_can_be_written_after_the_gate(bench):
    bench.judge()
    with duckdb.connect(str(bench.settings.warehouse)) as connection:
        connection.execute("create table after_gate as select 1")


def test_bind_fills_the_week_and_keeps_casts_and_braces():
    sql = "select ':x'::week, :week, :week_starts_at from {batch} where r ~ 'a{2,}'"
    bound = bind(
        sql, WEEK, Settings.from_env({"HEARTSHARE_TIMEZONE": "Asia/Tokyo"}).timezone
    )
    assert "::week, DATE '2026-11-09', TIMESTAMP '2026-11-08 15:00:00'" in bound
    assert "{batch}" in bound
    assert "a{{2,}}" in bound


def test_importing_the_gate_imports_no_engine():
    """DAG files and reports import these modules; the engine costs seconds."""
    code = (
        "import sys, heartshare.quality.run, heartshare.quality.checks,"
        " heartshare.quality.notice; sys.exit('great_expectations' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
