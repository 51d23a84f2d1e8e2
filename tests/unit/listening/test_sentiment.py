"""Every score equals upstream's; the seeded texts reach each of its rules."""

from __future__ import annotations

import json
import time
from pathlib import Path

import pytest
from bench.random_texts import TextMaker
from vaderSentiment.vaderSentiment import SentimentIntensityAnalyzer

from heartshare.listening import lexicon
from heartshare.listening.sentiment import Sentiment, score_sentiment

UPSTREAM = SentimentIntensityAnalyzer()
GOLDENS = Path(__file__).parents[2] / "fixtures" / "listening" / "tone_goldens.jsonl"


def upstream_score(text: str) -> Sentiment:
    score = UPSTREAM.polarity_scores(text)
    return Sentiment(score["compound"], score["pos"], score["neu"], score["neg"])


def assert_equal_to_upstream(text: str) -> None:
    # repr, so that 0.0 and -0.0 are told apart.
    assert repr(score_sentiment(text)) == repr(upstream_score(text)), repr(text)


@pytest.mark.parametrize(
    ("seed", "count", "shortest", "longest"),
    [
        pytest.param(20261116, 18_500, 1, 7, id="short texts"),
        pytest.param(20261117, 1_500, 8, 25, id="posts"),
        pytest.param(20261118, 60, 60, 150, id="long texts with many equal values"),
    ],
)
def test_every_score_equals_upstream(
    seed: int, count: int, shortest: int, longest: int
) -> None:
    # The maker deals every word, phrase and emoji upstream knows before any again.
    maker = TextMaker(seed)
    for _ in range(count):
        assert_equal_to_upstream(maker.text(shortest, longest))


def test_goldens_still_equal_both() -> None:
    lines = GOLDENS.read_text(encoding="utf-8").splitlines()
    assert len(lines) >= 100
    for line in lines:
        golden = json.loads(line)
        expected = Sentiment(*golden["score"])
        assert repr(upstream_score(golden["text"])) == repr(expected), line
        assert repr(score_sentiment(golden["text"])) == repr(expected), line


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "\x00",
        "\x00 good \x00",
        "\ud83d",
        "good\udc4d bad \ud83d\ud83d",
        "\u202egood\u202c \u200fbad\u200e",
        "\u200f" * 500,
        "\ufe0f\u200d" * 500 + " love",
        "!" * 5_000 + " good",
        "good" * 2_000,
        "a" * 1_000_000,
        "\u0130" * 5_000 + " NICE",
    ],
    ids=lambda text: ascii(text)[:20],
)
def test_hostile_text_equals_upstream(text: str) -> None:
    assert_equal_to_upstream(text)


@pytest.mark.parametrize(
    "text",
    [
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
        "no taste or good service",
        "no taste nor good service",
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
    assert_equal_to_upstream(text)


def test_cache_that_overflows_changes_no_score(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(lexicon, "_CACHE_LIMIT", 20)
    maker = TextMaker(7)
    for _ in range(300):
        assert_equal_to_upstream(maker.text(5, 40))


def cpu_seconds(text: str) -> float:
    start = time.process_time()
    score_sentiment(text)
    return time.process_time() - start


@pytest.mark.parametrize(
    "unit",
    [
        "\U0001f60d",
        "\U0001f60d ",
        "so good ",
        "SO GOOD ",
        "good bad but love ",
        "but good never so bad ",
        "no ",
        "kind of bad ass ",
        "\u200f\u202e",
        "\ud83d \x00",
    ],
    ids=ascii,
)
def test_work_grows_with_the_length_and_not_its_square(unit: str) -> None:
    score_sentiment(unit * 10)
    small = min(cpu_seconds(unit * 3_000) for _ in range(3))
    large = min(cpu_seconds(unit * 12_000) for _ in range(3))

    # Four times the text: 4 when linear, 16 when quadratic.
    assert large / small < 10


@pytest.mark.parametrize(
    ("text", "is_positive"),
    [
        pytest.param("so good " * 125_000, True, id="1 MB line"),
        pytest.param("\U0001f60d" * 100_000, True, id="100,000 emoji"),
        pytest.param("\U0001f620 " * 100_000, False, id="100,000 angry emoji"),
        pytest.param("x" * 1_000_000 + " awful", False, id="1 MB word"),
    ],
)
def test_megabyte_of_text_has_a_tone(text: str, *, is_positive: bool) -> None:
    score = score_sentiment(text)
    assert (score.compound > 0) is is_positive
    total = score.positive_ratio + score.neutral_ratio + score.negative_ratio
    assert total == pytest.approx(1, abs=0.002)
