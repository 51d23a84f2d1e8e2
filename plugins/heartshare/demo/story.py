"""What happens at the demo organisation, and when."""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from heartshare.weeks import ReportingWeek

SEED = 20261116
AGENCY = "Rivermark City Services"
SHORT_NAME = "Rivermark"
HANDLE = "rivermark"
ZONE = ZoneInfo("Europe/Dublin")

FIRST_WEEK = ReportingWeek.parse("2026-W05")
LAST_WEEK = ReportingWeek.parse("2026-W46")
#: From this week on staff write no personal outreach and name nobody in replies.
OUTREACH_STOPS = ReportingWeek.parse("2026-W34")
#: From this week on the X account promotes and announces instead of talking.
STYLE_CHANGES = ReportingWeek.parse("2026-W37")
#: Tuesday to Thursday of this week the renewal of parking permits fails.
BURST_WEEK = LAST_WEEK
#: The week whose first YouTube and X exports are incomplete.
BAD_WEEK = LAST_WEEK

WEEK_COUNT = (LAST_WEEK.monday - FIRST_WEEK.monday).days // 7 + 1
DAY_COUNT = WEEK_COUNT * 7


@dataclass(frozen=True)
class Theme:
    """A strategy theme with the words that reveal it and its part of the talk."""

    code: str
    name: str
    weight: float
    talk: float
    posts: float
    owner: str
    keywords: tuple[str, ...]


THEMES = (
    Theme(
        "permits",
        "Parking permits",
        0.20,
        0.09,
        0.12,
        "Orla Tessaline",
        ("permit", "permits", "permit renewal", "renewal", "residents zone"),
    ),
    Theme(
        "streets",
        "Safe streets",
        0.25,
        0.28,
        0.22,
        "Piet Marrowgate",
        ("pothole", "potholes", "pavement", "street light", "crossing", "roadworks"),
    ),
    Theme(
        "parks",
        "Green spaces",
        0.15,
        0.22,
        0.30,
        "Ines Fallowby",
        ("playground", "green space", "picnic", "flower beds", "dog run", "canal path"),
    ),
    Theme(
        "recycling",
        "Recycling",
        0.25,
        0.25,
        0.21,
        "Marek Thornequist",
        ("recycling", "bins", "brown bin", "compost", "collection day", "bottle bank"),
    ),
    Theme(
        "digital",
        "Digital services",
        0.15,
        0.16,
        0.15,
        "Sunniva Oakhollow",
        ("service app", "login", "online form", "website", "web chat"),
    ),
)


def dice(name: str) -> random.Random:
    """Return the one source of chance for a named part of the story."""
    return random.Random(f"{SEED}|{name}")  # noqa: S311


def happens(rng: random.Random, ratio: float) -> bool:
    """Return True in a given part of all cases."""
    return rng.random() < ratio


def week_of(index: int) -> ReportingWeek:
    """Return the week with an index counted from the first week."""
    return FIRST_WEEK.shift(index)


def week_index(week: ReportingWeek) -> int:
    """Return how many weeks after the first week a week lies."""
    return (week.monday - FIRST_WEEK.monday).days // 7


def day_index(week: ReportingWeek) -> int:
    """Return the day number on which a week begins; day 0 is the first Monday."""
    return (week.monday - FIRST_WEEK.monday).days


def day_of(index: int) -> date:
    """Return the calendar day of a day number."""
    return FIRST_WEEK.monday + timedelta(days=index)


def local_moment(day: float, hour: float) -> datetime:
    """Return the UTC instant of a local clock time on a day number, whole seconds."""
    seconds = min(int(hour * 3600), 86_399)
    clock = time(seconds // 3600, seconds % 3600 // 60, seconds % 60)
    local = datetime.combine(day_of(int(day)), clock, tzinfo=ZONE)
    return local.astimezone(UTC)


def export_moment(week: ReportingWeek, minute: int = 0) -> datetime:
    """Return when the exports of a week arrive: the Monday after it, 03:00 UTC on."""
    return datetime.combine(week.shift(1).monday, time(3), tzinfo=UTC) + timedelta(
        minutes=minute
    )


def correction_moment(week: ReportingWeek, minute: int = 0) -> datetime:
    """Return when corrected exports arrive: the Wednesday after the week, 10:00 UTC."""
    return datetime.combine(
        week.shift(1).monday + timedelta(days=2), time(10), tzinfo=UTC
    ) + timedelta(minutes=minute)
