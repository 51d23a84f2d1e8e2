"""One definition, checked twice: what is printed is what `mf query` says."""

import csv
import os
import re
import shutil
import subprocess

import duckdb
import pytest
from integration.bi.conftest import ROOT

pytestmark = pytest.mark.bi

SCORECARD = re.compile(
    r"select value from marts\.fct_metric_weeks where metric_id = '(\w+)' "
    r"and segment_kind_code = 'all' and segment_code = 'all' "
    r"and week_start = date '([\d-]+)'"
)
FUNNEL = re.compile(
    r"select (\w+) from marts\.rpt_weekly_funnel "
    r"where week_start = date '([\d-]+)' and stage_number = (\d)"
)
TONE = re.compile(
    r"select (\w+) from marts\.rpt_weekly_tone "
    r"where week_start = date '([\d-]+)' and segment_kind_code = 'all'"
)
#: Columns of the printed funnel by metric.
FUNNEL_METRICS = {"member_count": "funnel_members", "move_on_ratio": "move_on_ratio"}


@pytest.fixture(scope="module")
def query(environment, demo_home, warehouse_copy, tmp_path_factory):
    """Return a function: the rows of `mf query` for a saved query and week."""
    programs = environment("HEARTSHARE_SEMANTIC_VENV", ".venv-semantic", "mf")
    folder = tmp_path_factory.mktemp("semantic")
    project = shutil.copytree(
        ROOT / "dbt_project",
        folder / "dbt_project",
        ignore=shutil.ignore_patterns("target", "logs"),
    )
    env = {
        **os.environ,
        "HEARTSHARE_WAREHOUSE": str(warehouse_copy),
        "DBT_PROFILES_DIR": str(project),
        "DBT_SEND_ANONYMOUS_USAGE_STATS": "false",
        "DO_NOT_TRACK": "1",
    }

    def run(*command):
        done = subprocess.run(
            command, cwd=project, env=env, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]
        return done.stdout

    run(programs / "dbt", "parse", "--vars", f"{{week: {demo_home.manifest['week']}}}")

    def ask(saved_query, week):
        answer = folder / f"{saved_query}-{week}.csv"
        run(
            *(programs / "mf", "query", "--saved-query", saved_query),
            *("--where", f"{{{{ TimeDimension('metric_time', 'week') }}}} = '{week}'"),
            *("--csv", answer),
        )
        with answer.open(newline="") as file:
            return list(csv.DictReader(file))

    ask.validate = lambda: run(programs / "mf", "validate-configs")
    return ask


@pytest.fixture(scope="module")
def scorecard(query, demo_home):
    [row] = query("weekly_scorecard", demo_home.manifest["week"])
    return row


def figure(text):
    """Return a cell as the report rounds it; None where nothing was measured."""
    return None if text == "" else round(float(text), 9)


def same(text, printed):
    return figure(text) == (None if printed is None else round(float(printed), 9))


def test_every_figure_of_the_scorecard_equals_its_metric(scorecard, demo_home):
    with duckdb.connect(
        demo_home.path / "published/current/heartshare.duckdb", read_only=True
    ) as published:
        rows = published.execute(
            "select metric_id, value from marts.rpt_weekly_scorecard"
        ).fetchall()

    assert len(rows) >= 30
    assert sum(value is not None for _, value in rows) >= 25
    assert {
        metric: (value, scorecard[metric])
        for metric, value in rows
        if not same(scorecard[metric], value)
    } == {}


def test_every_metric_printed_on_the_report_equals_its_metric(scorecard, demo_home):
    week = demo_home.manifest["week"]
    printed = {
        found[1]: value
        for text, value in demo_home.printed
        if (found := SCORECARD.fullmatch(text)) and found[2] == week
    }

    assert len(printed) >= 20
    assert {
        metric: (value, scorecard[metric])
        for metric, value in printed.items()
        if not same(scorecard[metric], value)
    } == {}


def test_printed_funnel_equals_its_metrics(query, demo_home):
    week = demo_home.manifest["week"]
    stages = {
        row["funnel_week__stage_number"]: row for row in query("weekly_funnel", week)
    }
    printed = [
        (stages[found[3]][FUNNEL_METRICS[found[1]]], value)
        for text, value in demo_home.printed
        if (found := FUNNEL.fullmatch(text))
        and found[2] == week
        and found[1] in FUNNEL_METRICS
    ]

    assert len(printed) >= 10
    assert [pair for pair in printed if not same(*pair)] == []


def test_printed_tone_equals_its_metrics(query, demo_home):
    week = demo_home.manifest["week"]
    [tone] = query("weekly_tone", week)
    printed = {
        found[1]: value
        for text, value in demo_home.printed
        if (found := TONE.fullmatch(text)) and found[2] == week and found[1] in tone
    }

    assert printed.keys() >= {"naive_net_sentiment", "calibrated_net_sentiment"}
    assert {
        name: (value, tone[name])
        for name, value in printed.items()
        if not same(tone[name], value)
    } == {}


def test_metricflow_finds_no_fault_in_the_declarations(query):
    assert "ERRORS: 0" in query.validate()
