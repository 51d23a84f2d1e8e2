"""What people ask, expect and think is stated as far as it is known."""

import pytest

from heartshare.reporting.weekly.evidence_wants import wants_text

ASPECTS = ("trust", "competence", "openness", "fairness", "service", "value")
NOTHING = {
    "need_count": None,
    "open_need_count": None,
    "expectation_count": None,
    "met_expectation_count": None,
    "unmet_expectation_count": None,
    "pending_expectation_count": None,
} | dict.fromkeys(
    f"{one}_{kind}_count" for one in ASPECTS for kind in ("sentence", "positive")
)


def test_needs_and_expectations_are_counted_with_what_became_of_them():
    row = NOTHING | {
        "need_count": 708,
        "open_need_count": 136,
        "expectation_count": 41,
        "met_expectation_count": 26,
        "unmet_expectation_count": 12,
        "pending_expectation_count": 3,
    }
    assert wants_text(row) == (
        "Still without an answer: 136 of 708 questions and requests of the last ninety "
        "days. People said 41 times what they expect: 26 met, 12 not met, 3 pending."
    )


def test_one_of_many_reads_as_well_as_many():
    """It said: 1 of 12 questions and requests still wait, and: 1 were met."""
    row = NOTHING | {
        "need_count": 12,
        "open_need_count": 1,
        "expectation_count": 2,
        "met_expectation_count": 1,
        "unmet_expectation_count": 1,
        "pending_expectation_count": 0,
    }
    assert wants_text(row) == (
        "Still without an answer: 1 of 12 questions and requests of the last ninety "
        "days. People said 2 times what they expect: 1 met, 1 not met, 0 pending."
    )


def test_nothing_is_said_of_what_nobody_asked_or_expected():
    assert wants_text(NOTHING) == ""
    assert wants_text(NOTHING | {"need_count": 0, "expectation_count": 0}) == ""


@pytest.mark.parametrize(
    ("trust", "said"),
    [
        # 5 of 10 against 134 of 144: 0.43 apart, chance 0.097.
        pytest.param((10, 5), True, id="far apart"),
        # 32 of 36: 0.04 apart, chance 0.049.
        pytest.param((36, 32), False, id="as chance would have it"),
        pytest.param((9, 0), False, id="too few sentences"),
        pytest.param((0, None), False, id="one aspect alone"),
    ],
)
def test_aspects_are_set_against_each_other_only_beyond_chance(trust, said):
    sentences, positive = trust
    row = NOTHING | {
        "service_sentence_count": 144,
        "service_positive_count": 134,
        "trust_sentence_count": sentences,
        "trust_positive_count": positive,
    }
    text = (
        "93% of 144 sentences about our service are positive, but only 50% of 10 about "
        "trust in us."
    )
    assert wants_text(row) == (text if said else "")
