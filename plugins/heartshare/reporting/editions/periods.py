"""Which weeks a month or a half-year has, and which week closes it for the report.

A week belongs to the month and the half-year in which its Thursday lies, and so most of
its days: the rule by which ISO gives a week its year. Every week belongs to exactly one
month, and nothing of it depends on a time zone: weeks begin where the organisation is.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, ClassVar, Self

from heartshare.errors import InputError
from heartshare.weeks import ReportingWeek

if TYPE_CHECKING:
    from collections.abc import Sequence

_MONTH = re.compile(r"(\d{4})-(0[1-9]|1[0-2])")
_HALF = re.compile(r"(\d{4})-H([12])")
_YEARS = range(1971, 2200)
_MONTHS_OF_HALF = 6
#: Days after a half-year until its ranking is final; the seed recognition_freeze_days.
FREEZE_DAYS = 7


class UnreadablePeriodError(InputError):
    """A month or half-year was named in another form than ours."""

    def __init__(self, text: str) -> None:
        super().__init__(
            f"{text!r} names no month and no half-year. Write 2026-10 or 2026-H1."
        )


@dataclass(frozen=True, order=True)
class _Period:
    """A part of a year by its number, as its label writes both."""

    year: int
    number: int
    written: ClassVar[re.Pattern[str]]

    @classmethod
    def parse(cls, text: str) -> Self:
        """Return the period that a label (2026-10, 2026-H1) names.

        Raises:
            UnreadablePeriodError: for any other text.
        """
        match = cls.written.fullmatch(text.strip())
        if not match or int(match[1]) not in _YEARS:
            raise UnreadablePeriodError(text)
        return cls(int(match[1]), int(match[2]))


@dataclass(frozen=True, order=True)
class Month(_Period):
    """One calendar month, and the weeks whose Thursday lies in it (four or five)."""

    edition: ClassVar[str] = "monthly"
    written: ClassVar[re.Pattern[str]] = _MONTH

    @classmethod
    def of_week(cls, week: ReportingWeek) -> Self:
        """Return the month in which a week's Thursday lies."""
        thursday = week.monday + timedelta(days=3)
        return cls(thursday.year, thursday.month)

    @property
    def label(self) -> str:
        """The month as archive, outbox and shell name it, 2026-10."""
        return f"{self.year}-{self.number:02d}"

    @property
    def first_day(self) -> date:
        """The first day of the calendar month."""
        return date(self.year, self.number, 1)

    @property
    def weeks(self) -> tuple[ReportingWeek, ...]:
        """The month's weeks, oldest first."""
        return _weeks(self.first_day, self.shift(1).first_day)

    @property
    def closing_week(self) -> ReportingWeek:
        """The week whose published marts the edition is made from: the last one."""
        return self.weeks[-1]

    def shift(self, months: int) -> Month:
        """Return the month that lies a number of months later (negative: earlier)."""
        place = self.year * 12 + self.number - 1 + months
        return Month(place // 12, place % 12 + 1)


@dataclass(frozen=True, order=True)
class HalfYear(_Period):
    """January to June or July to December, as recognition counts them."""

    edition: ClassVar[str] = "half_year"
    written: ClassVar[re.Pattern[str]] = _HALF

    @property
    def label(self) -> str:
        """The half-year as archive, outbox and shell name it, 2026-H1."""
        return f"{self.year}-H{self.number}"

    @property
    def first_day(self) -> date:
        """1 January or 1 July."""
        return self._first_month.first_day

    @property
    def last_day(self) -> date:
        """30 June or 31 December."""
        return self._first_month.shift(_MONTHS_OF_HALF).first_day - timedelta(days=1)

    @property
    def weeks(self) -> tuple[ReportingWeek, ...]:
        """The weeks whose Thursday lies in the half-year, oldest first."""
        return _weeks(self.first_day, self.last_day + timedelta(days=1))

    @property
    def closing_week(self) -> ReportingWeek:
        """The week in which the ranking freezes: the first that reports it as final."""
        return ReportingWeek.containing(self.last_day + timedelta(days=FREEZE_DAYS))

    @property
    def _first_month(self) -> Month:
        return Month(self.year, 1 if self.number == 1 else 1 + _MONTHS_OF_HALF)


Period = Month | HalfYear


def parse_period(label: str) -> Period:
    """Return the month or half-year of a label, 2026-10 or 2026-H1.

    Raises:
        UnreadablePeriodError: for any other text.
    """
    return HalfYear.parse(label) if "H" in label else Month.parse(label)


def closed_by(week: ReportingWeek) -> Sequence[Period]:
    """Return the periods whose edition is due once a week is published.

    The last week of a month closes the month; the week with 7 January or 7 July closes
    the half-year before. No other week closes anything.
    """
    month = Month.of_week(week)
    found: list[Period] = [month] if month.closing_week == week else []
    halves = (HalfYear(week.monday.year - 1, 2), HalfYear(week.monday.year, 1))
    later = HalfYear(week.monday.year, 2)
    return [*found, *(one for one in (*halves, later) if one.closing_week == week)]


def _weeks(first: date, end: date) -> tuple[ReportingWeek, ...]:
    """Return the weeks whose Thursday lies from a day on and before another."""
    week = ReportingWeek.containing(first)
    found = []
    while (thursday := week.monday + timedelta(days=3)) < end:
        if thursday >= first:
            found.append(week)
        week = week.shift(1)
    return tuple(found)
