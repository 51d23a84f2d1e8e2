"""Is a text read once, and does nothing of it stay when no act bears it any more?

The reading of texts and of their sentences is kept from build to build. A warehouse
that was built on other acts, rules and phrases before must hold what a fresh one holds.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import duckdb
import pytest
from warehouse.dbt_builds import PROJECT, Build, run_dbt

if TYPE_CHECKING:
    from pathlib import Path

MODELS = (
    "int_organisation_names__worded",
    "int_phrases__listed",
    "int_texts__gathered",
    "int_texts__read",
    "int_text_phrases__named",
    "int_sentences__read",
    "int_sentence_aspects__matched",
)
#: What the earlier build saw, and what the later one sees: a text less, a text more.
EARLIER = ("The library opens at nine.", "Thanks for the new playground!", "I am Thorn")
LATER = ("The library opens at nine.", "Thanks for the new playground!", "Who is it?")
FORGOTTEN = "I am Thorn"
#: What only the earlier build can have found in a text that speaks of no such thing.
PLANTED = "value_price"

pytestmark = pytest.mark.slow


def lay(
    warehouse: Path, texts: tuple[str, ...], phrase: str, rule_version: int = 1
) -> None:
    """Lay what the models read, in the shape that the models before them make."""
    with duckdb.connect(str(warehouse)) as connection:
        connection.execute(
            "create schema if not exists intermediate; "
            "create schema if not exists seeds; "
            "create or replace table seeds.tonality_rules as from read_csv(?, "
            "header = true, types = {valid_from: 'date', valid_to: 'date'})",
            [str(PROJECT / "seeds" / "tonality_rules.csv")],
        )
        connection.execute(
            "create or replace table intermediate.int_interactions__unioned as select "
            "md5(body_text) as full_text_key, null::varchar as titled_text_key, "
            "null::varchar as title_text, body_text "
            "from unnest(?) as acts (body_text)",
            [list(texts)],
        )
        connection.execute(
            "create schema if not exists staging; "
            "create or replace table staging.stg_listening__sentence_scores as select "
            "md5(body_text) as text_key, 1::bigint as sentence_number, "
            "1::bigint as first_character, length(body_text) as character_count, "
            "0.5 as compound_score from unnest(?) as acts (body_text)",
            [list(texts)],
        )
        connection.execute(
            "create or replace table seeds.aspect_rules as "
            "select * replace (? as rule_version) from read_csv(?, "
            "header = true, types = {valid_from: 'date', valid_to: 'date'})",
            [rule_version, str(PROJECT / "seeds" / "aspect_rules.csv")],
        )
        connection.execute(
            "create or replace table intermediate.int_themes__worded as "
            "select ? as keyword_text",
            [f" {phrase} "],
        )
        connection.execute(
            "create or replace table intermediate.int_tracked_entities__worded as "
            "select ' rivertown ' as keyword_text"
        )
        connection.execute(
            "create or replace table intermediate.int_accounts__declared as select "
            "'rivertown' as account_handle, 'Rivertown' as account_name, "
            "'org' as actor_class_code, 'channel' as platform_kind_code"
        )


def read(home: Path, warehouse: Path, as_of: str) -> Build:
    built = run_dbt(home, warehouse, "run", "--select", *MODELS, as_of=as_of)
    assert built.failures() == {}
    return built


def ask(warehouse: Path, sql: str, *values: object) -> list[Any]:
    with duckdb.connect(str(warehouse)) as connection:
        return connection.execute(sql, list(values)).fetchall()


def readings(warehouse: Path) -> list[Any]:
    return ask(warehouse, "from intermediate.int_texts__read order by full_text_key")


def sentences(warehouse: Path) -> list[Any]:
    return ask(warehouse, "from intermediate.int_sentences__read order by text_key")


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("texts")


@pytest.fixture(scope="module")
def kept(home: Path) -> Path:
    """A warehouse of the earlier build, with a reading that only it can have made."""
    path = home / "kept" / "warehouse.duckdb"
    path.parent.mkdir()
    lay(path, EARLIER, "library")
    read(home, path, "2026-03-02 00:00:00")
    ask(
        path,
        "update intermediate.int_texts__read set is_thanks = false "
        "where full_text_key = md5('Thanks for the new playground!')",
    )
    ask(
        path,
        f"update intermediate.int_sentences__read set value_rule_id = '{PLANTED}' "
        "where text_key = md5('Thanks for the new playground!')",
    )
    return path


def test_second_build_reads_what_is_new_and_forgets_what_is_gone(
    home: Path, kept: Path
) -> None:
    lay(kept, LATER, "library")
    read(home, kept, "2026-03-09 00:00:00")
    assert [key for (key, *_) in readings(kept)] == sorted(
        ask(kept, "select md5(?)", text)[0][0] for text in LATER
    )
    named = [("Who is it?", True), ("Thanks for the new playground!", False)]
    for text, is_read_now in named:
        flags = ask(
            kept,
            "select is_question or is_thanks from intermediate.int_texts__read "
            "where full_text_key = md5(?)",
            text,
        )
        assert flags == [(is_read_now,)], text


def test_second_build_keeps_the_sentences_that_it_knows(home: Path, kept: Path) -> None:
    lay(kept, LATER, "library")
    read(home, kept, "2026-03-09 00:00:00")
    assert [key for (key, *_) in sentences(kept)] == sorted(
        ask(kept, "select md5(?)", text)[0][0] for text in LATER
    )
    matched = ask(kept, "from intermediate.int_sentence_aspects__matched")
    assert [(aspect, rule) for (_, _, _, aspect, rule, _) in matched] == [
        ("value", PLANTED)
    ]


def test_forgotten_text_is_in_no_table(home: Path, kept: Path) -> None:
    lay(kept, LATER, "library")
    read(home, kept, "2026-03-09 00:00:00")
    ((key,),) = ask(kept, "select md5(?)", FORGOTTEN)
    tables = ask(
        kept,
        "select table_name from information_schema.tables "
        "where table_schema = 'intermediate'",
    )
    for (table,) in tables:
        found = ask(
            kept,
            f"select count(*) from intermediate.{table} as built "
            "where contains(cast(built as varchar), ?) "
            "or contains(cast(built as varchar), ?)",
            key,
            FORGOTTEN,
        )
        assert found == [(0,)], table


def test_warehouse_with_a_past_holds_what_a_fresh_one_holds(
    home: Path, kept: Path
) -> None:
    """Another phrase or rule is a reason to read everything again, the altered too."""
    lay(kept, LATER, "playground", rule_version=2)
    read(home, kept, "2026-03-09 00:00:00")
    fresh = home / "fresh" / "warehouse.duckdb"
    fresh.parent.mkdir()
    lay(fresh, LATER, "playground", rule_version=2)
    read(home, fresh, "2026-03-09 00:00:00")
    assert readings(kept) == readings(fresh)
    assert sentences(kept) == sentences(fresh)
    assert len(readings(fresh)) == len(sentences(fresh)) == len(LATER)
    named = "select * from intermediate.int_text_phrases__named order by all"
    assert ask(kept, named) == ask(fresh, named)
    assert len(ask(fresh, named)) == 1
