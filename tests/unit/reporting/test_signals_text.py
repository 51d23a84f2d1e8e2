"""Tags: seven codes, one word each, and a tone that follows what is better."""

import pytest

from heartshare.reporting.signals_text import UnknownSignalError, pace, tag_for


@pytest.mark.parametrize(
    ("code", "better", "tone"),
    [
        ("signal_up", "up", "good"),
        ("signal_up", "down", "bad"),
        ("signal_down", "up", "bad"),
        ("signal_down", "down", "good"),
        ("signal_up", "none", "neutral"),
        ("watch_up", "up", "caution"),
        ("routine", "up", "neutral"),
        ("too_early", "up", "neutral"),
    ],
)
def test_tag_tone_follows_the_better_direction(code, better, tone):
    assert tag_for(code, better).tone == tone


def test_tag_of_nothing_is_too_early():
    assert tag_for(None).word == "Too early"


def test_tag_never_depends_on_colour_alone():
    marks = {tag_for(code).mark for code in ("signal_up", "signal_down", "watch_up")}
    words = {tag_for(code).word for code in ("signal_up", "signal_down", "watch_up")}
    assert len(marks) == len(words) == 3


def test_tag_of_an_unknown_code_names_the_code():
    with pytest.raises(UnknownSignalError, match="exploded"):
        tag_for("exploded")


@pytest.mark.parametrize(
    ("mean", "moving_range", "expected"),
    [(1.1, 1.6, "up"), (-1.1, 1.6, "down"), (0.3, 1.6, "level"), (1.1, None, None)],
)
def test_pace_needs_twice_the_standard_error(mean, moving_range, expected):
    assert pace(mean, moving_range, 20) == expected


def test_pace_is_unknown_without_a_baseline():
    assert pace(1.0, 0.5, None) is None
