"""What is read from one text: its language, its tone and the tone of its sentences.

Knows no table, so that the same code runs in the warehouse's process and in others.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pyarrow as pa

from heartshare.listening.language import (
    DETECTOR_VERSION,
    LanguageBucket,
    detect_language,
)
from heartshare.listening.normalising import NORMALISER_VERSION, normalise
from heartshare.listening.sentences import SPLITTER_VERSION, split_sentences
from heartshare.listening.sentiment import SCORER_VERSION, score_sentiment

if TYPE_CHECKING:
    from collections.abc import Iterable

#: A text as it is stored: scores are null where no tone was read.
READING = pa.struct(
    [
        ("language_code", pa.string()),
        ("language_bucket_code", pa.string()),
        ("compound_score", pa.float64()),
        ("compound_raw_score", pa.float64()),
        ("positive_ratio", pa.float64()),
        ("neutral_ratio", pa.float64()),
        ("negative_ratio", pa.float64()),
        ("was_unreadable", pa.bool_()),
        (
            "sentences",
            pa.list_(
                pa.struct(
                    [
                        ("sentence_number", pa.int64()),
                        ("first_character", pa.int64()),
                        ("character_count", pa.int64()),
                        ("compound_score", pa.float64()),
                    ]
                )
            ),
        ),
    ]
)
# Undetermined text keeps its tone, because a face or a heart has one; whether it
# enters a mean is decided in the marts. Foreign text has none to keep.
_SCORED = {LanguageBucket.ENGLISH, LanguageBucket.UNDETERMINED}


def reading_versions(character_limit: int) -> tuple[str, str, str]:
    """Return the versions of scorer, of what is read, and of the language detector."""
    read = f"{NORMALISER_VERSION}+{SPLITTER_VERSION}+first-{character_limit}"
    return SCORER_VERSION, read, DETECTOR_VERSION


def read_text(text: str) -> dict[str, Any]:
    """Return the reading of one text, as a row of ``READING``."""
    normalised = normalise(text)
    language = detect_language(normalised)
    row: dict[str, Any] = {
        "language_code": language.code,
        "language_bucket_code": language.bucket.value,
        "was_unreadable": False,
    }
    if language.bucket in _SCORED:
        tone = score_sentiment(normalised)
        row["compound_score"] = tone.compound
        raw_tone = tone if normalised == text else score_sentiment(text)
        row["compound_raw_score"] = raw_tone.compound
        row["positive_ratio"] = tone.positive_ratio
        row["neutral_ratio"] = tone.neutral_ratio
        row["negative_ratio"] = tone.negative_ratio
    if language.bucket is LanguageBucket.ENGLISH:
        row["sentences"] = _read_sentences(text, row["compound_score"])
    return row


def _read_sentences(text: str, whole_compound: float) -> list[dict[str, Any]]:
    """Return place and tone of each sentence; places count from 1.

    The only sentence of a text has the tone of the text, without reading it twice.
    """
    places = split_sentences(text)
    is_whole = len(places) == 1
    return [
        {
            "sentence_number": number,
            "first_character": start + 1,
            "character_count": end - start,
            "compound_score": whole_compound
            if is_whole
            else score_sentiment(normalise(text[start:end])).compound,
        }
        for number, (start, end) in enumerate(places, start=1)
    ]


def read_texts(texts: Iterable[str]) -> pa.StructArray:
    """Return the readings of texts, in their order.

    A text that cannot be read is undetermined, without scores, and says so: one text
    must not take the others of its batch with it.
    """
    rows = []
    for text in texts:
        try:
            rows.append(read_text(text))
        except Exception:  # whatever a single text does
            rows.append(dict(_UNREADABLE))
    return pa.array(rows, type=READING)


_UNREADABLE = {
    "language_bucket_code": LanguageBucket.UNDETERMINED.value,
    "was_unreadable": True,
}
