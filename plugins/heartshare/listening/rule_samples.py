"""How often the rules of a seed are right, measured on labelled sentences."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from typing import TYPE_CHECKING

from heartshare.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from heartshare.warehouse.connections import Connection


@dataclass(frozen=True)
class LabelledSentence:
    """A sentence with the classes that it belongs to; none for a hard negative."""

    text: str
    labels: frozenset[str]


@dataclass(frozen=True)
class PatternRule:
    """A regular expression (RE2), the class it stands for, and what it must not see."""

    class_code: str
    pattern: str
    except_pattern: str


@dataclass(frozen=True)
class RuleScore:
    """Hits of a class that are right and wrong, and its sentences that were missed."""

    right_count: int
    wrong_count: int
    missed_count: int

    @property
    def precision(self) -> float | None:
        """Part of the hits that are right; None without a hit."""
        hits = self.right_count + self.wrong_count
        return self.right_count / hits if hits else None

    @property
    def recall(self) -> float | None:
        """Part of the sentences of the class that were hit; None without one."""
        members = self.right_count + self.missed_count
        return self.right_count / members if members else None


def read_sample(path: Path) -> list[LabelledSentence]:
    """Return the sentences of a CSV with the columns sentence and labels (``a|b``).

    Raises:
        InputError: a sentence is missing, or stands in the file twice.
    """
    sample: dict[str, LabelledSentence] = {}
    with path.open(encoding="utf-8", newline="") as file:
        for number, row in enumerate(csv.DictReader(file), start=2):
            text = (row["sentence"] or "").strip()
            if not text or text in sample:
                raise InputError(
                    f"{path.name}, row {number}: the sentence is "
                    f"{'there twice' if text else 'missing'}. Give each sentence "
                    "one row with all of its labels, separated by |."
                )
            labels = frozenset(filter(None, (row["labels"] or "").split("|")))
            sample[text] = LabelledSentence(text, labels)
    return list(sample.values())


def read_rules(path: Path, class_column: str) -> list[PatternRule]:
    """Return the rules of a seed that hold today, that is, have no end."""
    with path.open(encoding="utf-8", newline="") as file:
        return [
            PatternRule(
                row[class_column], row["pattern"], row.get("except_pattern") or ""
            )
            for row in csv.DictReader(file)
            if not row["valid_to"]
        ]


def measure_rules(
    connection: Connection,
    rules: Iterable[PatternRule],
    sample: Sequence[LabelledSentence],
) -> dict[str, RuleScore]:
    """Return how the rules of each class do on the sample, by class in order of rules.

    The database matches, as it does in a build: the patterns mean what RE2 means.
    """
    texts = [sentence.text for sentence in sample]
    hits: dict[str, set[str]] = {}
    for rule in rules:
        found = hits.setdefault(rule.class_code, set())
        found |= _fitting(connection, rule, texts)
    return {
        class_code: RuleScore(
            right_count=sum(class_code in s.labels for s in sample if s.text in found),
            wrong_count=sum(
                class_code not in s.labels for s in sample if s.text in found
            ),
            missed_count=sum(
                class_code in s.labels for s in sample if s.text not in found
            ),
        )
        for class_code, found in hits.items()
    }


def score_lines(scores: dict[str, RuleScore]) -> list[str]:
    """Return the scores as the lines of a Markdown table."""
    return [
        "| Class | Hits right | Hits wrong | Missed | Precision | Recall |",
        "|---|---|---|---|---|---|",
        *(
            f"| {class_code} | {score.right_count} | {score.wrong_count} | "
            f"{score.missed_count} | {_ratio(score.precision)} | "
            f"{_ratio(score.recall)} |"
            for class_code, score in scores.items()
        ),
    ]


def _fitting(
    connection: Connection, rule: PatternRule, texts: Sequence[str]
) -> set[str]:
    rows = connection.execute(
        "select sentence from (select unnest($1::varchar[]) as sentence) "
        f"where {fits(rule.pattern, rule.except_pattern)}",
        [texts],
    ).fetchall()
    return {text for (text,) in rows}


def fits(pattern: str, except_pattern: str) -> str:
    """Return the condition that a column ``sentence`` fits a rule, as in a build.

    What ``except_pattern`` finds is cut out first, unless it is empty. Patterns are
    constants, so that each compiles once.
    """
    whole = f"regexp_matches(sentence, {_quoted(pattern)})"
    if not except_pattern:
        return whole
    rest = f"regexp_replace(sentence, {_quoted(except_pattern)}, ' ', 'g')"
    rested = f"regexp_matches({rest}, {_quoted(pattern)})"
    return f"case when {whole} then {rested} else false end"


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def _ratio(value: float | None) -> str:
    return "none" if value is None else f"{value:.2f}"
