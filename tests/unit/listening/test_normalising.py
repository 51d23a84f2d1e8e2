import pytest
from hypothesis import given
from hypothesis import strategies as st

from heartshare.listening.normalising import normalise


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("I don\u2019t like it", "I don't like it"),
        ("love \u2764\ufe0f", "love \u2764"),
        ("&lt;3 you &amp; yours", "<3 you & yours"),
        ("see https://example.org/a?b=c now", "see   now"),
        ("www.example.org is down", "is down"),
        ("@happy_day hello", "hello"),
        ("thanks u/river_fan and /u/other", "thanks   and"),
        ("write to ann@example.org", "write to ann@example.org"),
        ("ok! No. hi, there", "ok ! No . hi , there"),
        ("that is great!", "that is great!"),
        ("sad D: but fine :)", "sad D: but fine :)"),
        ("GREAT but not the END", "GREAT but not the END"),
        ("   ", ""),
        ("&#" + "9" * 5_000 + "; good", "good"),
    ],
)
def test_normalise_writes_what_the_lexicon_reads(text: str, expected: str) -> None:
    assert normalise(text) == expected


@given(st.text(alphabet=st.sampled_from("ok!. @u/x:<https\u2019\ufe0f\n\ud800\0")))
def test_normalise_leaves_its_own_output_alone(text: str) -> None:
    """Only references are undone once more each time: &amp;lt; becomes &lt;."""
    once = normalise(text)
    assert normalise(once) == once


@pytest.mark.parametrize(
    "unit", ["&amp;", "@a.", "u/-", "www.", "http://", "a!", "@", "&#x", "\U0001f60d"]
)
def test_hostile_text_takes_no_quadratic_time(unit: str) -> None:
    """A quadratic step needs hours for these; this suite has seconds."""
    text = unit * (1_000_000 // len(unit))
    assert len(normalise(text)) <= 2 * len(text)


@given(st.text(alphabet=st.sampled_from("ok!. @u/&#x9;:<https\u2019\ufe0f\n")))
def test_normalise_reads_any_text(text: str) -> None:
    assert "\ufe0f" not in normalise(text)
