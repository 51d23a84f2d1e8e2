"""The sample has some of each class, is the same twice, and grows without changing."""

import pytest

from heartshare.listening.sampling import ScoredText, allocated, draw_sample


def texts(**sizes):
    return [
        ScoredText(f"{code}{number}", f"a{number}", code, "forum", "words")
        for code, size in sizes.items()
        for number in range(size)
    ]


@pytest.mark.parametrize(
    ("sizes", "size", "drawn"),
    [
        ({"a": 700, "b": 200, "c": 100}, 200, {"a": 140, "b": 40, "c": 20}),
        ({"a": 950, "b": 45, "c": 5}, 100, {"a": 75, "b": 20, "c": 5}),
        ({"a": 40, "b": 20}, 200, {"a": 40, "b": 20}),
        ({"a": 500}, 30, {"a": 30}),
        ({}, 30, {}),
    ],
)
def test_allocation_is_proportional_above_a_minimum(sizes, size, drawn):
    assert allocated(sizes, size, 20) == drawn


def test_allocation_never_exceeds_size_or_class():
    for size in range(1, 130):
        sizes = {"a": 100, "b": 19, "c": 1}
        drawn = allocated(sizes, size, 20)
        assert sum(drawn.values()) == min(size, 120)
        assert all(0 <= drawn[code] <= sizes[code] for code in sizes)


def test_sample_does_not_depend_on_the_order_of_texts():
    population = texts(positive=80, neutral=30, negative=40)
    first = draw_sample(population, week_key="2026-11-09", size=60, minimum=10)
    again = draw_sample(population[::-1], week_key="2026-11-09", size=60, minimum=10)
    other = draw_sample(population, week_key="2026-11-02", size=60, minimum=10)
    assert first == again
    assert {s.text.interaction_key for s in first} != {
        s.text.interaction_key for s in other
    }


def test_larger_sample_holds_the_smaller_one():
    population = texts(positive=80, neutral=30, negative=40)
    small, large = (
        {
            s.text.interaction_key
            for s in draw_sample(population, week_key="w", size=size, minimum=10)
        }
        for size in (40, 90)
    )
    assert small < large


def test_drawn_text_knows_its_class():
    (one, *_) = draw_sample(texts(neutral=60), week_key="w", size=30, minimum=10)
    assert (one.stratum_population_count, one.stratum_sample_count) == (60, 30)
