"""Step: give every new text a language and a tone."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from heartshare.exports.raw_tables import create_raw_tables, text_columns
from heartshare.listening.scoring import ScoringSummary, score_new_texts
from heartshare.orchestration.steps.building import PATIENCE_SECONDS
from heartshare.orchestration.steps.progress import silent
from heartshare.warehouse.connections import open_writer

if TYPE_CHECKING:
    from heartshare.orchestration.steps.progress import Progress
    from heartshare.settings import Settings

LOGGER = logging.getLogger(__name__)


def score_texts(settings: Settings, *, progress: Progress = silent) -> ScoringSummary:
    """Score the distinct texts that no earlier pass has scored in these versions.

    Raises:
        ScoringProcessError: one of the processes of a large back-fill died.
    """

    def tell(done: int, total: int) -> None:
        progress("texts scored", done, total)

    with open_writer(settings, wait_seconds=PATIENCE_SECONDS) as connection:
        create_raw_tables(connection)
        summary = score_new_texts(
            connection,
            [(f"raw.{table}", column) for table, column in text_columns()],
            character_limit=settings.text_limit,
            rescoring_limit=settings.rescoring_limit,
            processes=settings.scoring_processes,
            progress=tell,
        )
    LOGGER.info(
        "Scored %d of %d distinct texts, %d of them cut at the length limit",
        summary.texts_scored,
        summary.texts_seen,
        summary.texts_truncated,
    )
    if summary.texts_rescored or summary.texts_waiting:
        LOGGER.info(
            "%d of them had a score of earlier versions; %d more keep theirs until the "
            "next pass",
            summary.texts_rescored,
            summary.texts_waiting,
        )
    if summary.texts_unreadable:
        LOGGER.warning(
            "%d texts could not be read and have no score", summary.texts_unreadable
        )
    return summary
