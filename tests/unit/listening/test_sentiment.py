"""Every score equals upstream's; the seeded texts reach each of its rules."""

from __future__ import annotations

import random
import time

import pytest
from vaderSentiment.vaderSentiment import (
    BOOSTER_DICT,
    NEGATE,
    SentimentIntensityAnalyzer,
)

from heartshare.listening import lexicon
from heartshare.listening.sentiment import Sentiment, score_sentiment

UPSTREAM = SentimentIntensityAnalyzer()
LEXICON = list(UPSTREAM.lexicon)
EMOJI = list(UPSTREAM.emojis)
RULE_WORDS = str.split(
    "no kind of but least at very never so this without doubt or nor the shit bomb "
    "bad ass badass bus stop yeah right kiss death to die for beating heart just "
    "enough sort KIND BUT No OK! ok n't ain't good bad great uh-uh"
)
ODD_LETTERS = [*"KİΣςßǅ\u017f\u2019\u201cé", "\u0307", "\ufe0f", "\u200d"]
SPACES = [*" " * 6, "\t", "\n", "\u00a0", "\u2003", "\x1c", "\u2028", ""]


def upstream_score(text: str) -> Sentiment:
    score = UPSTREAM.polarity_scores(text)
    return Sentiment(score["compound"], score["pos"], score["neu"], score["neg"])


def random_word(rng: random.Random) -> str:
    word = rng.choice(
        [
            lambda: rng.choice(LEXICON),
            lambda: rng.choice(LEXICON),
            lambda: rng.choice(list(BOOSTER_DICT)),
            lambda: rng.choice(NEGATE),
            lambda: rng.choice(RULE_WORDS),
            lambda: rng.choice(RULE_WORDS),
            lambda: rng.choice(EMOJI),
            lambda: "".join(rng.choices(ODD_LETTERS, k=2)) + rng.choice(["", "good"]),
            lambda: "".join(rng.choices("!?.,:;)(-<>'\"", k=rng.randint(1, 4))),
            lambda: "".join(rng.choices("abcdeouXYZ", k=rng.randint(1, 6))),
        ]
    )()
    shape = rng.random()
    if shape < 0.15:
        word = word.upper()
    elif shape < 0.2:
        word = word.title()
    if rng.random() < 0.15:
        word += "".join(rng.choices("!?.,", k=rng.randint(1, 3)))
    return word


def random_text(rng: random.Random, shortest: int, longest: int) -> str:
    count = rng.randint(shortest, longest)
    return "".join(random_word(rng) + rng.choice(SPACES) for _ in range(count))


@pytest.mark.parametrize(
    ("seed", "count", "shortest", "longest"),
    [
        pytest.param(20261116, 6_000, 1, 10, id="short texts"),
        pytest.param(20261117, 2_500, 10, 30, id="posts"),
        pytest.param(20261118, 150, 60, 150, id="long texts with many equal values"),
    ],
)
def test_every_score_equals_upstream(
    seed: int, count: int, shortest: int, longest: int
) -> None:
    rng = random.Random(seed)
    for _ in range(count):
        text = random_text(rng, shortest, longest)
        # repr, so that 0.0 and -0.0 are told apart.
        assert repr(score_sentiment(text)) == repr(upstream_score(text)), repr(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "nothing known here",
        "VADER is VERY SMART, handsome, and FUNNY!!!",
        "Today kinda sux! But I'll get by, lol",
        "good but good",
        "so very happy so good so nice but bad bad bad good good nice",
        "kind of good",
        "kind",
        "no",
        "no good",
        "NO good",
        "neither no or good",
        "never so good",
        "the food is so good",
        "without any doubt good",
        "least helpful",
        "at least helpful",
        "he is not the bomb today",
        "this book is to die for friends",
        "my old beating heart sings",
        "Is it good?? Really??? Bad????",
        "\U0001f60dgreat",
        "great\U0001f60d",
        "\U0001f51b good \U0001f199",
        "good bad " * 400,
    ],
)
def test_known_oddities_equal_upstream(text: str) -> None:
    assert repr(score_sentiment(text)) == repr(upstream_score(text))


def test_cache_that_overflows_changes_no_score(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(lexicon, "_CACHE_LIMIT", 20)
    rng = random.Random(7)
    for _ in range(300):
        text = random_text(rng, 5, 40)
        assert score_sentiment(text) == upstream_score(text)


@pytest.mark.parametrize(
    "unit", ["\U0001f60d", "so good ", "good bad but love ", "no "], ids=repr
)
def test_work_grows_with_the_length_and_not_its_square(unit: str) -> None:
    def cpu_seconds(text: str) -> float:
        start = time.process_time()
        score_sentiment(text)
        return time.process_time() - start

    score_sentiment(unit * 10)
    small = min(cpu_seconds(unit * 4_000) for _ in range(3))
    large = min(cpu_seconds(unit * 16_000) for _ in range(3))

    # Four times the text: 4 when linear, 16 when quadratic.
    assert large / small < 10
