from __future__ import annotations

import hashlib
import multiprocessing
import os
import signal
import subprocess
import sys
from typing import TYPE_CHECKING

import duckdb
import pytest

from heartshare.listening import readings, scoring
from heartshare.listening.back_fill import ScoringProcessError
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


def versions_of(connection: duckdb.DuckDBPyConnection) -> dict[str, int]:
    return dict(
        connection.execute(
            "select scorer_version, count(*) from raw.listening__text_scores group by 1"
        ).fetchall()
    )


def test_earlier_versions_wait_their_turn_behind_new_texts(
    connection: duckdb.DuckDBPyConnection, monkeypatch: pytest.MonkeyPatch
) -> None:
    score_new_texts(connection, COLUMNS, character_limit=5_000)
    monkeypatch.setattr(readings, "SCORER_VERSION", "vader-next")
    add_posts(connection, ["still broken", "and the lift too"])

    passes = [
        score_new_texts(
            connection, COLUMNS, character_limit=5_000, rescoring_limit=limit
        )
        for limit in (0, 2, 2, 2)
    ]

    assert [p.texts_scored for p in passes] == [2, 2, 2, 1]
    assert [p.texts_rescored for p in passes] == [0, 2, 2, 1]
    assert [p.texts_waiting for p in passes] == [5, 3, 1, 0]
    assert versions_of(connection) == {"vader-next": 7}
    assert passes[0].texts_seen == 7


def test_former_score_and_its_sentences_leave_together(
    connection: duckdb.DuckDBPyConnection, monkeypatch: pytest.MonkeyPatch
) -> None:
    score_new_texts(connection, COLUMNS, character_limit=5_000)
    monkeypatch.setattr(readings, "DETECTOR_VERSION", "detector-next")
    monkeypatch.setattr(readings, "SCORER_VERSION", "vader-next")
    for _ in range(3):
        score_new_texts(connection, COLUMNS, character_limit=5_000, rescoring_limit=2)
        apart = connection.execute(
            "select count(*) from raw.listening__sentence_scores as sentences "
            "anti join raw.listening__text_scores using (text_hash, scorer_version)"
        ).fetchall()
        assert apart == [(0,)]
    assert versions_of(connection) == {"vader-next": 5}


def test_sentences_are_places_in_the_exported_text(
    connection: duckdb.DuckDBPyConnection,
) -> None:
    text = "I don\u2019t like it &amp; never will. Great staff though!"
    add_posts(connection, [text])
    score_new_texts(connection, COLUMNS, character_limit=5_000)

    found = connection.execute(
        "select sentence_number, substr(?, first_character, character_count), "
        "compound_score from raw.listening__sentence_scores where text_hash = md5(?) "
        "order by 1",
        [text, text],
    ).fetchall()

    assert [row[1] for row in found] == [
        "I don\u2019t like it &amp; never will.",
        "Great staff though!",
    ]
    assert found[0][2] < 0 < found[1][2]


def test_text_that_cannot_be_read_does_not_poison_its_batch(
    connection: duckdb.DuckDBPyConnection,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    add_posts(connection, ["poison"])
    normalise = readings.normalise

    def fail(text: str) -> str:
        if text == "poison":
            raise RecursionError
        return normalise(text)

    monkeypatch.setattr(readings, "normalise", fail)

    summary = score_new_texts(connection, COLUMNS, character_limit=5_000)
    row = row_of(connection, "poison")

    assert (summary.texts_scored, summary.texts_unreadable) == (6, 1)
    assert row["language_bucket_code"] == "undetermined"
    assert row["compound_score"] is None
    assert hashlib.md5(b"poison").hexdigest() in caplog.text
    again = score_new_texts(connection, COLUMNS, character_limit=5_000)
    assert again.texts_scored == 0


@pytest.mark.parametrize(
    "text",
    [
        "\0",
        "half \ud83d face",
        "\ud800" * 1_000,
        "\u202egood\u202c",
        "\U0001f60d" * 9_000,
    ],
)
def test_any_text_has_a_reading(text: str) -> None:
    (reading,) = readings.read_texts([text]).to_pylist()
    assert reading["was_unreadable"] is False


def test_table_of_an_earlier_release_is_renewed_and_keeps_its_rows(
    connection: duckdb.DuckDBPyConnection,
) -> None:
    connection.execute(OLD_TABLE)
    connection.execute(
        "insert into raw.listening__text_scores select md5(text), scorer, 'n', null, "
        "'english', 0.5, 0.5, 0.5, 0.5, 0.0, 3, false from (values "
        "('great service, thank you', 'vader-1'), ('gone', 'vader-1'), "
        "('gone', 'vader-2')) as old(text, scorer)"
    )

    summary = score_new_texts(
        connection, COLUMNS, character_limit=5_000, rescoring_limit=0
    )

    assert (summary.texts_scored, summary.texts_waiting) == (4, 1)
    assert row_of(connection, "gone")["scorer_version"] == "vader-2"
    kept = row_of(connection, "great service, thank you")
    assert (kept["compound_score"], kept["detector_version"]) == (0.5, None)


OLD_TABLE = """
create table raw.listening__text_scores (
    text_hash varchar not null, scorer_version varchar not null,
    normaliser_version varchar not null, language_code varchar,
    language_bucket_code varchar not null, compound_score double,
    compound_raw_score double, positive_ratio double, neutral_ratio double,
    negative_ratio double, character_count bigint not null,
    was_truncated boolean not null,
    primary key (text_hash, scorer_version, normaliser_version)
)
"""


def test_processes_give_the_same_rows_in_the_same_order(
    connection: duckdb.DuckDBPyConnection, monkeypatch: pytest.MonkeyPatch
) -> None:
    score_new_texts(connection, COLUMNS, character_limit=5_000)
    alone = rows(connection)
    connection.execute("drop table raw.listening__text_scores")
    monkeypatch.setattr(scoring, "_BATCH", 1)
    monkeypatch.setattr(scoring, "_BACK_FILL", 2)

    summary = score_new_texts(connection, COLUMNS, character_limit=5_000, processes=2)

    assert rows(connection) == alone
    assert summary.texts_scored == 5


def test_process_that_dies_loses_and_doubles_no_row(
    connection: duckdb.DuckDBPyConnection, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(scoring, "_BATCH", 1)
    monkeypatch.setattr(scoring, "_BACK_FILL", 2)

    def kill(done: int, total: int) -> None:
        for child in multiprocessing.active_children():
            os.kill(child.pid or 0, signal.SIGKILL)

    with pytest.raises(ScoringProcessError, match="heartshare score"):
        score_new_texts(
            connection, COLUMNS, character_limit=5_000, processes=2, progress=kill
        )
    assert 1 <= len(rows(connection)) < 5
    monkeypatch.undo()

    score_new_texts(connection, COLUMNS, character_limit=5_000)

    assert len(rows(connection)) == 5


_KILLED_PASS = """
import itertools, os, signal
import pyarrow as pa
from heartshare.listening.back_fill import read_in_processes

batches = itertools.repeat(pa.table({"text_hash": ["a"], "text": ["good"]}))
next(read_in_processes(batches, 2))
print("killed", flush=True)
os.kill(os.getpid(), signal.SIGKILL)
"""


def test_processes_end_with_a_pass_that_is_killed() -> None:
    # The processes hold the pipe as well: it ends when the last of them is gone.
    killed = subprocess.run(
        [sys.executable, "-c", _KILLED_PASS],
        capture_output=True,
        check=False,
        timeout=60,
        text=True,
    )

    assert killed.stdout == "killed\n"
    assert killed.returncode == -signal.SIGKILL


def test_no_text_columns_create_an_empty_table() -> None:
    with duckdb.connect() as empty:
        summary = score_new_texts(empty, [], character_limit=5_000)

        assert summary.texts_scored == 0
        assert rows(empty) == []
