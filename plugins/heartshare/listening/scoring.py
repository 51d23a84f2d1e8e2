"""Which texts still lack a language and a tone, and what both are.

Reads   the text columns of the raw tables
Writes  raw.listening__text_scores, one row per distinct text
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from heartshare.listening.language import (
    DETECTOR_VERSION,
    LanguageBucket,
    detect_language,
)
from heartshare.listening.normalising import NORMALISER_VERSION, normalise
from heartshare.listening.sentiment import SCORER_VERSION, Sentiment, score_sentiment

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from heartshare.warehouse.connections import Connection

    #: Told (texts scored so far, texts to score) after each batch.
    Progress = Callable[[int, int], None]

_BATCH = 5_000
_TABLE = "raw.listening__text_scores"
_CREATE = f"""
create schema if not exists raw;
create table if not exists {_TABLE} (
    text_hash varchar not null,
    scorer_version varchar not null,
    normaliser_version varchar not null,
    language_code varchar,
    language_bucket_code varchar not null,
    compound_score double,
    compound_raw_score double,
    positive_ratio double,
    neutral_ratio double,
    negative_ratio double,
    character_count bigint not null,
    was_truncated boolean not null,
    primary key (text_hash, scorer_version, normaliser_version)
)
"""
_SCHEMA = pa.schema(
    [
        ("text_hash", pa.string()),
        ("scorer_version", pa.string()),
        ("normaliser_version", pa.string()),
        ("language_code", pa.string()),
        ("language_bucket_code", pa.string()),
        ("compound_score", pa.float64()),
        ("compound_raw_score", pa.float64()),
        ("positive_ratio", pa.float64()),
        ("neutral_ratio", pa.float64()),
        ("negative_ratio", pa.float64()),
        ("character_count", pa.int64()),
        ("was_truncated", pa.bool_()),
    ]
)
# Undetermined text keeps its tone, because a face or a heart has one; whether it
# enters a mean is decided in the marts. Foreign text has none to keep.
_READABLE = {LanguageBucket.ENGLISH, LanguageBucket.UNDETERMINED}


@dataclass(frozen=True)
class ScoringSummary:
    """What one pass over the raw texts did.

    ``texts_seen`` counts all distinct texts, the other figures only those that were
    scored in this pass.
    """

    texts_seen: int
    texts_scored: int
    texts_truncated: int
    by_bucket: Mapping[str, int]


def create_score_table(connection: Connection) -> None:
    """Create raw.listening__text_scores where it does not exist."""
    connection.execute(_CREATE)


def score_new_texts(
    connection: Connection,
    columns: Sequence[tuple[str, str]],
    *,
    character_limit: int,
    progress: Progress | None = None,
) -> ScoringSummary:
    """Score every distinct text of the columns that these versions have not scored.

    Columns are (table, column) pairs, tables with their schema. Rows of earlier
    versions are removed, so that the table holds one row per text. Null texts have
    no row; blank ones are in the bucket ``empty``. A text longer than the limit is
    read up to it and its row says so. A pass that dies leaves whole batches and the
    next one goes on from there.
    """
    create_score_table(connection)
    versions = [SCORER_VERSION, _reading_version(character_limit)]
    connection.execute(
        f"delete from {_TABLE} where (scorer_version, normaliser_version) <> (?, ?)",
        versions,
    )
    seen, total = _collect_new_texts(connection, columns)
    buckets: Counter[str] = Counter()
    truncated = done = 0
    last_hash = ""
    while done < total:
        texts = connection.execute(
            "select text_hash, text from new_texts where text_hash > ? "
            "order by text_hash limit ?",
            [last_hash, _BATCH],
        ).fetchall()
        rows = [
            _score(text_hash, text, character_limit, versions)
            for text_hash, text in texts
        ]
        _insert(connection, rows)
        buckets.update(row["language_bucket_code"] for row in rows)
        truncated += sum(row["was_truncated"] for row in rows)
        done += len(rows)
        last_hash = texts[-1][0]
        if progress:
            progress(done, total)
    connection.execute("drop table new_texts")
    return ScoringSummary(seen, done, truncated, dict(sorted(buckets.items())))


def _reading_version(character_limit: int) -> str:
    """Return all that decides which characters are read, and as which language."""
    return f"{NORMALISER_VERSION}+{DETECTOR_VERSION}+first-{character_limit}"


def _collect_new_texts(
    connection: Connection, columns: Sequence[tuple[str, str]]
) -> tuple[int, int]:
    """Fill the temporary table new_texts; return distinct texts and new ones."""
    union = " union ".join(
        f'select "{column}" as text from {table} where "{column}" is not null'
        for table, column in columns
    )
    connection.execute(
        "create or replace temporary table all_texts as "
        f"select md5(text) as text_hash, text from ({union or _NO_TEXTS})"
    )
    connection.execute(
        "create or replace temporary table new_texts as "
        f"select text_hash, text from all_texts anti join {_TABLE} using (text_hash) "
        "order by text_hash"
    )
    counts = connection.execute(
        "select (select count(*) from all_texts), (select count(*) from new_texts)"
    ).fetchall()[0]
    connection.execute("drop table all_texts")
    return counts


_NO_TEXTS = "select null::varchar as text where false"


def _score(
    text_hash: str, text: str, character_limit: int, versions: Sequence[str]
) -> dict[str, Any]:
    read = text[:character_limit]
    normalised = normalise(read)
    language = detect_language(normalised)
    tone = raw_tone = None
    if language.bucket in _READABLE:
        tone, raw_tone = score_sentiment(normalised), score_sentiment(read)
    return {
        "text_hash": text_hash,
        "scorer_version": versions[0],
        "normaliser_version": versions[1],
        "language_code": language.code,
        "language_bucket_code": language.bucket.value,
        **_tone_columns(tone, raw_tone),
        "character_count": len(text),
        "was_truncated": len(text) > character_limit,
    }


def _tone_columns(
    tone: Sentiment | None, raw_tone: Sentiment | None
) -> dict[str, float | None]:
    return {
        "compound_score": tone.compound if tone else None,
        "compound_raw_score": raw_tone.compound if raw_tone else None,
        "positive_ratio": tone.positive_ratio if tone else None,
        "neutral_ratio": tone.neutral_ratio if tone else None,
        "negative_ratio": tone.negative_ratio if tone else None,
    }


def _insert(connection: Connection, rows: list[dict[str, Any]]) -> None:
    scored = pa.Table.from_pylist(rows, schema=_SCHEMA)
    connection.register("scored_texts", scored)
    try:
        connection.execute(
            f"insert into {_TABLE} select * from scored_texts order by text_hash"
        )
    finally:
        connection.unregister("scored_texts")
