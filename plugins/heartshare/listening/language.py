"""Which language a text is in, and so whether its tone may be read at all.

The lexicon is English. It does not read foreign text as neutral but as negative
("no", "die", "war"), so every text passes here first.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

import eldc

eldc.init()

#: Stored with each score, because another detector is another answer.
DETECTOR_VERSION = "eldc-0.4.0"

#: From this many words on the detector alone decides.
_ENOUGH_WORDS = 3
#: On fewer words a foreign language must be as sure as this ...
_SURE_SCORE = 0.8
#: ... and English must not be a close second.
_CLOSE_SCORE = 0.5
#: Up to this many letters a word ("no", "van") belongs to several languages.
_SHARED_LETTERS = 3
_WORD = re.compile(r"[^\W\d_](?:['\w]*[^\W\d_])?")
_LATIN_END = "\u024f"
#: Short English replies in which the detector sees another language.
_ENGLISH_REPLY = re.compile(
    r"(?:fine|good|haha|lmao|lol|nah|nope|ok|okay|omg|same|thanks|thx|tysm|ugh|wow|yay"
    r"|yep|yes|yikes|yup)",
    re.IGNORECASE,
)


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

    One and two words are called foreign only when the detector is sure and English
    is not a close second, so that a short English reply is not lost.
    """
    if not text.strip():
        return _EMPTY
    words = _WORD.findall(text)
    if sum(map(len, words)) < 2:  # noqa: PLR2004 - one letter names no language
        return _UNDETERMINED
    found = eldc.detect_details(text.replace("\0", " "))
    if found.language == "en" or all(map(_ENGLISH_REPLY.fullmatch, words)):
        return _ENGLISH
    if found.language == "und" or not _is_credible(found, words):
        return _UNDETERMINED
    return Language(found.language, LanguageBucket.FOREIGN)


def _is_credible(found: eldc.Result, words: list[str]) -> bool:
    """Return whether a foreign language may be believed."""
    if len(words) >= _ENOUGH_WORDS or found.reliable:
        return True
    is_other_script = all(word[0] > _LATIN_END for word in words)
    is_sure = (
        found.scores.get(found.language, 0.0) >= _SURE_SCORE
        and sum(map(len, words)) > _SHARED_LETTERS
    )
    return is_other_script or (is_sure and found.scores.get("en", 0.0) < _CLOSE_SCORE)
