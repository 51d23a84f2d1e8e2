"""Followers, web visits, leads and downloads: what the audience does elsewhere."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import TYPE_CHECKING

from heartshare.demo import people, story, workplace

if TYPE_CHECKING:
    import random

    from heartshare.weeks import ReportingWeek

#: Followers at the first Monday and the usual gains and losses of a week.
_STOCKS = {
    "facebook": (14_200, 34, 21),
    "instagram": (7_650, 41, 18),
    "x": (9_560, 23, 12),
    "linkedin": (3_120, 19, 6),
    "youtube": (2_240, 11, 3),
}
X_LOSS_AFTER_THE_CHANGE = 45


@dataclass(frozen=True)
class FollowerDay:
    """Gains and losses of one account on one day, and the stock at its end."""

    platform: str
    day: date
    gained: int
    lost: int
    closing: int


@lru_cache(maxsize=1)
def follower_days() -> dict[tuple[str, date], FollowerDay]:
    """Return every account's follower flow by day."""
    found = {}
    for platform, (opening, gain, loss) in _STOCKS.items():
        stock = opening
        rng = story.dice(f"followers {platform}")
        for week in range(story.WEEK_COUNT):
            changed = story.week_of(week) >= story.STYLE_CHANGES
            weekly = X_LOSS_AFTER_THE_CHANGE if platform == "x" and changed else loss
            gains = _spread(rng, gain + rng.randrange(-4, 5), 7)
            losses = _spread(rng, max(weekly + rng.randrange(-2, 3), 0), 7)
            for offset in range(7):
                stock += gains[offset] - losses[offset]
                day = story.day_of(week * 7 + offset)
                found[platform, day] = FollowerDay(
                    platform, day, gains[offset], losses[offset], stock
                )
    return found


def _spread(rng: random.Random, total: int, parts: int) -> list[int]:
    found = [0] * parts
    for _ in range(total):
        found[rng.randrange(parts)] += 1
    return found


_SOURCES = ("linkedin", "facebook", "x", "instagram", "newsletter", "")
_SOURCE_WEIGHTS = (24, 22, 14, 12, 10, 18)
_CAMPAIGNS = {
    "permits": "permits_made_simple",
    "streets": "safer_streets",
    "parks": "green_rivermark",
    "recycling": "sort_it_right",
    "digital": "city_in_your_pocket",
}
_ASSETS = {
    "permits": "permit-checklist.pdf",
    "streets": "safer-streets-plan.pdf",
    "parks": "picnic-map.pdf",
    "recycling": "sorting-guide.pdf",
    "digital": "app-first-steps.pdf",
}
#: Numbers of the people who come by the links of employees' pieces begin here.
_PIECE_LEADS = 3900
SITE = "https://www.rivermark.example.org"


@dataclass(frozen=True)
class Touch:
    """Where somebody came from: the UTM parameters of a link; blank when direct."""

    theme: str
    source: str
    medium: str
    campaign: str
    content: str


@dataclass(frozen=True)
class Lead:
    """One contact in the CRM."""

    record_id: str
    number: int
    created_at: datetime
    touch: Touch
    stage: str
    has_email: bool


@dataclass(frozen=True)
class Download:
    """One download of a guide."""

    at: datetime
    asset: str
    touch: Touch
    record_id: str


def draw_touch(rng: random.Random) -> Touch:
    """Return where one visitor came from."""
    theme = rng.choices(
        [theme.code for theme in story.THEMES],
        [theme.weight for theme in story.THEMES],
    )[0]
    source = rng.choices(_SOURCES, _SOURCE_WEIGHTS)[0]
    if not source:
        return Touch(theme, "", "", "", "")
    medium = "email" if source == "newsletter" else "social"
    codes = [one.employee_code for one in people.employees()[: people.OPTED_IN_COUNT]]
    content = rng.choice(codes).lower() if story.happens(rng, 0.3) else ""
    return Touch(theme, source, medium, _CAMPAIGNS[theme], content)


@lru_cache(maxsize=1)
def leads() -> tuple[Lead, ...]:
    """Return all CRM contacts by creation, five to nine a week and those of pieces."""
    found = [*_drawn_leads(), *_leads_of_pieces()]
    return tuple(sorted(found, key=lambda lead: lead.created_at))


@lru_cache(maxsize=1)
def downloads() -> tuple[Download, ...]:
    """Return all downloads by time, about thirty a week and those of pieces."""
    found = [*_drawn_downloads(), *_downloads_of_pieces()]
    return tuple(sorted(found, key=lambda one: one.at))


def _leads_of_pieces() -> list[Lead]:
    """Return who left an address right after a download by a tracked link."""
    return [
        Lead(
            record_id=_record_of_piece(index),
            number=_PIECE_LEADS + index,
            created_at=one.at + timedelta(minutes=3),
            touch=_touch_of_piece(one),
            stage="lead",
            has_email=True,
        )
        for index, one in enumerate(workplace.tracked())
        if one.becomes_lead
    ]


def _downloads_of_pieces() -> list[Download]:
    return [
        Download(
            at=one.at,
            asset=_ASSETS[one.theme],
            touch=_touch_of_piece(one),
            record_id=_record_of_piece(index) if one.becomes_lead else "",
        )
        for index, one in enumerate(workplace.tracked())
    ]


def _record_of_piece(index: int) -> str:
    return str(88_990_000_000 + index * 7_919)


def _touch_of_piece(one: workplace.Tracked) -> Touch:
    return Touch(one.theme, "linkedin", "social", _CAMPAIGNS[one.theme], one.content)


@lru_cache(maxsize=1)
def _drawn_leads() -> tuple[Lead, ...]:
    rng = story.dice("leads")
    found: list[Lead] = []
    for week in range(story.WEEK_COUNT):
        for _ in range(rng.randrange(5, 10)):
            day = week * 7 + rng.choices(range(7), (5, 5, 5, 5, 4, 1, 1))[0]
            number = 3000 + len(found)
            if found and story.happens(rng, 0.02):
                number = rng.choice(found).number
            found.append(
                Lead(
                    record_id=str(88_120_400_000 + len(found) * 7_919),
                    number=number,
                    created_at=story.local_moment(day, rng.uniform(8, 21)),
                    touch=draw_touch(rng),
                    stage=rng.choice(("lead", "subscriber", "marketingqualifiedlead")),
                    has_email=story.happens(rng, 0.96),
                )
            )
    return tuple(sorted(found, key=lambda lead: lead.created_at))


def _drawn_downloads() -> list[Download]:
    rng = story.dice("downloads")
    found = []
    for week in range(story.WEEK_COUNT):
        for _ in range(int(rng.gauss(28 + week * 0.15, 4))):
            at = story.local_moment(week * 7 + rng.randrange(7), rng.uniform(7, 22))
            touch = draw_touch(rng)
            known = [lead for lead in _drawn_leads() if lead.created_at < at]
            linked = known and story.happens(rng, 0.12)
            record = rng.choice(known).record_id if linked else ""
            found.append(Download(at, _ASSETS[touch.theme], touch, record))
    return found


@dataclass(frozen=True)
class Landing:
    """One row of the landing-page report of a week."""

    page: str
    sessions: int
    users: int
    engaged: int
    key_events: int


def landings(week: ReportingWeek) -> list[Landing]:
    """Return the week's landing pages, most sessions first."""
    rng = story.dice(f"landings {week.key}")
    rows = []
    for theme in story.THEMES:
        page = f"/{theme.code}/guide"
        queries = ["", "?utm_source=newsletter&utm_medium=email"]
        queries += [
            f"?utm_source={source}&utm_medium=social&utm_campaign="
            f"{_CAMPAIGNS[theme.code]}"
            for source in _SOURCES[:4]
        ]
        queries.append(queries[2] + "&utm_content=e003")
        for query in queries:
            sessions = int(rng.lognormvariate(4.6 if not query else 3.1, 0.35))
            users = int(sessions * rng.uniform(0.78, 0.95))
            engaged = int(sessions * rng.uniform(0.45, 0.7))
            rows.append(Landing(page + query, sessions, users, engaged, engaged // 12))
    rows.append(Landing("(not set)", rng.randrange(4, 20), 3, 0, 0))
    return sorted(rows, key=lambda row: (-row.sessions, row.page))


def week_days(week: ReportingWeek) -> list[date]:
    """Return the seven days of a week."""
    return [week.monday + timedelta(days=offset) for offset in range(7)]
