from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

import duckdb
import pytest

from heartshare.listening import readings, scoring
from heartshare.listening.scoring import score_new_texts

if TYPE_CHECKING:
    from collections.abc import Iterator

COLUMNS = [("raw.discourse__posts", "post_text"), ("raw.x__posts", "post_text")]
POSTS = [
    "I don\u2019t like it",
    "no me gusta nada, el permiso no se renueva",
    "\U0001f60d",
    " ",
    None,
    "great service, thank you",
    "great service, thank you",
]


@pytest.fixture
def connection() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as opened:
        opened.execute("create schema raw")
        for table, _ in COLUMNS:
            opened.execute(f"create table {table} (post_text varchar)")
        add_posts(opened, POSTS)
        yield opened


def add_posts(
    connection: duckdb.DuckDBPyConnection,
    texts: list[str | None],
    table: str = "raw.discourse__posts",
) -> None:
    connection.executemany(f"insert into {table} values (?)", [[t] for t in texts])


def rows(connection: duckdb.DuckDBPyConnection) -> list[tuple]:
    return connection.execute("from raw.listening__text_scores").fetchall()


def row_of(connection: duckdb.DuckDBPyConnection, text: str) -> dict:
    relation = connection.execute(
        "from raw.listening__text_scores where text_hash = ?",
        [hashlib.md5(text.encode()).hexdigest()],
    )
    names = [column[0] for column in relation.description]
    (row,) = relation.fetchall()
    return dict(zip(names, row, strict=True))


def test_each_distinct_text_is_scored_once(
    connection: duckdb.DuckDBPyConnection,
) -> None:
    add_posts(connection, ["great service, thank you"], "raw.x__posts")

    summary = score_new_texts(connection, COLUMNS, character_limit=5_000)

    assert summary.texts_seen == summary.texts_scored == len(rows(connection)) == 5
    assert summary.by_bucket == {
        "empty": 1,
        "english": 2,
        "foreign": 1,
        "undetermined": 1,
    }


def test_normalised_and_raw_tone_stand_side_by_side(
    connection: duckdb.DuckDBPyConnection,
) -> None:
    score_new_texts(connection, COLUMNS, character_limit=5_000)

    row = row_of(connection, "I don\u2019t like it")

    assert row["language_bucket_code"] == "english"
    assert row["compound_score"] == -0.2755
    assert row["compound_raw_score"] == 0.3612


def test_foreign_text_has_no_tone_and_a_face_has_one(
    connection: duckdb.DuckDBPyConnection,
) -> None:
    score_new_texts(connection, COLUMNS, character_limit=5_000)

    foreign = row_of(connection, POSTS[1] or "")
    face = row_of(connection, "\U0001f60d")

    assert (foreign["language_code"], foreign["compound_score"]) == ("es", None)
    assert foreign["compound_raw_score"] is None
    assert face["language_bucket_code"] == "undetermined"
    assert face["compound_score"] > 0


def test_second_pass_scores_only_what_is_new(
    connection: duckdb.DuckDBPyConnection,
) -> None:
    score_new_texts(connection, COLUMNS, character_limit=5_000)
    before = rows(connection)
    add_posts(connection, ["still broken, very disappointed"])

    summary = score_new_texts(connection, COLUMNS, character_limit=5_000)

    assert (summary.texts_seen, summary.texts_scored) == (6, 1)
    assert rows(connection)[: len(before)] == before


def test_another_version_replaces_every_row(
    connection: duckdb.DuckDBPyConnection, monkeypatch: pytest.MonkeyPatch
) -> None:
    score_new_texts(connection, COLUMNS, character_limit=5_000)
    monkeypatch.setattr(readings, "SCORER_VERSION", "vader-3.3.2+linear-2")

    summary = score_new_texts(connection, COLUMNS, character_limit=5_000)

    assert summary.texts_scored == 5
    assert {row[1] for row in rows(connection)} == {"vader-3.3.2+linear-2"}


def test_long_text_is_read_up_to_the_limit_and_says_so(
    connection: duckdb.DuckDBPyConnection,
) -> None:
    text = "good " * 30 + "terrible " * 30
    add_posts(connection, [text])

    summary = score_new_texts(connection, COLUMNS, character_limit=150)
    row = row_of(connection, text)

    assert summary.texts_truncated == 1
    assert (row["was_truncated"], row["character_count"]) == (True, len(text))
    assert row["negative_ratio"] == 0.0


def test_batches_give_the_same_table_in_the_same_order(
    connection: duckdb.DuckDBPyConnection, monkeypatch: pytest.MonkeyPatch
) -> None:
    score_new_texts(connection, COLUMNS, character_limit=5_000)
    whole = rows(connection)
    connection.execute("drop table raw.listening__text_scores")
    monkeypatch.setattr(scoring, "_BATCH", 2)
    steps: list[tuple[int, int]] = []

    score_new_texts(
        connection,
        COLUMNS,
        character_limit=5_000,
        progress=lambda done, total: steps.append((done, total)),
    )

    assert rows(connection) == whole
    assert steps == [(2, 5), (4, 5), (5, 5)]


def test_no_text_columns_create_an_empty_table() -> None:
    with duckdb.connect() as empty:
        summary = score_new_texts(empty, [], character_limit=5_000)

        assert summary.texts_scored == 0
        assert rows(empty) == []
