"""How well the tone of a text agrees with the mean of twenty people's ratings."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

import numpy as np

from heartshare.listening.normalising import normalise
from heartshare.listening.sentiment import score_sentiment

if TYPE_CHECKING:
    from ground_truth import Rated

SEED = 20261123
RESAMPLES = 2_000
#: A person's mean rating beyond this is not neutral; VADER's own threshold beside it.
RATING_BORDER, COMPOUND_BORDER = 0.5, 0.05
CLASSES = (-1, 0, 1)


@dataclass(frozen=True)
class Accuracy:
    """The agreement on one set; what a row of the table in docs/listening.md says."""

    texts: int
    r: float
    r_low: float
    r_high: float
    r_without_normalising: float
    rho: float
    accuracy: float
    macro_f1: float
    recall_of_negatives: float
    bias: float
    #: What one point of a true move of net tone (share of positive minus share of
    #: negative texts) shows as.
    move_shown: float

    def as_figures(self) -> dict[str, float]:
        """Return the figures, rounded for a file."""
        return {name: round(value, 4) for name, value in asdict(self).items()}


def correlation(x: np.ndarray, y: np.ndarray) -> float:
    return float(np.corrcoef(x, y)[0, 1])


def ranks(values: np.ndarray) -> np.ndarray:
    """Return ranks, equal values at the mean of theirs."""
    _, inverse, counts = np.unique(values, return_inverse=True, return_counts=True)
    last = np.cumsum(counts)
    return (last - (counts - 1) / 2)[inverse]


def interval(x: np.ndarray, y: np.ndarray) -> tuple[float, float]:
    """Return the 95 % interval of the correlation over resampled texts."""
    rng = np.random.default_rng(SEED)
    drawn = [
        correlation(x[places], y[places])
        for places in (rng.integers(0, len(x), len(x)) for _ in range(RESAMPLES))
    ]
    low, high = np.percentile(drawn, [2.5, 97.5])
    return float(low), float(high)


def signs(values: np.ndarray, border: float) -> np.ndarray:
    """Return -1, 0 or 1 for each value; one at the border is not neutral."""
    return np.where(values >= border, 1, np.where(values <= -border, -1, 0))


def f1(true: np.ndarray, said: np.ndarray, tone: int) -> float:
    both = np.sum((true == tone) & (said == tone))
    return float(2 * both / (np.sum(true == tone) + np.sum(said == tone)))


def measure(rated: list[Rated]) -> Accuracy:
    ratings = np.array([each.rating for each in rated])
    tones = np.array([score_sentiment(normalise(each.text)).compound for each in rated])
    plain = np.array([score_sentiment(each.text).compound for each in rated])
    true, said = signs(ratings, RATING_BORDER), signs(tones, COMPOUND_BORDER)
    low, high = interval(tones, ratings)
    net_of = {tone: float(np.mean(said[true == tone])) for tone in CLASSES}
    return Accuracy(
        texts=len(rated),
        r=correlation(tones, ratings),
        r_low=low,
        r_high=high,
        r_without_normalising=correlation(plain, ratings),
        rho=correlation(ranks(tones), ranks(ratings)),
        accuracy=float(np.mean(true == said)),
        macro_f1=float(np.mean([f1(true, said, tone) for tone in CLASSES])),
        recall_of_negatives=float(np.mean(said[true == -1] == -1)),
        bias=float(np.mean(tones - ratings / 4)),
        move_shown=(net_of[1] - net_of[-1]) / 2,
    )


def table(found: dict[str, Accuracy]) -> str:
    rows = [
        (
            "| Texts | n | r | 95 % interval | rho | Right of three | Macro F1 "
            "| Negatives found | Bias | A move of 1 shows as |"
        ),
        "|---|---|---|---|---|---|---|---|---|---|",
        *(
            f"| {name} | {each.texts:,} | **{each.r:.3f}** "
            f"| {each.r_low:.3f} to {each.r_high:.3f} | {each.rho:.3f} "
            f"| {each.accuracy:.1%} | {each.macro_f1:.3f} "
            f"| {each.recall_of_negatives:.1%} | {each.bias:+.2f} "
            f"| {each.move_shown:.2f} |"
            for name, each in found.items()
        ),
    ]
    return "\n".join(rows)


MEANING = """
- **Elsewhere it knows less.** The rules were made on tweets, so an r of {tuned:.2f} is
  the most to hope for. On texts of other kinds it was {r_low:.2f} to {r_high:.2f};
  expect that of your own comments until labels of your own say otherwise.
- **It is too friendly.** The mean tone lay {bias_low:.2f} to {bias_high:.2f} above the
  people's mean, on the scale from -1 to 1, and beyond tweets it missed {missed_low:.0%}
  to {missed_high:.0%} of the texts that people found negative. A mean above 0 is no
  proof of a good mood.
- **Moves look smaller than they are.** When net tone (the share of positive texts minus
  that of negative ones) truly falls by one point because texts turn from positive to
  negative, it shows as {move_tuned:.2f} on tweets and as {move_low:.2f} to
  {move_high:.2f} elsewhere. A flat line can hide a real fall.
- **No interval without labels.** The intervals of the table are about the agreement
  with these raters. One computed from the scores of a week alone would know the luck of
  the draw and none of these errors, so none is shown; labels of the week give one.
"""


def meaning(found: dict[str, Accuracy]) -> str:
    """Say in plain words what the figures mean for a reader of a report."""
    tuned, *others = found.values()
    text = MEANING.format(
        tuned=tuned.r,
        move_tuned=tuned.move_shown,
        **ends("r", [each.r for each in others]),
        **ends("bias", [each.bias for each in found.values()]),
        **ends("missed", [1 - each.recall_of_negatives for each in others]),
        **ends("move", [each.move_shown for each in others]),
    )
    return text.replace("\n  ", " ").strip()


def ends(name: str, values: list[float]) -> dict[str, float]:
    return {f"{name}_low": min(values), f"{name}_high": max(values)}
