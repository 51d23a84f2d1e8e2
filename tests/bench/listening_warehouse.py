"""Score a million comments in a warehouse and give each row its score."""

from __future__ import annotations

import random
import time
from typing import TYPE_CHECKING

import duckdb
import pyarrow as pa

from heartshare.listening.scoring import score_new_texts

if TYPE_CHECKING:
    from pathlib import Path

ROWS = 1_000_000
DISTINCT = 300_000
CHARACTER_LIMIT = 5_000
TABLE = "raw.bench__comments"
# As in staging: the hash of a row's text finds the one row of its score.
JOIN = f"""
create table scored_comments as
select comments.comment_id, scores.language_bucket_code, scores.compound_score
from {TABLE} as comments
left join raw.listening__text_scores as scores
    on md5(comments.comment_text) = scores.text_hash
"""


def distinct_comments(tweets: list[str]) -> list[str]:
    """Return tweets with a hashtag each that makes them different."""
    rng = random.Random(20261121)
    return [f"{rng.choice(tweets)} #{rng.choice('abc')}{n}" for n in range(DISTINCT)]


def fill(connection: duckdb.DuckDBPyConnection, tweets: list[str]) -> None:
    rng = random.Random(20261122)
    texts = distinct_comments(tweets)
    texts += rng.choices(texts, k=ROWS - DISTINCT)
    rng.shuffle(texts)
    comments = pa.table({"comment_id": range(ROWS), "comment_text": texts})
    connection.execute("create schema raw")
    connection.register("comments", comments)
    connection.execute(f"create table {TABLE} as select * from comments")
    connection.unregister("comments")


def measure(tweets: list[str], folder: Path, processes: int) -> dict[str, float]:
    with duckdb.connect(str(folder / "listening.duckdb")) as connection:
        fill(connection, tweets)
        begun = time.perf_counter()
        summary = score_new_texts(
            connection,
            [(TABLE, "comment_text")],
            character_limit=CHARACTER_LIMIT,
            processes=processes,
            progress=lambda done, total: (
                print(f"  {done:,} of {total:,} scored", flush=True)
                if done % 50_000 < 5_000
                else None
            ),
        )
        scored = time.perf_counter()
        connection.execute(JOIN)
        connection.execute("checkpoint")
        joined = time.perf_counter()
        rows, without = connection.execute(
            "select count(*), count(*) filter (language_bucket_code is null) "
            "from scored_comments"
        ).fetchall()[0]
    assert (rows, without) == (ROWS, 0), (rows, without)
    assert summary.texts_scored == DISTINCT, summary
    return {
        "rows": rows,
        "distinct_texts": summary.texts_scored,
        "processes": processes,
        "scoring_seconds": round(scored - begun, 1),
        "join_seconds": round(joined - scored, 1),
        "seconds": round(joined - begun, 1),
    }
