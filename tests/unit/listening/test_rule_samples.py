"""The aspect rules are as precise as the page on listening says."""

from pathlib import Path

import duckdb
import pytest

from heartshare.errors import InputError
from heartshare.listening import rule_samples
from heartshare.listening.rule_samples import (
    LabelledSentence,
    PatternRule,
    RuleScore,
    measure_rules,
    read_rules,
    read_sample,
    score_lines,
)

ROOT = Path(__file__).parents[3]
SAMPLE = Path(rule_samples.__file__).parent / "samples" / "aspects_development.csv"
RULES = ROOT / "dbt_project" / "seeds" / "aspect_rules.csv"
ASPECTS = ["trust", "competence", "openness", "fairness", "service", "value"]


@pytest.fixture(scope="module")
def scores():
    rules = read_rules(RULES, "aspect_code")
    with duckdb.connect() as connection:
        return measure_rules(connection, rules, read_sample(SAMPLE))


def test_sample_holds_forty_sentences_of_each_aspect_and_as_many_hard_negatives():
    sample = read_sample(SAMPLE)
    for aspect in ASPECTS:
        assert sum(aspect in sentence.labels for sentence in sample) >= 40, aspect
    assert sum(not sentence.labels for sentence in sample) >= 120
    assert {label for s in sample for label in s.labels} == set(ASPECTS)


@pytest.mark.parametrize("aspect", ASPECTS)
def test_rules_of_an_aspect_are_seldom_wrong_and_find_most(scores, aspect):
    assert scores[aspect].precision >= 0.95
    assert scores[aspect].recall >= 0.8


def test_page_on_listening_prints_what_is_measured(scores):
    page = (ROOT / "docs" / "listening.md").read_text()
    assert "\n".join(score_lines(scores)) in page


def test_score_counts_right_wrong_and_missed_sentences():
    sample = [
        LabelledSentence("a fair fee", frozenset({"fairness", "value"})),
        LabelledSentence("the county fair", frozenset()),
        LabelledSentence("fair skin", frozenset()),
        LabelledSentence("one rule for them", frozenset({"fairness"})),
    ]
    rules = [
        PatternRule("fairness", r"(?i)\bfair\b", r"(?i)\bcounty fair\b"),
        PatternRule("value", r"\bprice\b", ""),
    ]
    with duckdb.connect() as connection:
        scores = measure_rules(connection, rules, sample)
    assert scores["fairness"] == RuleScore(1, 1, 1)
    assert scores["fairness"].precision == 0.5
    assert scores["value"] == RuleScore(0, 0, 1)
    assert scores["value"].precision is None
    assert scores["value"].recall == 0.0
    assert RuleScore(0, 1, 0).recall is None


def test_sentence_that_stands_twice_is_named_with_its_row(tmp_path):
    path = tmp_path / "sample.csv"
    path.write_text("sentence,labels\nOne.,trust\nOne.,value\n")
    with pytest.raises(InputError, match=r"sample\.csv, row 3: .*twice"):
        read_sample(path)


def test_rule_that_has_ended_is_not_measured(tmp_path):
    path = tmp_path / "rules.csv"
    path.write_text(
        "aspect_code,valid_to,pattern,except_pattern\n"
        "trust,2020-01-01,old,\ntrust,,new,not this\n"
    )
    assert read_rules(path, "aspect_code") == [PatternRule("trust", "new", "not this")]
