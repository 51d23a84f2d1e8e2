"""Figures and dates read as a British reader expects, and never as -0."""

# ruff: noqa: RUF001 - the dashes and minus signs that the report prints

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from heartshare.language import speaking
from heartshare.reporting import wording


@pytest.mark.parametrize(
    ("value", "unit", "text"),
    [
        (None, "count", "not reported"),
        (1234.0, "count", "1,234"),
        (0.0941, "ratio", "9.4%"),
        (0.656, "ratio", "66%"),
        (-0.0004, "ratio", "0.0%"),
        (12.58, "hours", "12.6 h"),
        (96.0, "hours", "4.0 days"),
        (4.62, "rate", "4.6"),
        (0.0046, "rate", "4.6 per 1,000"),
        (0.141, "score", "+0.14"),
    ],
)
def test_value_text_follows_the_unit(value, unit, text):
    assert wording.value_text(value, unit) == text


@pytest.mark.parametrize(
    ("value", "text"), [(2, "+2"), (-3, "−3"), (0, "0"), (-0.04, "0.0")]
)
def test_signed_text_has_real_signs_and_a_bare_zero(value, text):
    assert wording.signed_text(value, 1 if isinstance(value, float) else 0) == text


@given(st.floats(-1e9, 1e9), st.integers(0, 2))
def test_number_text_reads_back_as_the_rounded_number(value, decimals):
    text = wording.number_text(value, decimals)
    back = float(text.replace(",", "").replace("−", "-"))
    assert abs(back - value) <= 0.5 * 10**-decimals + 1e-6
    assert text.strip("0.,−") or not text.startswith("−")


@pytest.mark.parametrize(
    ("monday", "text"),
    [
        (date(2026, 11, 9), "9–15 November 2026"),
        (date(2026, 9, 28), "28 September – 4 October 2026"),
        (date(2026, 12, 28), "28 December 2026 – 3 January 2027"),
    ],
)
def test_week_dates_text_spans_months_and_years(monday, text):
    assert wording.week_dates_text(monday) == text


@pytest.mark.parametrize(
    ("low", "high", "unit", "text"),
    [
        (0.12, 0.208, "ratio", "12–21%"),
        (33.3, 90.7, "count", "33 to 91"),
        (5.06, 9.48, "hours", "5.1–9.5 h"),
        (None, 3, "count", ""),
        (0.0012, 0.0046, "rate", "1.2 to 4.6 per 1,000"),
        (48.0, 96.0, "hours", "48.0 h to 4.0 days"),
    ],
)
def test_range_text_fits_the_unit(low, high, unit, text):
    assert wording.range_text(low, high, unit) == text


def test_list_text_joins_as_a_sentence_does():
    assert wording.list_text([]) == ""
    assert wording.list_text(["a"]) == "a"
    assert wording.list_text(["a", "b", "c"]) == "a, b and c"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (lambda: wording.number_text(-1234.56, 1), "−1.234,6"),
        (lambda: wording.signed_text(0.0, 1), "0,0"),
        (lambda: wording.percent_text(0.0941), "9,4\N{NO-BREAK SPACE}%"),
        (lambda: wording.value_text(0.0046, "rate"), "4,6 je 1.000"),
        (lambda: wording.value_text(None, "count"), "nicht gemeldet"),
        (lambda: wording.range_text(96, 120, "hours"), "4,0 bis 5,0 Tage"),
        (lambda: wording.range_text(0.13, 0.18, "ratio"), "13–18\N{NO-BREAK SPACE}%"),
        (lambda: wording.day_text(date(2026, 3, 9)), "9. März"),
        (lambda: wording.short_day_text(date(2026, 11, 9)), "9. Nov"),
        (lambda: wording.week_dates_text(date(2026, 11, 9)), "9.–15. November 2026"),
        (
            lambda: wording.week_dates_text(date(2026, 12, 28)),
            "28. Dezember 2026 – 3. Januar 2027",
        ),
        (lambda: wording.list_text(["a", "b", "c"]), "a, b und c"),
        (lambda: wording.platform_name("news"), "Nachrichten"),
        (lambda: wording.owner_name("programme_office"), "Programmbüro"),
    ],
)
def test_figures_and_dates_read_as_a_german_reader_expects(text, said):
    with speaking("de"):
        assert text() == said


@pytest.mark.parametrize(
    ("value", "low", "high", "unit", "decimals"),
    [
        (0.4592, 0.4644, 0.953, "ratio", 1),
        (0.45921, 0.45944, 0.953, "ratio", 2),
        (0.31, 0.46, 0.953, "ratio", 0),
        (0.50, 0.46, 0.953, "ratio", 0),
        (0.9534, 0.46, 0.9526, "ratio", 2),
        (0.9534, 0.46, 0.9532, "ratio", 2),
        (11, 11.4, 50.2, "count", 1),
        (10, 11.4, 50.2, "count", 0),
        (None, 0.46, 0.953, "ratio", 0),
        (0.4, None, None, "ratio", 0),
        (1.2, 1.21, 3.0, "hours", 0),
    ],
)
def test_what_lies_outside_a_range_is_seen_to_lie_outside(
    value, low, high, unit, decimals
):
    assert wording.telling_decimals(value, low, high, unit) == decimals


def test_range_beside_a_value_just_outside_has_decimals():
    assert wording.range_text(0.4644, 0.953, "ratio", 0.4592) == "46.4–95.3%"
    assert wording.range_text(0.4644, 0.953, "ratio", 0.5) == "46–95%"
    assert wording.range_text(11.4, 50.2, "count", 11) == "11.4 to 50.2"


def test_no_part_of_a_whole_reads_without_a_decimal():
    assert wording.percent_text(0) == "0%"
    assert wording.percent_text(0.002) == "0.2%"


def test_large_signed_ranges_have_no_decimals():
    assert wording.signed_range_text(-2600.04, 4400) == "−2,600 to +4,400"
