"""The section of docs/listening.md on how far the rules of tonality can be trusted."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING

from heartshare.listening.tonality import classify, measure, read_rules, read_sample
from heartshare.warehouse.connections import open_memory

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from heartshare.listening.tonality import Measure

_BEGIN = "<!-- tonality: written by `heartshare docs` -->"
_END = "<!-- /tonality -->"
#: Below this precision on the held-out sample a class is named as doubtful.
DOUBTFUL_PRECISION = 0.8
#: Below this recall a count is a floor, far from the whole.
LOW_RECALL = 0.5
#: Sample -> how it came about.
SAMPLES = {
    "tonality_held_out_2.csv": (
        "**Held-out sample**: written and labelled by somebody who had not seen the "
        "rules, measured once, after they were fixed. These are the figures to believe."
    ),
    "tonality_development.csv": (
        "**Development sample**: the rules were written against it, so it flatters "
        "them. It shows what they are meant to do."
    ),
    "tonality_development_2.csv": (
        "**Second development sample**: the held-out sample of the first version of "
        "the rules, which found 28 % of its complaints. Its errors were then read and "
        "its labels of questions brought in line, so that it flatters them too."
    ),
}


def with_tonality(page: str, seed: Path) -> str:
    """Return docs/listening.md with its section on tonality renewed or appended."""
    section = "\n".join((_BEGIN, *section_lines(seed), _END))
    before, begin, rest = page.partition(_BEGIN)
    if not begin:
        return f"{(page or '# Listening').rstrip()}\n\n## Tonality\n\n{section}\n"
    return before + section + rest.partition(_END)[2]


def measured(seed: Path) -> dict[str, tuple[Measure, ...]]:
    """Return how the rules of the seed read each sample, one measure per class.

    All samples go through one query: compiling the patterns is what takes long.
    """
    samples = {name: read_sample(name) for name in SAMPLES}
    sentences = [row.sentence for sample in samples.values() for row in sample]
    with open_memory() as connection:
        read = iter(classify(connection, read_rules(seed), sentences))
    return {
        name: measure(sample, list(islice(read, len(sample))))
        for name, sample in samples.items()
    }


def section_lines(seed: Path) -> Iterator[str]:
    """Yield the lines of the section, without heading."""
    yield (
        "What a text does is read by the regular expressions of "
        "`dbt_project/seeds/tonality_rules.csv`, in SQL, for English. A text may "
        "belong to several classes; information is a statement of four words or more "
        "that belongs to no other. `int_interaction_tones__matched` keeps which rule, "
        "in which version, gave a class. Precision is the part of the sentences read "
        "as a class that a person labelled so, with Wilson's interval of 95 %; recall "
        "is the part of the labelled sentences that was found. A request or proposal "
        "in the form of a question counts as a question too, because it waits for an "
        "answer; a rhetorical question does not."
    )
    for name, measures in measured(seed).items():
        yield ""
        yield f"{SAMPLES[name]} {len(read_sample(name))} sentences, all made up."
        yield ""
        yield "| Class | Labelled | Read | Right | Precision | 95 % | Recall |"
        yield "|---|---|---|---|---|---|---|"
        yield from map(_line, measures)
        yield ""
        yield _verdict(measures)


def _line(item: Measure) -> str:
    low, high = item.interval or (None, None)
    interval = "" if low is None else f"{low:.2f} to {high:.2f}"
    return (
        f"| {item.class_code} | {item.positives} | {item.predicted} | {item.correct} "
        f"| {_figure(item.precision)} | {interval} | {_figure(item.recall)} |"
    )


def _figure(value: float | None) -> str:
    return "" if value is None else f"{value:.2f}"


def _verdict(measures: Sequence[Measure]) -> str:
    doubtful = [
        item.class_code
        for item in measures
        if item.precision is not None and item.precision < DOUBTFUL_PRECISION
    ]
    missed = [
        item.class_code
        for item in measures
        if item.recall is not None and item.recall < LOW_RECALL
    ]
    return " ".join(
        (
            (
                f"Precision below {DOUBTFUL_PRECISION}: "
                f"{', '.join(doubtful) or 'none'}; "
                "read examples before a decision rests on those counts."
            ),
            (
                f"Recall below {LOW_RECALL}: {', '.join(missed) or 'none'}; "
                "more were written than are counted."
            ),
        )
    )
