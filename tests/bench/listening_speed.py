"""Texts a second of score_sentiment and of upstream, in CPU time of one process."""

from __future__ import annotations

import multiprocessing
import statistics
import time
from typing import TYPE_CHECKING

from vaderSentiment.vaderSentiment import SentimentIntensityAnalyzer

from heartshare.listening.sentiment import score_sentiment

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

Figures = dict[str, float]


def cpu_seconds(score: Callable[[str], object], texts: Iterable[str]) -> float:
    begun = time.process_time()
    for text in texts:
        score(text)
    return time.process_time() - begun


def first_pass(texts: list[str]) -> float:
    """Return the ratio of upstream to a first pass, every word still to look up."""
    upstream = SentimentIntensityAnalyzer()
    ours = cpu_seconds(score_sentiment, texts)
    return cpu_seconds(upstream.polarity_scores, texts) / ours


def measure(texts: list[str], rounds: int) -> Figures:
    """Compare both on the same texts, one after the other in each round."""
    context = multiprocessing.get_context("spawn")
    with context.Pool(1) as pool:
        first = pool.apply(first_pass, (texts,))
    upstream = SentimentIntensityAnalyzer()
    theirs, ours = [], []
    for _ in range(rounds):
        theirs.append(cpu_seconds(upstream.polarity_scores, texts))
        ours.append(cpu_seconds(score_sentiment, texts))
    ratios = sorted(their / our for their, our in zip(theirs, ours, strict=True))
    return {
        "texts": len(texts),
        "texts_per_second": round(len(texts) / statistics.median(ours)),
        "upstream_per_second": round(len(texts) / statistics.median(theirs)),
        "ratio": round(statistics.median(theirs) / statistics.median(ours), 2),
        "ratio_lowest": round(ratios[0], 2),
        "ratio_highest": round(ratios[-1], 2),
        "ratio_first_pass": round(first, 2),
    }
