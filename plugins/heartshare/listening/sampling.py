"""Which texts of a week people should read, and how many of each predicted class?

The sample is stratified and has no dice: within a class the texts come in the order of
a digest of their key and the week, so that a larger sample holds the smaller one.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence


@dataclass(frozen=True)
class ScoredText:
    """One text of the population: its key, its author's, its class and its words."""

    interaction_key: str
    author_key: str
    stratum_code: str
    platform_code: str
    text: str


@dataclass(frozen=True)
class SampledText:
    """A text that was drawn, and for how many of its class it stands."""

    text: ScoredText
    stratum_population_count: int
    stratum_sample_count: int


def allocated(sizes: Mapping[str, int], size: int, minimum: int) -> dict[str, int]:
    """Return how many texts of each class to draw, ``size`` in all where there are.

    Each class has its minimum, or all it has; the rest follows the classes' sizes, by
    largest remainder.
    """
    total = sum(sizes.values())
    if size >= total:
        return dict(sizes)
    floor = min(minimum, size // max(len(sizes), 1))
    drawn = {code: min(count, floor) for code, count in sizes.items()}
    while (left := size - sum(drawn.values())) > 0:
        open_sizes = {c: n for c, n in sizes.items() if drawn[c] < n}
        wanted = {c: size * n / total - drawn[c] for c, n in open_sizes.items()}
        best = max(sorted(wanted), key=lambda code: (wanted[code], sizes[code]))
        drawn[best] += min(left, 1)
    return drawn


def draw_sample(
    texts: Sequence[ScoredText], *, week_key: str, size: int, minimum: int
) -> list[SampledText]:
    """Return the sample of a week in the order in which it should be read.

    That order mixes the classes, so that whoever stops early has read some of each.
    """
    ranked = sorted(texts, key=lambda text: _rank(text.interaction_key, week_key))
    sizes: dict[str, int] = {}
    for text in ranked:
        sizes[text.stratum_code] = sizes.get(text.stratum_code, 0) + 1
    wanted = allocated(sizes, size, minimum)
    left = dict(wanted)
    sample = []
    for text in ranked:
        code = text.stratum_code
        if left[code]:
            left[code] -= 1
            sample.append(SampledText(text, sizes[code], wanted[code]))
    return sample


def _rank(key: str, week_key: str) -> str:
    return hashlib.md5(f"{key}|{week_key}".encode(), usedforsecurity=False).hexdigest()
