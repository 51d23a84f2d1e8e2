"""How positive or negative an English text is: VADER 3.3.2, faster and linear.

vaderSentiment owns lexicon, constants and rules; this module is its only importer.
Upstream lower-cases the whole text again at every word it knows, so one comment of
2,500 emoji stalls a run for seconds. Here each distinct word is looked up once and
the rules run over the known words only. Every score equals upstream's, which a
seeded differential test enforces; where a rule below looks odd, it is upstream's.
"""

from __future__ import annotations

import string
from heapq import heappop, heappush
from operator import itemgetter
from typing import NamedTuple

from vaderSentiment.vaderSentiment import (
    BOOSTER_DICT,
    C_INCR,
    N_SCALAR,
    NEGATE,
    SPECIAL_CASES,
    SentimentIntensityAnalyzer,
    normalize,
)

#: Stored beside every score; "linear" is this module's way to the same numbers.
SCORER_VERSION = "vader-3.3.2+linear-1"

_CACHE_LIMIT = 300_000
_CACHED_LENGTH = 32
_ANALYSER = SentimentIntensityAnalyzer()
_LEXICON: dict[str, float] = _ANALYSER.lexicon
_NEGATIONS = frozenset(NEGATE)
# Upstream walks a text character by character, so a longer emoji never matches.
_EMOJI_TABLE = {
    ord(emoji): f" {description}"
    for emoji, description in _ANALYSER.emojis.items()
    if len(emoji) == 1
}
# Idioms are looked for only near a word that stands in one of them.
_IDIOM_WORDS = frozenset(
    max(phrase.split(), key=len)
    for phrase in (*SPECIAL_CASES, *BOOSTER_DICT)
    if " " in phrase
)


class Sentiment(NamedTuple):
    """The tone of one text.

    ``compound`` runs from -1 to 1; the three ratios from 0 to 1, and they add up to
    1 except for a text without words, where all are 0.
    """

    compound: float
    positive_ratio: float
    neutral_ratio: float
    negative_ratio: float


#: What a word does to a text. From _RULING on, the rules have to look at it and at
#: the known words around it; a _PLAIN word far from any such word keeps its valence.
_NOTHING, _PLAIN, _BUT, _RULING, _RULED = range(5)
#: Words besides boosters, negations and idioms that change what follows them.
_TURNS = frozenset({"no", "least", "so", "this", "kind"})


class _Word(NamedTuple):
    """What the rules ask of one word."""

    role: int
    is_upper: bool
    text: str
    lower: str
    in_lexicon: bool
    valence: float
    boost: float
    negates: bool
    in_idiom: bool


class _WordCache(dict[str, _Word]):
    """Words by their spelling in the text; forgets all when it grows too large."""

    def __missing__(self, raw: str) -> _Word:
        word = _look_up(raw)
        if len(raw) <= _CACHED_LENGTH:
            if len(self) >= _CACHE_LIMIT:
                self.clear()
            self[raw] = word
        return word


def _look_up(raw: str) -> _Word:
    stripped = raw.strip(string.punctuation)
    text = raw if len(stripped) <= 2 else stripped  # noqa: PLR2004 - a face
    lower = text.lower()
    boost = BOOSTER_DICT.get(lower, 0.0)
    negates = lower in _NEGATIONS or "n't" in lower
    in_idiom = lower in _IDIOM_WORDS
    has_rules = bool(boost) or negates or in_idiom or lower in _TURNS
    if lower in _LEXICON and not boost:
        role = _RULED if has_rules or text.isupper() else _PLAIN
    elif has_rules:
        role = _RULING
    else:
        role = _BUT if lower == "but" else _NOTHING
    return _Word(
        role=role,
        is_upper=text.isupper(),
        text=text,
        lower=lower,
        in_lexicon=lower in _LEXICON,
        valence=_LEXICON.get(lower, 0.0),
        boost=boost,
        negates=negates,
        in_idiom=in_idiom,
    )


_WORDS = _WordCache()


def score_sentiment(text: str) -> Sentiment:
    """Return the tone of a text, equal to vaderSentiment 3.3.2 in every digit."""
    if not text.isascii():
        text = text.translate(_EMOJI_TABLE)
    words = list(map(_WORDS.__getitem__, text.split()))
    if not words:
        return Sentiment(0.0, 0.0, 0.0, 0.0)
    roles = bytes(map(_ROLE, words))
    hits = [place for place, role in enumerate(roles) if role in _HIT_ROLES]
    if not hits:
        return Sentiment(0.0, 0.0, 1.0, 0.0)
    if max(roles) < _RULING:
        valences = [words[place].valence for place in hits]
    else:
        shouts = 0 < sum(map(_IS_UPPER, words)) < len(words)
        valences = [
            _valence(words, place, shouts=shouts)
            if max(roles[max(place - 3, 0) : place + 3]) >= _RULING
            else words[place].valence
            for place in hits
        ]
    turn = roles.find(_BUT)
    if turn >= 0:
        _weigh_around(turn, hits, valences)
    return _summarise(valences, len(words), _emphasis(text))


_ROLE = itemgetter(0)
_IS_UPPER = itemgetter(1)
_HIT_ROLES = (_PLAIN, _RULED)


def _valence(words: list[_Word], index: int, *, shouts: bool) -> float:
    word = words[index]
    follower = words[index + 1] if index + 1 < len(words) else None
    if follower and word.lower == "kind" and follower.lower == "of":
        return 0.0
    before = [words[index - step] for step in (1, 2, 3) if index >= step]
    valence = word.valence
    if follower and word.lower == "no" and follower.in_lexicon:
        valence = 0.0
    if _follows_no(before):
        valence = word.valence * N_SCALAR
    if word.is_upper and shouts:
        valence += C_INCR if valence > 0 else -C_INCR
    for step, earlier in enumerate(before):
        if earlier.in_lexicon:
            continue
        valence += _boost(earlier, step, valence, shouts=shouts)
        valence *= _negation(before, step)
        if step == 2:  # noqa: PLR2004 - idioms only with three words before
            valence = _apply_idioms(valence, words[index - 3 : index + 3])
    if _is_least(before):
        valence *= N_SCALAR
    return valence


def _follows_no(before: list[_Word]) -> bool:
    if any(word.lower == "no" for word in before[:2]):
        return True
    return len(before) == 3 and (  # noqa: PLR2004
        before[2].lower == "no" and before[0].lower in ("or", "nor")
    )


def _boost(word: _Word, step: int, valence: float, *, shouts: bool) -> float:
    if not word.boost:
        return 0.0
    boost = -word.boost if valence < 0 else word.boost
    if word.is_upper and shouts:
        boost += C_INCR if valence > 0 else -C_INCR
    return boost * (1.0, 0.95, 0.9)[step]


def _negation(before: list[_Word], step: int) -> float:
    """Return the factor of the word that stands ``step`` + 1 before the hit."""
    word = before[step]
    if step:
        nearer = [other.lower for other in before[:step]]
        # At three words' distance "so" or "this" next to the hit needs no "never":
        # upstream's "and" binds closer than its "or".
        if word.lower == "never" and nearer[-1] in ("so", "this"):
            return 1.25
        if step == 2 and nearer[0] in ("so", "this"):  # noqa: PLR2004
            return 1.25
        if word.lower == "without" and "doubt" in nearer:
            return 1.0
    return N_SCALAR if word.negates else 1.0


def _apply_idioms(valence: float, window: list[_Word]) -> float:
    """Ask upstream about idioms in the six words of which the fourth is the hit."""
    if not any(word.in_idiom for word in window):
        return valence
    return _ANALYSER._special_idioms_check(valence, [word.text for word in window], 3)


def _is_least(before: list[_Word]) -> bool:
    if not before or before[0].lower != "least" or before[0].in_lexicon:
        return False
    return len(before) == 1 or before[1].lower not in ("at", "very")


def _weigh_around(turn: int, hits: list[int], valences: list[float]) -> None:
    """Halve what stands before the first "but" and raise by half what follows it.

    Upstream finds each value again by its first equal, so equal values are weighed
    twice or not at all. The positions of equal values are kept in heaps, which
    makes the same choice without searching the list.
    """
    equals: dict[float, list[int]] = {}
    for position, valence in enumerate(list(valences)):
        if not valence:
            continue
        heappush(equals.setdefault(valence, []), position)
        first = heappop(equals[valence])
        weighed = valence * (0.5 if hits[first] < turn else 1.5)
        valences[first] = weighed
        heappush(equals.setdefault(weighed, []), first)


def _emphasis(text: str) -> float:
    questions = text.count("?")
    asked = 0.0
    if questions > 1:
        asked = questions * 0.18 if questions <= 3 else 0.96  # noqa: PLR2004
    return min(text.count("!"), 4) * 0.292 + asked


def _summarise(valences: list[float], word_count: int, emphasis: float) -> Sentiment:
    total = float(sum(valences))
    if total:
        total += emphasis if total > 0 else -emphasis
    positive = negative = 0.0
    neutral = word_count
    for valence in valences:
        if valence > 0:
            positive += valence + 1
            neutral -= 1
        elif valence < 0:
            negative -= valence - 1
            neutral -= 1
    if positive > negative:
        positive += emphasis
    elif positive < negative:
        negative += emphasis
    whole = positive + negative + neutral
    return Sentiment(
        compound=round(normalize(total), 4),
        positive_ratio=round(positive / whole, 3),
        neutral_ratio=round(neutral / whole, 3),
        negative_ratio=round(negative / whole, 3),
    )
