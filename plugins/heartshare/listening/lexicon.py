"""What VADER 3.3.2 knows of each word of a text: the only importer of vaderSentiment.

Each spelling is looked up once and kept, because the words of many texts are few.
"""

from __future__ import annotations

import string
from dataclasses import dataclass
from itertools import chain

from vaderSentiment.vaderSentiment import (
    BOOSTER_DICT,
    C_INCR,
    N_SCALAR,
    NEGATE,
    SPECIAL_CASES,
    SentimentIntensityAnalyzer,
)

_ANALYSER = SentimentIntensityAnalyzer()
_LEXICON: dict[str, float] = _ANALYSER.lexicon
_NEGATIONS = frozenset(NEGATE)
#: What capitals add to a valence, and the factor of a negation.
CAPITALS_STEP: float = C_INCR
NEGATION_FACTOR: float = N_SCALAR
#: Valence or boost of several words in a row, one space between them.
IDIOMS: dict[str, float] = {k: v for k, v in SPECIAL_CASES.items() if " " in k}
BOOSTER_PHRASES: dict[str, float] = {k: v for k, v in BOOSTER_DICT.items() if " " in k}

# Upstream walks a text character by character, so a longer emoji never matches.
_EMOJI_TABLE = {
    ord(emoji): f" {description}"
    for emoji, description in _ANALYSER.emojis.items()
    if len(emoji) == 1
}
_EMPHATIC_EMOJI = tuple(
    chr(code) for code, said in _EMOJI_TABLE.items() if "!" in said or "?" in said
)
_PHRASES = [phrase.split() for phrase in (*IDIOMS, *BOOSTER_PHRASES)]
# Idioms are looked for only near the longest word of one. A known word may also be the
# first of an idiom that goes on behind it.
_IDIOM_WORDS = frozenset(
    word
    for phrase in _PHRASES
    for word in phrase
    if word == max(phrase, key=len) or (word == phrase[0] and word in _LEXICON)
)
#: What a pass over a text does at a word: nothing, note its valence, apply the rules to
#: its valence, remember how far its own rule reaches, or note a "but".
NOTHING, PLAIN, RULED, RULING, BUT = range(5)
# How many words after it a word can change; boosters, negations and idioms: 3.
_REACHES = {"no": 3, "least": 1, "so": 3, "this": 1}
_KNOWN = frozenset(
    [*_LEXICON, *BOOSTER_DICT, *_NEGATIONS, *_IDIOM_WORDS, *_REACHES, "but"]
)

_CACHE_LIMIT = 300_000
_CACHED_LENGTH = 32


@dataclass(slots=True)
class Word:
    """What the rules ask of one word; upstream never reads a rule word it can rate.

    ``boost`` and ``negates`` are therefore empty for a word in the lexicon.
    """

    lower: str
    is_upper: bool
    role: int = NOTHING
    reach: int = 0
    in_lexicon: bool = False
    valence: float = 0.0
    boost: float = 0.0
    negates: bool = False
    in_idiom: bool = False


#: Stands before the first word of a text: no rule looks behind a word in the lexicon.
START = Word("", is_upper=False, in_lexicon=True)


class _WordCache(dict[str, Word]):
    """Words by their spelling in the text; forgets all when it grows too large."""

    def __missing__(self, raw: str) -> Word:
        word = _look_up(raw)
        if len(raw) <= _CACHED_LENGTH:
            if len(self) >= _CACHE_LIMIT:
                self.clear()
            self[raw] = word
        return word


class _GroupCache(dict[str, tuple[Word, ...]]):
    """The words of a spelling in which an emoji may stand for several."""

    def __missing__(self, raw: str) -> tuple[Word, ...]:
        group = tuple(map(_word_of, raw.translate(_EMOJI_TABLE).split()))
        if len(raw) <= _CACHED_LENGTH:
            if len(self) >= _CACHE_LIMIT // 6:
                self.clear()
            self[raw] = group
        return group


def _look_up(raw: str) -> Word:
    stripped = raw.strip(string.punctuation)
    text = raw if len(stripped) <= 2 else stripped  # noqa: PLR2004 - a face
    lower = text.lower()
    if lower not in _KNOWN and "n't" not in lower:
        return Word(lower, text.isupper())
    in_lexicon = lower in _LEXICON
    boost = BOOSTER_DICT.get(lower, 0.0)
    negates = lower in _NEGATIONS or "n't" in lower
    in_idiom = lower in _IDIOM_WORDS
    reach = 3 if boost or negates or in_idiom else _REACHES.get(lower, 0)
    if in_lexicon and not boost:
        role = RULED if reach or text.isupper() else PLAIN
    else:
        role = RULING if reach else BUT
    return Word(
        lower,
        text.isupper(),
        role=role,
        reach=reach,
        in_lexicon=in_lexicon,
        valence=_LEXICON.get(lower, 0.0),
        boost=0.0 if in_lexicon else boost,
        negates=negates and not in_lexicon,
        in_idiom=in_idiom,
    )


_word_of = _WordCache().__getitem__
_group_of = _GroupCache().__getitem__


def words_of(text: str) -> list[Word]:
    """Return the words of a text in order, emoji spelled out."""
    if text.isascii():
        return list(map(_word_of, text.split()))
    return list(chain.from_iterable(map(_group_of, text.split())))


def spell_out_marks(text: str) -> str:
    """Spell out a text's emoji if the names of any hold ``!`` or ``?``."""
    if not text.isascii() and any(emoji in text for emoji in _EMPHATIC_EMOJI):
        return text.translate(_EMOJI_TABLE)
    return text
