import pytest
from hypothesis import given
from hypothesis import strategies as st

from heartshare.listening.sentences import MOST_SENTENCES, split_sentences


def sentences_of(text: str) -> list[str]:
    return [text[start:end] for start, end in split_sentences(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("It works. Thanks!", ["It works.", "Thanks!"]),
        ("why?! because. ok", ["why?!", "because.", "ok"]),
        ("no full stop", ["no full stop"]),
        ("first line\n\n  second line ", ["first line", "second line"]),
        ("Never again.\r\nBye", ["Never again.", "Bye"]),
        ("", []),
        (" \n\t ", []),
        ("...", ["..."]),
    ],
)
def test_marks_and_line_breaks_end_a_sentence(text: str, expected: list[str]) -> None:
    assert sentences_of(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "Dr. Moss and Mrs. Lea came",
        "bins, e.g. the green one, vs. the brown",
        "it costs 3.50 euro and v2.1 is out",
        "see No. 5 and p. 12",
        "we met J. R. Smith of the U.S. office",
        "open until 5 p.m. on Friday",
        "well... not sure",
        "1. the first thing",
        "see example.org/a.b for more",
    ],
)
def test_dot_inside_a_sentence_does_not_end_it(text: str) -> None:
    assert sentences_of(text) == [text]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("It closes at 6 p.m. We left", ["It closes at 6 p.m.", "We left"]),
        ("no. really no", ["no.", "really no"]),
        ("So do I. Thanks", ["So do I.", "Thanks"]),
        ("OK... Fine then", ["OK...", "Fine then"]),
        ('He said "no." Then he left.', ['He said "no."', "Then he left."]),
        (
            "Love it! \U0001f60d :) The rest fails",
            ["Love it! \U0001f60d :)", "The rest fails"],
        ),
        ("Hi. @ash look", ["Hi.", "@ash look"]),
    ],
)
def test_what_follows_decides_where_a_dot_alone_does_not(
    text: str, expected: list[str]
) -> None:
    assert sentences_of(text) == expected


def test_what_follows_the_last_sentence_allowed_belongs_to_it() -> None:
    text = "Yes. " * 60
    found = sentences_of(text)
    assert len(found) == MOST_SENTENCES
    assert found[-1] == ("Yes. " * 11).strip()


@given(st.text(alphabet="ab1.!?\u2026 \n\"')(\U0001f60d\ud800\0\u200f"))
def test_sentences_hold_every_character_that_is_no_blank(text: str) -> None:
    places = split_sentences(text)
    assert "".join("".join(text[a:b].split()) for a, b in places) == "".join(
        text.split()
    )
    assert all(text[a:b] == text[a:b].strip() != "" for a, b in places)
    assert len(places) <= MOST_SENTENCES


@pytest.mark.parametrize(
    "unit",
    [
        ".",
        "\n",
        ". ",
        "e.g. ",
        "\U0001f60d",
        ". \U0001f60d",
        " ",
        "1. ",
        '."',
        "...  a ",
    ],
)
def test_hostile_text_takes_no_quadratic_time(unit: str) -> None:
    """A quadratic splitter needs hours for these; this suite has seconds."""
    text = unit * (1_000_000 // len(unit)) + "a"
    assert len(split_sentences(text)) <= MOST_SENTENCES
