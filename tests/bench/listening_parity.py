"""Count the texts whose four values differ from upstream's, in two processes."""

from __future__ import annotations

import multiprocessing
import os
from functools import cache

from random_texts import TextMaker
from vaderSentiment.vaderSentiment import SentimentIntensityAnalyzer

from heartshare.listening.sentiment import score_sentiment

#: Texts of one chunk: how many, and of how few and how many words.
SHAPES = ((24_000, 1, 7), (970, 8, 25), (30, 60, 150))
CHUNK = sum(count for count, _, _ in SHAPES)
FIRST_SEED = 20261200

Found = tuple[int, list[str]]


@cache
def _upstream() -> SentimentIntensityAnalyzer:
    return SentimentIntensityAnalyzer()


def _differs(text: str) -> bool:
    theirs = _upstream().polarity_scores(text)
    values = (theirs["compound"], theirs["pos"], theirs["neu"], theirs["neg"])
    return repr(tuple(score_sentiment(text))) != repr(values)


def differences(texts: list[str]) -> Found:
    """Return how many texts were compared, and those that differ."""
    return len(texts), [text for text in texts if _differs(text)]


def _fuzz(seed: int) -> Found:
    maker = TextMaker(seed)
    return differences(
        [
            maker.text(shortest, longest)
            for count, shortest, longest in SHAPES
            for _ in range(count)
        ]
    )


def fuzz(texts: int) -> Found:
    """Compare at least so many random texts; the seeds count up from FIRST_SEED."""
    chunks = -(-texts // CHUNK)
    compared, different = 0, []
    context = multiprocessing.get_context("spawn")
    with context.Pool(min(os.cpu_count() or 1, 2)) as pool:
        seeds = range(FIRST_SEED, FIRST_SEED + chunks)
        for count, found in pool.imap_unordered(_fuzz, seeds):
            compared += count
            different += found
            print(f"  {compared:,} texts compared, {len(different)} differ", flush=True)
    return compared, different
