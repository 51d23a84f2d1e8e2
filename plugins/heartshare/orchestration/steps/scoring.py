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
    """Score the distinct texts that no earlier pass has scored."""

    def tell(done: int, total: int) -> None:
        progress("texts scored", done, total)

    with open_writer(settings, wait_seconds=PATIENCE_SECONDS) as connection:
        create_raw_tables(connection)
        summary = score_new_texts(
            connection,
            [(f"raw.{table}", column) for table, column in text_columns()],
            character_limit=settings.text_limit,
            progress=tell,
        )
    LOGGER.info(
        "Scored %d of %d distinct texts, %d of them cut at the length limit",
        summary.texts_scored,
        summary.texts_seen,
        summary.texts_truncated,
    )
    return summary
