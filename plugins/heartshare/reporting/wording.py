"""How a figure, a date or a list is written, the same everywhere and every time.

In English British forms: 1,234 and 9.4%; digits, months and order of other languages
are their own. A minus is a real minus sign, a range has an en dash. Null is "not
reported", never 0.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from functools import cache
from typing import TYPE_CHECKING, Literal

from heartshare.language import (
    ENGLISH,
    language,
    locale,
    mark,
    say,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

MISSING = mark("not reported")
#: English month names, whatever the locale of the process.
MONTHS = (
    *("January", "February", "March", "April", "May", "June", "July"),
    *("August", "September", "October", "November", "December"),
)
#: How platforms write their own names.
PLATFORMS = {
    "facebook": "Facebook",
    "instagram": "Instagram",
    "x": "X",
    "linkedin": "LinkedIn",
    "youtube": "YouTube",
    "discourse": mark("Community forum"),
    "mastodon": "Mastodon",
    "bluesky": "Bluesky",
    "reddit": "Reddit",
    "forum": mark("Other forums"),
    "blog": mark("Blogs"),
    "news": mark("News"),
}
_MINUS = "\N{MINUS SIGN}"
_TO = "\N{EN DASH}"
#: Where a table has nothing to say.
NOTHING = _TO
#: Per cent below this, and counts below ten, keep one decimal.
_SMALL = 9.95
_LARGE = 100
_PER_THOUSAND_BELOW = 0.1
_LONG_WAIT_HOURS = 72


def number_text(value: float, decimals: int = 0) -> str:
    """Return a number with thousands separators, rounded half up; never "-0"."""
    rounded = _rounded(value, decimals)
    if rounded == 0:
        return _in_digits(f"{0:.{decimals}f}")
    return _in_digits(f"{rounded:,.{decimals}f}".replace("-", _MINUS))


def _in_digits(text: str) -> str:
    """Return a number as the language in force separates thousands and decimals."""
    return text if language() == ENGLISH else text.translate(_separators(language()))


@cache
def _separators(_language: str) -> dict[int, str]:
    from babel.numbers import get_decimal_symbol, get_group_symbol

    return str.maketrans(
        {",": get_group_symbol(locale()), ".": get_decimal_symbol(locale())}
    )


def signed_text(value: float, decimals: int = 0) -> str:
    """Return a change with its sign; no change is a bare 0."""
    text = number_text(value, decimals)
    is_zero = not any(digit in text for digit in "123456789")
    return text if is_zero or text.startswith(_MINUS) else f"+{text}"


def percent_text(ratio: float, decimals: int = 0) -> str:
    """Return a ratio (1 = everything) in per cent, one decimal below ten; none is 0."""
    percent = ratio * 100
    if 0 < abs(percent) < _SMALL:
        decimals = max(decimals, 1)
    return say("{number}%", number=number_text(percent, decimals))


def telling_decimals(
    value: float | None, low: float | None, high: float | None, unit_code: str
) -> int:
    """Return with how many decimals a value outside its range is seen to lie outside.

    Counts and ratios (in per cent) are rounded to whole numbers; 45.9% below a range
    that begins at 46.4% would read as 46% below 46%. 0 for every other unit.
    """
    if value is None or low is None or high is None:
        return 0
    if unit_code not in {"ratio", "count"} or low <= value <= high:
        return 0
    limit = low if value < low else high
    scale = 100 if unit_code == "ratio" else 1
    texts = ((_rounded(value * scale, n), _rounded(limit * scale, n)) for n in (0, 1))
    apart = [(a < b) if value < low else (a > b) for a, b in texts]
    return apart.index(True) if any(apart) else 2


def _rounded(value: float, decimals: int) -> Decimal:
    step = Decimal(1).scaleb(-decimals)
    return Decimal(repr(float(value))).quantize(step, rounding=ROUND_HALF_UP)


def value_text(value: float | None, unit_code: str) -> str:
    """Return a metric's value in its unit: count, ratio, rate, hours or score.

    A rate far below one reads per 1,000; a score of tone (-1 to 1) keeps its sign.
    """
    return say(MISSING) if value is None else _UNITS.get(unit_code, _count_text)(value)


def _count_text(value: float) -> str:
    is_whole = float(value).is_integer() or abs(value) >= _LARGE
    return number_text(value, 0 if is_whole else 1)


def _rate_text(value: float) -> str:
    if 0 < abs(value) < _PER_THOUSAND_BELOW:
        return say("{number} per 1,000", number=number_text(value * 1000, 1))
    return number_text(value, 0 if abs(value) >= _LARGE else 1)


def _hours_text(value: float) -> str:
    if value >= _LONG_WAIT_HOURS:
        return say("{number} days", number=number_text(value / 24, 1))
    return say("{number} h", number=number_text(value, 1))


def _score_text(value: float) -> str:
    return signed_text(value, 2)


_UNITS: dict[str, Callable[[float], str]] = {
    "ratio": percent_text,
    "rate": _rate_text,
    "hours": _hours_text,
    "score": _score_text,
}


def change_text(value: float | None, unit_code: str) -> str:
    """Return a flow's value with its sign, other units as they are."""
    if value is None:
        return say(MISSING)
    if unit_code == "count":
        return signed_text(value, 0 if float(value).is_integer() else 1)
    return value_text(value, unit_code)


def range_text(
    low: float | None,
    high: float | None,
    unit_code: str,
    beside: float | None = None,
) -> str:
    """Return a usual range, such as 13 to 18%; empty when there is none.

    ``beside`` is the value that stands beside it: where that lies just outside, the
    range has as many decimals as it takes to see it.
    """
    if low is None or high is None:
        return ""
    decimals = telling_decimals(beside, low, high, unit_code)
    if unit_code == "ratio":
        return say(
            "{low}\N{EN DASH}{high}%",
            low=number_text(low * 100, decimals),
            high=number_text(high * 100, decimals),
        )
    if unit_code == "count":
        decimals = max(decimals, 0 if high >= _SMALL else 1)
        return _from_to(number_text(low, decimals), number_text(high, decimals))
    if unit_code == "hours" and high < _LONG_WAIT_HOURS:
        return say(
            "{low}\N{EN DASH}{high} h",
            low=number_text(low, 1),
            high=number_text(high, 1),
        )
    low_text, high_text = value_text(low, unit_code), value_text(high, unit_code)
    return _from_to(low_text.removesuffix(_shared_end(low_text, high_text)), high_text)


def _from_to(low: str, high: str) -> str:
    return say("{low} to {high}", low=low, high=high)


def _shared_end(low_text: str, high_text: str) -> str:
    unit = f" {low_text.partition(' ')[2]}"
    return unit if unit.strip() and high_text.endswith(unit) else ""


def signed_range_text(low: float | None, high: float | None) -> str:
    """Return the usual range of a change, with signs; empty when none."""
    if low is None or high is None:
        return ""
    decimals = 0 if max(abs(low), abs(high)) >= _LARGE else 1
    return _from_to(signed_text(low, decimals), signed_text(high, decimals))


def day_text(day: date) -> str:
    """Return a day without its year, such as 9 November."""
    return _day_of_month(day, _months("wide")[day.month - 1])


def short_day_text(day: date) -> str:
    """Return a day in few letters, such as 9 Nov."""
    return _day_of_month(day, short_month_text(day))


def dated_text(day: date) -> str:
    """Return a day with its year in few letters, such as 9 Nov 2026."""
    month = short_month_text(day)
    return say("{day} {month} {year}", day=day.day, month=month, year=day.year)


def days_text(first: date, last: date) -> str:
    """Return from which day to which, such as 9 Nov to 15 Nov 2026."""
    return _from_to(short_day_text(first), dated_text(last))


def short_month_text(day: date) -> str:
    """Return a day's month in few letters, such as Nov."""
    return _months("abbreviated")[day.month - 1]


def _day_of_month(day: date, month: str) -> str:
    return say("{day} {month}", day=day.day, month=month)


def _months(width: Literal["wide", "abbreviated"]) -> Sequence[str]:
    if language() == ENGLISH:
        return MONTHS if width == "wide" else [name[:3] for name in MONTHS]
    from babel.dates import get_month_names

    names = get_month_names(width, locale=locale()).values()
    return [name.removesuffix(".") for name in names]


def week_dates_text(monday: date) -> str:
    """Return the days of a week, such as 9 to 15 November 2026, with a dash."""
    sunday = monday + timedelta(days=6)
    if monday.year != sunday.year:
        return f"{_long_day(monday)} {_TO} {_long_day(sunday)}"
    if monday.month != sunday.month:
        return f"{day_text(monday)} {_TO} {_long_day(sunday)}"
    return say(
        "{first}\N{EN DASH}{last} {month} {year}",
        first=monday.day,
        last=sunday.day,
        month=_months("wide")[sunday.month - 1],
        year=sunday.year,
    )


def _long_day(day: date) -> str:
    month = _months("wide")[day.month - 1]
    return say("{day} {month} {year}", day=day.day, month=month, year=day.year)


def moment_text(moment: datetime | None) -> str:
    """Return a UTC moment, such as 16 Nov, 03:10 UTC."""
    if moment is None:
        return say(MISSING)
    day = short_day_text(moment)
    return say("{day}, {time} UTC", day=day, time=f"{moment:%H:%M}")


def list_text(parts: Sequence[str]) -> str:
    """Return parts as a sentence lists them: a, b and c."""
    *first, last = parts or [""]
    if not first:
        return last
    return say("{first} and {last}", first=", ".join(first), last=last)


def owner_name(code: str) -> str:
    """Return an owner as a person reads it: community_team is Community team."""
    name = code.replace("_", " ")
    return say(name[:1].upper() + name[1:])


def platform_name(code: str) -> str:
    """Return a platform's name as people write it."""
    return say(PLATFORMS.get(code, code.replace("_", " ").capitalize()))
