"""Does a planted issue come first, and do quiet weeks raise nothing?

The models themselves run on 32 weeks of made-up talk. One text in forty of the last
week says that the login page keeps crashing; the 23 weeks before it that have eight
weeks behind them are quiet, however loud single people are.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

import duckdb
import pytest
from warehouse.dbt_builds import PROJECT, run_dbt
from warehouse.spoken_weeks import Talk, write_talk

if TYPE_CHECKING:
    from pathlib import Path

LAST_WEEK = date(2026, 11, 9)
TALK = Talk(weeks=32, texts_a_week=1000, last_week=LAST_WEEK, flood_texts=5000)
COMPARED_WEEKS = 24
MODELS = (
    "int_thresholds__pivoted",
    "int_term_texts__spoken",
    "int_term_weeks__counted",
    "int_name_words__listed",
    "int_name_words__judged",
    "int_withheld_terms__found",
    "int_term_baselines__summed",
    "int_term_weeks__compared",
    "int_emerging_terms__found",
    "int_emerging_terms__grouped",
    "int_issues__listed",
    "int_issue_posts__found",
    "int_issue_evidence__ranked",
    "agg_weekly_terms",
    "agg_weekly_term_baselines",
    "fct_issues",
    "fct_issue_evidence",
    "rpt_weekly_terms",
    "rpt_weekly_emerging",
)

pytestmark = pytest.mark.slow


def fill(connection: duckdb.DuckDBPyConnection, talk: Path) -> None:
    """Lay what the models read, in the shape that the models before them make."""
    connection.execute("create schema intermediate")
    connection.execute("create schema staging")
    connection.execute("create schema seeds")
    dated = ", types = {valid_from: 'date', valid_to: 'date'}"
    for seed, types in (("stop_words", ""), ("rule_thresholds", dated)):
        connection.execute(
            f"create table seeds.{seed} as from read_csv(?, header = true{types})",
            [str(PROJECT / "seeds" / f"{seed}.csv")],
        )
    connection.execute(
        "update seeds.rule_thresholds set threshold_value = ? "
        "where threshold_code = 'term_history_weeks'",
        [COMPARED_WEEKS],
    )
    connection.execute(
        "create table intermediate.int_interactions__classified as select "
        "md5(key) as interaction_key, person as person_key, text as full_text_key, "
        "'stakeholder' as actor_class_code, 'english' as language_bucket_code, "
        "'discourse' as platform_code, md5(key) as thread_key, "
        "cast(right(key, 2) as bigint) % 9 as like_count, occurred_at, "
        "day as occurred_date, week as occurred_week from read_csv(?, header = true, "
        "delim = ',', quote = '\"', "
        "columns = {key: 'varchar', person: 'varchar', text: 'varchar', "
        "occurred_at: 'timestamp', day: 'date', week: 'date'})",
        [str(talk)],
    )
    connection.execute(
        "create table intermediate.int_texts__gathered as select distinct "
        "full_text_key, full_text_key as full_text "
        "from intermediate.int_interactions__classified"
    )
    connection.execute(
        "create table intermediate.int_weeks__listed as select distinct "
        "occurred_week as week_start from intermediate.int_interactions__classified"
    )
    # People are called like the words of the issue and of the slogan.
    connection.execute(
        "create table intermediate.int_accounts__identified as select * from (values "
        "('Ola Page', 'crashing_bore', 'stakeholder'), "
        "('login', 'crashing', 'stakeholder'), "
        "('Una Zorblatt', 'una', 'stakeholder')) "
        "as t(display_name, account_handle, actor_class_code)"
    )
    connection.execute(
        "create table staging.stg_programme__employee_roster "
        "as select 'Ida Lind' as display_name"
    )
    connection.execute(
        "create table intermediate.int_topic_days__scored as select null::date as day, "
        "null::varchar as theme_code, null::double as burst_score, false as is_burst "
        "limit 0"
    )
    connection.execute(
        "create table intermediate.int_interaction_themes__matched as select "
        "null::varchar as interaction_key, null::varchar as theme_code, "
        "false as is_repeat limit 0"
    )


@pytest.fixture(scope="module")
def warehouse(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("terms")
    path = home / "warehouse.duckdb"
    write_talk(home / "talk.csv", TALK)
    with duckdb.connect(str(path)) as connection:
        fill(connection, home / "talk.csv")
    dated = {"week": LAST_WEEK.isoformat(), "as_of": "2026-11-23 00:00:00"}
    built = run_dbt(home, path, "run", "--select", *MODELS, **dated)
    assert built.failures() == {}
    assert len(built.statuses) == len(MODELS)
    return path


def ask(warehouse: Path, sql: str, *values: object) -> list[Any]:
    with duckdb.connect(str(warehouse), read_only=True) as connection:
        return connection.execute(sql, list(values)).fetchall()


def test_planted_issue_comes_first(warehouse: Path) -> None:
    found = ask(
        warehouse,
        "select rank, issue_kind_code, term_list, mention_count, author_count "
        "from reports.rpt_weekly_emerging order by rank",
    )
    assert len(found) == 1
    rank, kind, terms, mentions, authors = found[0]
    assert (rank, kind) == (1, "term")
    assert {"login page", "keeps crashing"} <= set(terms.split("|"))
    assert set(terms.split("|")) <= {"login page", "page keeps", "keeps crashing"}
    # Two people may say the same eight words by chance; they then count once.
    planted = TALK.texts_a_week * TALK.issue_ratio
    assert 0.8 * planted <= mentions <= planted
    assert authors >= 15


def test_quiet_weeks_raise_nothing(warehouse: Path) -> None:
    weeks = ask(
        warehouse,
        "select count(*), count(*) filter (evidence_code = 'enough') "
        "from marts.agg_weekly_term_baselines where week_start < ?",
        LAST_WEEK,
    )
    assert weeks == [(COMPARED_WEEKS - 1, COMPARED_WEEKS - 1)]
    raised = ask(
        warehouse,
        "select week_start, term_text, z_score from marts.agg_weekly_terms "
        "where is_emerging and week_start < ?",
        LAST_WEEK,
    )
    assert raised == []
    compared = ask(
        warehouse, "select count(*), max(z_score) from marts.agg_weekly_terms"
    )
    assert compared[0][0] > 100 * COMPARED_WEEKS


def test_one_author_fills_no_week(warehouse: Path) -> None:
    ((flooded, usual),) = ask(
        warehouse,
        "select max(all_mention_count) filter (week_start = ?), median("
        "all_mention_count) from marts.agg_weekly_terms "
        "where term_kind_code = 'word'",
        LAST_WEEK,
    )
    assert flooded < 1.2 * usual


def test_neither_names_nor_copies_are_terms(warehouse: Path) -> None:
    terms = {
        term
        for (term,) in ask(warehouse, "select term_text from marts.agg_weekly_terms")
    }
    assert "login page" in terms
    assert terms.isdisjoint({"zorblatt", "frabjous", "quimby bridge", "must resign"})
    few = ask(warehouse, "select min(author_count) from marts.agg_weekly_terms")
    assert few[0][0] >= 5


def test_chosen_names_hide_no_word(warehouse: Path) -> None:
    names = ask(
        warehouse,
        "select word from intermediate.int_name_words__listed "
        "where word in ('login', 'crashing', 'page') order by 1",
    )
    assert names == [("crashing",), ("login",), ("page",)]
    found = ask(
        warehouse,
        "select term_text from marts.agg_weekly_terms where week_start = ? "
        "and term_text in ('login', 'crashing', 'page') order by 1",
        LAST_WEEK,
    )
    assert found == names
    withheld = ask(
        warehouse,
        "select sum(withheld_term_count) from marts.agg_weekly_term_baselines",
    )
    assert withheld == [(0,)]


def test_evidence_is_of_different_authors_and_says_the_terms(warehouse: Path) -> None:
    shown = ask(
        warehouse,
        "select evidence.evidence_rank, posts.person_key, lower(posts.full_text_key) "
        "from marts.fct_issue_evidence as evidence "
        "inner join intermediate.int_interactions__classified as posts "
        "on evidence.interaction_key = posts.interaction_key order by 1",
    )
    assert [rank for rank, _, _ in shown] == [1, 2, 3, 4, 5]
    assert len({person for _, person, _ in shown}) == 5
    assert all("login page" in text and "keeps crashing" in text for *_, text in shown)
