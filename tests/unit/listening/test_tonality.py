"""The rules of tonality read labelled sentences as well as they did when measured."""

from pathlib import Path

import pytest

from heartshare.listening.tonality import (
    CLASSES,
    Labelled,
    Measure,
    Rule,
    UnknownLabelError,
    _labelled,
    classify,
    measure,
    read_rules,
    read_sample,
)
from heartshare.reference import tonality_page
from heartshare.reference.tonality_page import measured, with_tonality
from heartshare.warehouse.connections import open_memory

ROOT = Path(__file__).parents[3]
SEED = ROOT / "dbt_project" / "seeds" / "tonality_rules.csv"
HELD_OUT = "tonality_held_out_2.csv"
DEVELOPMENT = ("tonality_development.csv", "tonality_development_2.csv")
#: Optional class: too few texts to measure.
MEASURED = [code for code in CLASSES if code != "deflection"]
#: Precision and recall on the held-out sample when it was first measured, rounded down.
FLOORS = {
    "question": (0.97, 0.90),
    "request": (0.95, 0.78),
    "complaint": (0.79, 0.51),
    "praise": (0.82, 0.53),
    "recommendation": (0.93, 0.53),
    "suggestion": (0.92, 0.67),
    "expectation": (0.88, 0.71),
    "information": (0.68, 0.48),
    "thanks": (0.94, 0.92),
}


@pytest.fixture(scope="module")
def measures():
    return measured(SEED)


@pytest.fixture(scope="module")
def samples(measures):
    return {
        name: {item.class_code: item for item in items}
        for name, items in measures.items()
    }


def read(*sentences, rules=None):
    with open_memory() as connection:
        return classify(connection, rules or read_rules(SEED), sentences)


@pytest.mark.parametrize("code", MEASURED)
def test_held_out_sentences_are_read_no_worse_than_measured(samples, code):
    precision, recall = FLOORS[code]
    assert samples[HELD_OUT][code].precision >= precision
    assert samples[HELD_OUT][code].recall >= recall


@pytest.mark.parametrize("code", MEASURED)
def test_development_sentences_are_read_with_precision(samples, code):
    read = [samples[name][code] for name in DEVELOPMENT]
    correct = sum(item.correct for item in read)
    assert correct / sum(item.predicted for item in read) >= 0.9


@pytest.mark.parametrize("code", MEASURED)
def test_each_sample_has_forty_sentences_of_each_class(samples, code):
    assert {name for name in samples if samples[name][code].positives < 40} == set()


def test_no_sentence_stands_twice_or_in_two_samples():
    sentences = [
        " ".join(row.sentence.casefold().split())
        for name in (HELD_OUT, *DEVELOPMENT)
        for row in read_sample(name)
    ]
    assert sorted(sentences) == sorted(set(sentences))


def test_page_of_listening_is_in_step(monkeypatch, measures):
    monkeypatch.setattr(tonality_page, "measured", lambda _: measures)
    page = (ROOT / "docs" / "listening.md").read_text()
    assert with_tonality(page, SEED) == page


def test_page_keeps_what_others_wrote_around_the_section(monkeypatch):
    monkeypatch.setattr(tonality_page, "section_lines", lambda _: iter(["figures"]))
    page = with_tonality("# Listening\n\n## Accuracy\n\nx\n", SEED)
    assert page.startswith("# Listening\n\n## Accuracy\n\nx\n\n## Tonality\n")
    assert "figures" in page
    assert with_tonality(page + "\n## Later\n", SEED) == page + "\n## Later\n"


def test_information_gives_way_to_every_other_class():
    news, both, remark = read(
        "The pool opens at nine.",
        "The pool opens at nine, thank you.",
        "The pool opens at nine, fingers crossed.",
    )
    assert news == {"information"}
    assert both == {"thanks"}
    assert remark == set()


def test_what_only_looks_like_a_hit_is_cut_out_of_the_text_first():
    rule = Rule("r", "praise", r"(?i)\bgood\b", r"(?i)\bnot good\b")
    assert read("not good", "not good, but good", rules=[rule]) == [set(), {"praise"}]


def test_curly_and_missing_apostrophes_read_alike():
    assert (
        read(
            "It doesn't work at all",
            "It doesn\u2019t work at all",
            "It doesnt work at all",
        )
        == [{"complaint"}] * 3
    )


def test_order_of_sentences_is_kept_and_none_is_no_error():
    assert read() == []
    rule = Rule("r", "thanks", "(?i)thank you", "")
    sentences = ["Thank you!" if number % 7 == 0 else "no" for number in range(5000)]
    expected = [{"thanks"} if number % 7 == 0 else set() for number in range(5000)]
    assert read(*sentences, rules=[rule]) == expected


def test_measure_counts_by_hand():
    sample = [
        Labelled("a", frozenset({"praise"})),
        Labelled("b", frozenset({"praise", "thanks"})),
        Labelled("c", frozenset()),
    ]
    found = [frozenset({"praise"}), frozenset({"thanks"}), frozenset({"praise"})]
    praise = next(m for m in measure(sample, found) if m.class_code == "praise")
    assert (praise.positives, praise.predicted, praise.correct) == (2, 2, 1)
    assert praise.precision == praise.recall == 0.5
    # Wilson, 1 of 2 by hand: 0.5 plus or minus 0.405469.
    assert praise.interval == pytest.approx((0.094531, 0.905469), abs=1e-5)


def test_nothing_read_has_no_precision():
    empty = Measure("praise", positives=0, predicted=0, correct=0)
    assert (empty.precision, empty.recall, empty.interval) == (None, None, None)


def test_unknown_label_names_file_and_row():
    with pytest.raises(UnknownLabelError, match=r"x\.csv, row 2: prase is no class"):
        list(_labelled("x.csv", [{"sentence": "a", "labels": "prase|thanks"}]))
