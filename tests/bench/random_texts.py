"""Seeded random texts that reach every rule of VADER: shared by fuzz test and bench."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING

from vaderSentiment.vaderSentiment import (
    BOOSTER_DICT,
    NEGATE,
    SPECIAL_CASES,
    SentimentIntensityAnalyzer,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

_UPSTREAM = SentimentIntensityAnalyzer()
RATED_WORDS = list(_UPSTREAM.lexicon)
EMOJI = list(_UPSTREAM.emojis)
PHRASES = [*SPECIAL_CASES, *BOOSTER_DICT]
RULE_WORDS = str.split(
    "no kind of but least at very never so this without doubt or nor the shit bomb "
    "bad ass badass bus stop yeah right kiss death to die for beating heart just "
    "enough sort KIND BUT No OK! ok n't ain't good bad great uh-uh I a"
)
# Kelvin sign, dotted I, both sigmas, titlecase digraph, long s, curly quotes, marks
# that join or turn the direction, half of a surrogate pair, NUL.
ODD_LETTERS = [
    *"\u212a\u0130\u03a3\u03c2\u00df\u01c5\u017f\u2019\u201c\u00e9",
    *"\u0307\ufe0f\u200d\u200e\u200f\u202e\ud83d\x00",
]
SPACES = [*" " * 12, "", "", "\t", "\n", "\r\n", "\x0b", "\x0c", "\x1c", "\x85"]
SPACES += ["\u00a0", "\u2003", "\u2028", "\u3000"]


def _deal(cards: list[str], rng: random.Random) -> Iterator[str]:
    """Yield every card once before any comes again."""
    while True:
        yield from rng.sample(cards, len(cards))


class TextMaker:
    """Makes texts of random words; equal seeds make equal texts."""

    def __init__(self, seed: int) -> None:
        self._rng = random.Random(seed)
        rated = _deal(RATED_WORDS, self._rng)
        rules = _deal(RULE_WORDS, self._rng)
        self._sources = [
            *(rated, rated, rated),
            *(rules, rules),
            _deal(PHRASES, self._rng),
            _deal(list(NEGATE), self._rng),
            _deal(EMOJI, self._rng),
            self._letters(),
            self._marks(),
        ]

    def text(self, shortest: int, longest: int) -> str:
        """Return a text of so many words."""
        rng = self._rng
        count = rng.randint(shortest, longest)
        return "".join(self._word() + rng.choice(SPACES) for _ in range(count))

    def _word(self) -> str:
        rng = self._rng
        word = next(rng.choice(self._sources))
        shape = rng.random()
        if shape < 0.12:
            word = word.upper()
        elif shape < 0.18:
            word = word.title()
        if shape > 0.85:
            word += "".join(rng.choices("!?.,", k=rng.randint(1, 4)))
        return word

    def _letters(self) -> Iterator[str]:
        rng = self._rng
        while True:
            plain = "".join(rng.choices("abcdeouXYZ", k=rng.randint(1, 6)))
            odd = "".join(rng.choices(ODD_LETTERS, k=2))
            yield rng.choice([plain, plain, odd, f"{odd}good", f"no{odd[0]}"])

    def _marks(self) -> Iterator[str]:
        rng = self._rng
        while True:
            yield "".join(rng.choices("!?.,:;)(-<>'\"", k=rng.randint(1, 4)))
