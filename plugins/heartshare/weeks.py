"""Which week a figure belongs to: Monday-based weeks in the organisation's zone."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING, Self

from heartshare.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from zoneinfo import ZoneInfo

_LABEL = re.compile(r"(\d{4})-W(\d{2})")
#: Weeks at the ends of the calendar have no neighbours to compare with.
_YEARS = range(1970, 2200)


class UnreadableWeekError(InputError):
    """A week was named in a form that is neither 2026-W46 nor a Monday's date."""

    def __init__(self, text: str, day: date | None = None) -> None:
        why, label, monday = "", "2026-W46", "2026-11-09"
        if day is not None:
            week = ReportingWeek.containing(day)
            why, label, monday = f": it is a {day:%A}", week.label, week.key
        super().__init__(
            f"{text!r} names no week{why}. Write {label} or its Monday, {monday}."
        )


@dataclass(frozen=True, order=True)
class ReportingWeek:
    """One week, Monday to Sunday, known by its Monday."""

    monday: date

    def __post_init__(self) -> None:
        """Refuse a day that is no Monday."""
        if self.monday.isoweekday() != 1:
            raise UnreadableWeekError(self.monday.isoformat(), self.monday)

    @classmethod
    def parse(cls, text: str) -> Self:
        """Return the week that a label (2026-W46) or a Monday's date names.

        Raises:
            UnreadableWeekError: for any other text, also a date that is no Monday.
        """
        match = _LABEL.fullmatch(text.strip())
        try:
            if match:
                week = cls(date.fromisocalendar(int(match[1]), int(match[2]), 1))
            else:
                week = cls(date.fromisoformat(text.strip()))
        except ValueError as error:
            raise UnreadableWeekError(text) from error
        if week.monday.year not in _YEARS:
            raise UnreadableWeekError(text)
        return week

    @classmethod
    def containing(cls, day: date) -> Self:
        """Return the week in which a day lies."""
        return cls(day - timedelta(days=day.isoweekday() - 1))

    @property
    def key(self) -> str:
        """The Monday as text: the partition key, 2026-11-09."""
        return self.monday.isoformat()

    @property
    def label(self) -> str:
        """The ISO label that people read, 2026-W46."""
        year, number, _ = self.monday.isocalendar()
        return f"{year}-W{number:02d}"

    @property
    def sunday(self) -> date:
        """The week's last day."""
        return self.monday + timedelta(days=6)

    def shift(self, weeks: int) -> ReportingWeek:
        """Return the week that lies a number of weeks later (negative: earlier)."""
        return ReportingWeek(self.monday + timedelta(weeks=weeks))

    def starts_at(self, zone: ZoneInfo) -> datetime:
        """Return the UTC instant of the week's first local midnight."""
        return datetime.combine(self.monday, time(), tzinfo=zone).astimezone(UTC)

    def ends_at(self, zone: ZoneInfo) -> datetime:
        """Return the UTC instant at which the next week begins."""
        return self.shift(1).starts_at(zone)

    def until(self, last: ReportingWeek) -> Iterator[ReportingWeek]:
        """Yield this week and every later one up to and including the last."""
        week = self
        while week <= last:
            yield week
            week = week.shift(1)
