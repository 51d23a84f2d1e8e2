"""How positive or negative an English text is: VADER 3.3.2, faster and linear.

Upstream lower-cases the whole text again at every word it knows, so one comment of
2,500 emoji stalls a run for seconds. Here the rules run only over known words that
stand near a word with a rule. Every score equals upstream's, which a seeded
differential test enforces; where a rule below looks odd, it is upstream's.
"""

from __future__ import annotations

from heapq import heappop, heappush
from math import sqrt
from typing import NamedTuple

from heartshare.listening.lexicon import (
    BOOSTER_PHRASES,
    BUT,
    CAPITALS_STEP,
    IDIOMS,
    NEGATION_FACTOR,
    PLAIN,
    RULING,
    START,
    Word,
    spell_out_marks,
    words_of,
)

#: Stored beside every score; "linear" is this module's way to the same numbers.
SCORER_VERSION = "vader-3.3.2+linear-1"

_SO_THIS = ("so", "this")
_FEW_VALUES = 32


class Sentiment(NamedTuple):
    """The tone of one text.

    ``compound`` runs from -1 to 1; the three ratios from 0 to 1, and they add up to
    1 except for a text without words, where all are 0.
    """

    compound: float
    positive_ratio: float
    neutral_ratio: float
    negative_ratio: float


_sentiment_of = Sentiment._make
_NEUTRAL = Sentiment(0.0, 0.0, 1.0, 0.0)
_WORDLESS = Sentiment(0.0, 0.0, 0.0, 0.0)


def score_sentiment(text: str) -> Sentiment:
    """Return the tone of a text, equal to vaderSentiment 3.3.2 in every digit."""
    words = words_of(text)
    valences, turn = _valences(words)
    if not valences:
        return _NEUTRAL if words else _WORDLESS
    if turn >= 0:
        _weigh_around(turn, valences)
    return _summarise(valences, len(words), _emphasis(text))


def _valences(words: list[Word]) -> tuple[list[float], int]:
    """Return the valences of the known words, and how many stand before a "but".

    The number is -1 without a "but". This loop sees every word of every text, so it
    calls nothing except at a word in whose neighbourhood a rule may hold.
    """
    valences: list[float] = []
    ruled_to = turn = -1
    shouts = None
    for index, word in enumerate(words):
        role = word.role
        if not role:
            continue
        if role == PLAIN and index > ruled_to:
            valences.append(word.valence)
            continue
        if role == BUT:
            turn = turn if turn >= 0 else len(valences)
            continue
        if shouts is None and word.is_upper:
            shouts = not all(other.is_upper for other in words)
        if role != RULING:
            valences.append(_apply_rules(words, index, shouts=shouts))
        if word.reach:
            ruled_to = max(ruled_to, index + word.reach)
    return valences, turn


def _apply_rules(words: list[Word], index: int, *, shouts: bool | None) -> float:
    """Return the valence of a known word as the words around it change it.

    ``one``, ``two`` and ``three`` stand that many words before it.
    """
    word = words[index]
    one = words[index - 1] if index > 0 else START
    two = words[index - 2] if index > 1 else START
    three = words[index - 3] if index > 2 else START  # noqa: PLR2004
    if (
        word.lower == "kind"
        and index + 1 < len(words)
        and words[index + 1].lower == "of"
    ):
        return 0.0
    valence = _own_valence(words, index, (one, two, three))
    if shouts and word.is_upper:
        valence += CAPITALS_STEP if valence > 0 else -CAPITALS_STEP
    if one.boost:
        valence += _boost(one, valence, shouts=shouts)
    if one.negates:
        valence *= NEGATION_FACTOR
    if two.boost:
        valence += _boost(two, valence, shouts=shouts) * 0.95
    if two.negates:
        valence *= _negation(two, (one,))
    if not three.in_lexicon:
        valence = _apply_third(valence, words, index, shouts=shouts)
    if one.lower == "least" and not one.in_lexicon and two.lower not in ("at", "very"):
        valence *= NEGATION_FACTOR
    return valence


def _own_valence(
    words: list[Word], index: int, before: tuple[Word, Word, Word]
) -> float:
    """Return what "no" leaves of a word: a "no" before it, or the word itself."""
    word = words[index]
    one, two, three = before
    if (
        one.lower == "no"
        or two.lower == "no"
        or (three.lower == "no" and one.lower in ("or", "nor"))
    ):
        return word.valence * NEGATION_FACTOR
    if word.lower == "no" and index + 1 < len(words) and words[index + 1].in_lexicon:
        return 0.0
    return word.valence


def _apply_third(
    valence: float, words: list[Word], index: int, *, shouts: bool | None
) -> float:
    """Apply what hangs on the word three before a known one, idioms included."""
    three, two, one, word = words[index - 3 : index + 1]
    if three.boost:
        valence += _boost(three, valence, shouts=shouts) * 0.9
    # At three words' distance "so" or "this" next to the hit needs no "never":
    # upstream's "and" binds closer than its "or".
    if one.lower in _SO_THIS:
        valence *= 1.25
    elif three.negates:
        valence *= _negation(three, (two, one))
    if word.in_idiom or one.in_idiom or two.in_idiom or three.in_idiom:
        valence = _apply_idioms(valence, words[index - 3 : index + 3])
    return valence


def _boost(word: Word, valence: float, *, shouts: bool | None) -> float:
    boost = -word.boost if valence < 0 else word.boost
    if shouts and word.is_upper:
        boost += CAPITALS_STEP if valence > 0 else -CAPITALS_STEP
    return boost


def _negation(word: Word, nearer: tuple[Word, ...]) -> float:
    """Return the factor of a negation with one or two words between it and the hit."""
    if word.lower == "never" and nearer[0].lower in _SO_THIS:
        return 1.25
    if word.lower == "without" and any(other.lower == "doubt" for other in nearer):
        return 1.0
    return NEGATION_FACTOR


def _apply_idioms(valence: float, window: list[Word]) -> float:
    """Look for idioms in up to six words of which the fourth is the hit."""
    three, two, one, hit, *behind = [word.lower for word in window]
    before = [f"{three} {two} {one}", f"{three} {two}", f"{two} {one}"]
    onward = [f"{one} {hit}", f"{two} {one} {hit}", before[2], before[0], before[1]]
    valence = next((IDIOMS[phrase] for phrase in onward if phrase in IDIOMS), valence)
    for length in range(1, len(behind) + 1):
        valence = IDIOMS.get(" ".join([hit, *behind[:length]]), valence)
    for phrase in before:
        valence += BOOSTER_PHRASES.get(phrase, 0.0)
    return valence


def _weigh_around(turn: int, valences: list[float]) -> None:
    """Halve the values before the first "but" and raise by half those after it.

    Upstream finds each value again by its first equal, so equal values are weighed
    twice or not at all. Among many values the positions of equal ones are kept in
    heaps, which makes the same choice without searching the list.
    """
    if len(valences) <= _FEW_VALUES:
        for position in range(len(valences)):
            valence = valences[position]
            first = valences.index(valence)
            valences[first] = valence * (0.5 if first < turn else 1.5)
        return
    equals: dict[float, list[int]] = {}
    for position, valence in enumerate(valences):
        if valence:
            heappush(equals.setdefault(valence, []), position)
            first = heappop(equals[valence])
            valences[first] = valence * (0.5 if first < turn else 1.5)
            heappush(equals.setdefault(valences[first], []), first)


def _emphasis(text: str) -> float:
    marked = spell_out_marks(text)
    questions = marked.count("?")
    asked = 0.0
    if questions > 1:
        asked = questions * 0.18 if questions <= 3 else 0.96  # noqa: PLR2004
    return min(marked.count("!"), 4) * 0.292 + asked


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
    # round() is the dearest call here, and most short texts have only one sign.
    return _sentiment_of(
        (
            round(total / sqrt(total * total + 15), 4) if total else 0.0,
            round(positive / whole, 3) if positive else 0.0,
            round(neutral / whole, 3) if neutral else 0.0,
            round(negative / whole, 3) if negative else 0.0,
        )
    )
