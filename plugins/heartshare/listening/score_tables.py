"""Where scores are kept: one row per text, one per sentence of an English text.

Neither table holds a word of any text: a text is known by its hash, a sentence by
where it stands in it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pyarrow as pa

    from heartshare.warehouse.connections import Connection

TEXT_SCORES = "raw.listening__text_scores"
SENTENCE_SCORES = "raw.listening__sentence_scores"

#: What decides a score; a row of other versions waits to be scored again.
VERSION_COLUMNS = ("scorer_version", "normaliser_version", "detector_version")

_TEXT_COLUMNS = """
    text_hash varchar primary key,
    scorer_version varchar not null,
    normaliser_version varchar not null,
    detector_version varchar,
    language_code varchar,
    language_bucket_code varchar not null,
    compound_score double,
    compound_raw_score double,
    positive_ratio double,
    neutral_ratio double,
    negative_ratio double,
    character_count bigint not null,
    was_truncated boolean not null
"""
_CREATE_SENTENCES = f"""
create table if not exists {SENTENCE_SCORES} (
    text_hash varchar not null,
    scorer_version varchar not null,
    normaliser_version varchar not null,
    sentence_number bigint not null,
    first_character bigint not null,
    character_count bigint not null,
    compound_score double not null
)
"""


def create_score_tables(connection: Connection) -> None:
    """Create both tables where they do not exist, and renew a text table of old shape.

    Rows of the old shape stay, one per text, and have no detector version: they wait
    to be scored again like those of any earlier version.
    """
    connection.execute("create schema if not exists raw")
    columns = _columns_of_texts(connection)
    if not columns:
        connection.execute(f"create table {TEXT_SCORES} ({_TEXT_COLUMNS})")
    elif "detector_version" not in columns:
        _renew(connection)
    connection.execute(_CREATE_SENTENCES)


def _columns_of_texts(connection: Connection) -> set[str]:
    rows = connection.execute(
        "select column_name from duckdb_columns() where schema_name = 'raw' "
        "and database_name = current_database() "
        "and table_name = 'listening__text_scores'"
    ).fetchall()
    return {name for (name,) in rows}


def _renew(connection: Connection) -> None:
    """Give the text table its new key and column, all or nothing.

    A key cannot be altered, so the rows move through a table beside it.
    """
    connection.execute("begin transaction")
    try:
        connection.execute(
            "create or replace temporary table former_scores as "
            f"select * from {TEXT_SCORES} qualify row_number() over (partition by "
            "text_hash order by scorer_version desc, normaliser_version desc) = 1"
        )
        connection.execute(f"drop table {TEXT_SCORES}")
        connection.execute(f"create table {TEXT_SCORES} ({_TEXT_COLUMNS})")
        connection.execute(
            f"insert into {TEXT_SCORES} by name "
            "select * from former_scores order by text_hash"
        )
        connection.execute("drop table former_scores")
        connection.execute("commit")
    except BaseException:
        connection.execute("rollback")
        raise


def replace_scores(
    connection: Connection, scored: pa.Table, versions: tuple[str, str, str]
) -> None:
    """Store readings of texts; what was known of the same texts goes with it.

    ``scored`` has text_hash and reading, a struct as ``heartshare.listening.readings``
    makes it. Everything happens in one transaction.
    """
    connection.register("scored_texts", scored)
    connection.execute("begin transaction")
    try:
        former = connection.execute(_DELETE.format(TEXT_SCORES)).fetchall()[0][0]
        if former:
            connection.execute(_DELETE.format(SENTENCE_SCORES))
        connection.execute(_INSERT_TEXTS, versions)
        connection.execute(_INSERT_SENTENCES, versions[:2])
        connection.execute("commit")
    except BaseException:
        connection.execute("rollback")
        raise
    finally:
        connection.unregister("scored_texts")


_DELETE = "delete from {} where text_hash in (select text_hash from scored_texts)"
_INSERT_TEXTS = f"""
insert into {TEXT_SCORES} by name
select
    text_hash, ? as scorer_version, ? as normaliser_version, ? as detector_version,
    reading.language_code, reading.language_bucket_code, reading.compound_score,
    reading.compound_raw_score, reading.positive_ratio, reading.neutral_ratio,
    reading.negative_ratio, character_count, was_truncated
from scored_texts
order by text_hash
"""
_INSERT_SENTENCES = f"""
insert into {SENTENCE_SCORES} by name
select
    text_hash, ? as scorer_version, ? as normaliser_version, sentence.sentence_number,
    sentence.first_character, sentence.character_count, sentence.compound_score
from (select text_hash, unnest(reading.sentences) as sentence from scored_texts)
order by text_hash, sentence.sentence_number
"""
