"""Which texts still lack a language and a tone, and the pass that gives them both.

Reads   the text columns of the raw tables
Writes  raw.listening__text_scores, one row per distinct text, and
        raw.listening__sentence_scores, one row per sentence of an English text
"""

from __future__ import annotations

import logging
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pyarrow.compute as pc

from heartshare.listening.back_fill import read_in_processes
from heartshare.listening.readings import READING, read_texts, reading_versions
from heartshare.listening.score_tables import (
    TEXT_SCORES,
    VERSION_COLUMNS,
    create_score_tables,
    replace_scores,
)
from heartshare.warehouse.functions import text_function

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    import pyarrow as pa

    from heartshare.warehouse.connections import Connection

    #: Told (texts scored so far, texts to score) after each batch.
    Progress = Callable[[int, int], None]

LOGGER = logging.getLogger(__name__)
_BATCH = 5_000
#: From this many texts on, starting other processes costs less than it saves.
_BACK_FILL = 50_000
#: Texts of earlier versions that one pass scores again, unless told otherwise.
RESCORING_LIMIT = 200_000


@dataclass(frozen=True)
class ScoringSummary:
    """What one pass over the raw texts did.

    ``texts_seen`` counts all distinct texts and ``texts_waiting`` those that keep the
    score of an earlier version until a later pass; the other figures count only what
    was scored in this pass. ``texts_unreadable`` made the reader fail: they are
    undetermined and have no score.
    """

    texts_seen: int
    texts_scored: int
    texts_truncated: int
    by_bucket: Mapping[str, int]
    texts_rescored: int = 0
    texts_waiting: int = 0
    texts_unreadable: int = 0


def score_new_texts(  # noqa: PLR0913 each is a limit that the caller may set
    connection: Connection,
    columns: Sequence[tuple[str, str]],
    *,
    character_limit: int,
    rescoring_limit: int = RESCORING_LIMIT,
    processes: int = 1,
    progress: Progress | None = None,
) -> ScoringSummary:
    """Score every distinct text of the columns that has no score of these versions.

    Columns are (table, column) pairs, tables with their schema. New texts come first
    and all of them; of the texts that earlier versions scored, at most
    ``rescoring_limit`` are scored again, and the others keep their row until a later
    pass. Null texts have no row; blank ones are in the bucket ``empty``. A text longer
    than ``character_limit`` is read up to it and its row says so. From 50,000 texts on
    they are read in as many other ``processes``, if that is more than one; the rows
    are the same and in the same order. A pass that dies leaves whole batches, and the
    next one goes on from there.

    Raises:
        ScoringProcessError: a process died, by lack of memory for instance.
    """
    create_score_tables(connection)
    versions = reading_versions(character_limit)
    texts = _collect_texts(connection, columns, versions, character_limit)
    rescored = min(texts.outdated, rescoring_limit)
    total = texts.new + rescored
    buckets: Counter[str] = Counter()
    truncated = unreadable = done = 0
    use_processes = processes > 1 and total >= _BACK_FILL
    if use_processes:
        scored = read_in_processes(_batches(connection, total, "text"), processes)
    else:
        scored = _read_here(connection, total)
    for batch in scored:
        replace_scores(connection, batch, versions)
        readings = batch["reading"].combine_chunks()
        buckets.update(readings.field("language_bucket_code").to_pylist())
        truncated += pc.sum(batch["was_truncated"]).as_py()
        unreadable += _count_unreadable(batch)
        done += batch.num_rows
        if progress:
            progress(done, total)
    connection.execute("drop table texts_to_score")
    return ScoringSummary(
        texts_seen=texts.seen,
        texts_scored=done,
        texts_truncated=truncated,
        by_bucket=dict(sorted(buckets.items())),
        texts_rescored=rescored,
        texts_waiting=texts.outdated - rescored,
        texts_unreadable=unreadable,
    )


@dataclass(frozen=True)
class _TextCounts:
    seen: int
    new: int
    outdated: int


def _collect_texts(
    connection: Connection,
    columns: Sequence[tuple[str, str]],
    versions: tuple[str, str, str],
    character_limit: int,
) -> _TextCounts:
    """Fill the temporary table texts_to_score, new texts first; count them.

    Only what is to be scored is held, and of a long text only what is read: a pass
    over a full warehouse that finds nothing new keeps no text at all.
    """
    union = " union all ".join(
        f'select md5("{column}") as text_hash, "{column}" as text from {table} '
        f'where "{column}" is not null'
        for table, column in columns
    )
    union = union or "select null::varchar as text_hash, null as text where false"
    current = " and ".join(f"{name} is not distinct from ?" for name in VERSION_COLUMNS)
    connection.execute(
        f"""
        create or replace temporary table texts_to_score as
        with scored as (
            select text_hash, {current} as is_current from {TEXT_SCORES}
        ),
        wanted as (
            select
                texts.text_hash,
                any_value(left(texts.text, {int(character_limit)})) as text,
                any_value(length(texts.text)) as character_count,
                any_value(scored.text_hash is not null) as is_outdated
            from ({union}) as texts
            left join scored on texts.text_hash = scored.text_hash
            where scored.is_current is distinct from true
            group by texts.text_hash
        )
        select row_number() over (order by is_outdated, text_hash) as place, *
        from wanted
        order by place
        """,
        versions,
    )
    seen = connection.execute(
        f"select count(distinct text_hash) from ({union})"
    ).fetchall()[0][0]
    new, outdated = connection.execute(
        "select count(*) filter (not is_outdated), count(*) filter (is_outdated) "
        "from texts_to_score"
    ).fetchall()[0]
    return _TextCounts(seen, new, outdated)


def _batches(connection: Connection, total: int, wanted: str) -> Iterator[pa.Table]:
    """Yield the first texts in order, with hash, length and the ``wanted`` expression.

    Each batch is fetched whole before the connection is used for anything else.
    """
    for first in range(1, total + 1, _BATCH):
        last = min(first + _BATCH - 1, total)
        yield connection.sql(
            "select text_hash, character_count, "
            f"character_count > length(text) as was_truncated, {wanted} "
            f"from texts_to_score where place between {first} and {last} order by place"
        ).to_arrow_table()


def _read_here(connection: Connection, total: int) -> Iterator[pa.Table]:
    with text_function(connection, "reading_of", read_texts, READING):
        yield from _batches(connection, total, "reading_of(text) as reading")


def _count_unreadable(batch: pa.Table) -> int:
    """Count the texts that made the reader fail, and name them by their hash."""
    flags = batch["reading"].combine_chunks().field("was_unreadable")
    hashes = batch["text_hash"].filter(flags).to_pylist()
    for text_hash in hashes:
        LOGGER.warning(
            "The text with hash %s could not be read; it has no score", text_hash
        )
    return len(hashes)
