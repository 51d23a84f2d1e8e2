"""How well do the rules of tonality read sentences that people have labelled?

The rules are the seed that the warehouse builds with; they run here as they run there,
through DuckDB's regular expressions, so that what is measured is what is used.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from importlib.resources import files
from io import StringIO
from math import sqrt
from typing import TYPE_CHECKING

from heartshare.errors import InputError
from heartshare.listening.rule_samples import fits

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

    from heartshare.warehouse.connections import Connection

#: The classes that have a column, in the order of the marts.
CLASSES = (
    "question",
    "request",
    "complaint",
    "praise",
    "recommendation",
    "suggestion",
    "expectation",
    "information",
    "thanks",
    "deflection",
)
#: Standard normal deviate of a two-sided interval of 95 %.
_DEVIATE = 1.959964


class UnknownLabelError(InputError):
    """A sample names a class that no rule can give."""

    def __init__(self, sample: str, row: int, labels: Sequence[str]) -> None:
        super().__init__(
            f"{sample}, row {row}: {', '.join(labels)} is no class of tonality. "
            f"Use {', '.join(CLASSES)}, joined by |."
        )


@dataclass(frozen=True)
class Rule:
    """One rule of the seed: what fits ``pattern`` once ``excepted`` is cut out."""

    rule_id: str
    class_code: str
    pattern: str
    excepted: str


@dataclass(frozen=True)
class Labelled:
    """A sentence and the classes that a person sees in it, possibly none."""

    sentence: str
    labels: frozenset[str]


@dataclass(frozen=True)
class Measure:
    """Sentences of one class: labelled so, read so, and both."""

    class_code: str
    positives: int
    predicted: int
    correct: int

    @property
    def precision(self) -> float | None:
        """Part of the sentences read as the class that are labelled so."""
        return self.correct / self.predicted if self.predicted else None

    @property
    def recall(self) -> float | None:
        """Part of the sentences labelled as the class that are read so."""
        return self.correct / self.positives if self.positives else None

    @property
    def interval(self) -> tuple[float, float] | None:
        """Wilson's interval of the precision, 95 %; null where nothing was read."""
        if self.precision is None:
            return None
        n, square = self.predicted, _DEVIATE**2
        centre = (self.precision + square / (2 * n)) / (1 + square / n)
        spread = self.precision * (1 - self.precision) / n + square / (4 * n * n)
        half = _DEVIATE * sqrt(spread) / (1 + square / n)
        return max(0.0, centre - half), min(1.0, centre + half)


def read_rules(seed: Path) -> tuple[Rule, ...]:
    """Return the rules of the seed that are still valid, in its order."""
    with seed.open(newline="", encoding="utf-8") as file:
        return tuple(
            Rule(
                row["rule_id"],
                row["class_code"],
                row["pattern"],
                row["except_pattern"],
            )
            for row in csv.DictReader(file)
            if not row["valid_to"]
        )


def read_sample(name: str) -> tuple[Labelled, ...]:
    """Return a sample that ships with the package, by the name of its file.

    Raises:
        UnknownLabelError: a row bears a label that is no class.
    """
    source = files("heartshare") / "listening" / "samples" / name
    text = StringIO(source.read_text(encoding="utf-8"), newline="")
    return tuple(_labelled(name, csv.DictReader(text)))


def _labelled(name: str, rows: Iterable[Mapping[str, str]]) -> Iterator[Labelled]:
    for number, row in enumerate(rows, start=2):
        labels = frozenset(filter(None, row["labels"].split("|")))
        if unknown := sorted(labels - set(CLASSES)):
            raise UnknownLabelError(name, number, unknown)
        yield Labelled(row["sentence"], labels)


def classify(
    connection: Connection, rules: Sequence[Rule], sentences: Sequence[str]
) -> list[frozenset[str]]:
    """Return the classes of each sentence, in the given order.

    Information is what fits a rule of that class and of no other.
    """
    if not sentences or not rules:
        return [frozenset() for _ in sentences]
    columns = ", ".join(fits(rule.pattern, rule.excepted) for rule in rules)
    rows = connection.execute(
        f"select {columns} from (select unnest(?) as sentence, "
        "unnest(range(?)) as number) order by number",
        [list(sentences), len(sentences)],
    ).fetchall()
    found = [
        {rule.class_code for rule, is_fit in zip(rules, row, strict=True) if is_fit}
        for row in rows
    ]
    return [
        frozenset(
            codes & set(CLASSES)
            if codes == {"information"}
            else codes & set(CLASSES) - {"information"}
        )
        for codes in found
    ]


def measure(
    sample: Sequence[Labelled], predicted: Sequence[frozenset[str]]
) -> tuple[Measure, ...]:
    """Return one measure per class over equally long samples and readings."""
    pairs = list(zip(sample, predicted, strict=True))
    return tuple(
        Measure(
            code,
            positives=sum(code in labelled.labels for labelled, _ in pairs),
            predicted=sum(code in read for _, read in pairs),
            correct=sum(
                code in labelled.labels and code in read for labelled, read in pairs
            ),
        )
        for code in CLASSES
    )
