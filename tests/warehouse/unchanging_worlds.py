"""Worlds in which nothing ever changes, as tables that the judging models read.

Every figure that the page judges is drawn from one distribution for a quarter of a
century. Chance is real: counts are Poisson or wider, parts are binomial, tone and
reciprocity lean on the week before, and each year two weeks around Christmas have no
export. Organisations differ in size, from a hundredth part to ten times the middle one.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.random import Generator
    from numpy.typing import NDArray

    Column = NDArray[np.float64]

FIRST_WEEK = date(2001, 1, 1)
#: How much is going on in each organisation, beside the middle one.
SIZES = {"tiny": 0.05, "small": 0.25, "middle": 1.0, "large": 3.0, "huge": 10.0}
_HOLIDAY_WEEKS = (52, 1)


@dataclass(frozen=True)
class World:
    """How long nothing changes, and from which week on one thing does."""

    weeks: int
    seed: int = 20261109

    @property
    def mondays(self) -> list[date]:
        """Every week of the world."""
        return [FIRST_WEEK + timedelta(days=7 * index) for index in range(self.weeks)]


def metric_weeks(world: World, sizes: dict[str, float]) -> pd.DataFrame:
    """Return fct_metric_weeks: each organisation is a segment."""
    chance = np.random.default_rng(world.seed)
    mondays = np.array(world.mondays, dtype="datetime64[s]")
    gaps = np.array([day.isocalendar().week in _HOLIDAY_WEEKS for day in world.mondays])
    parts = []
    for name, size in sizes.items():
        for metric_id, numerator, denominator in _figures(chance, world.weeks, size):
            value = numerator if denominator is None else numerator / denominator
            parts.append(
                pd.DataFrame(
                    {
                        "metric_id": metric_id,
                        "segment_code": name,
                        "week_start": mondays,
                        "value": np.where(gaps, np.nan, value),
                        "numerator": numerator,
                        "denominator": np.nan if denominator is None else denominator,
                    }
                )
            )
    return pd.concat(parts, ignore_index=True)


def _figures(
    chance: Generator, weeks: int, size: float
) -> Iterator[tuple[str, Column, Column | None]]:
    """Yield metric, numerator and denominator; null denominators are counts."""

    def count(mean: float) -> Column:
        return chance.poisson(mean * size, weeks).astype(float)

    def cases(mean: float) -> Column:
        return np.maximum(chance.poisson(mean * size, weeks), 1).astype(float)

    def draws(of: Column, part: float | Column) -> Column:
        return chance.binomial(of.astype(int), part).astype(float)

    leads, downloads = count(4.5), count(31)
    yield "advocates_net_new", count(3) - count(2), None
    yield "advocacy_acts", count(21), None
    yield "unprompted_mention_authors", count(19), None
    opinions = cases(107)
    yield "favourability", draws(opinions, 0.82), opinions
    yield "leads", leads, None
    yield "downloads", downloads, None
    yield "actions_taken", leads + downloads, None
    seen = cases(17000)
    yield "interest_rate", chance.poisson(0.013 * seen).astype(float), seen
    asked = cases(41)
    quick = draws(asked, 0.59)
    yield "response_rate_24h", quick, asked
    yield "response_rate_72h", quick + draws(asked - quick, 0.25), asked
    threads = cases(48)
    yield "dialogic_loop_ratio", draws(threads, 0.58), threads
    yield "thread_depth", chance.poisson(3.2 * threads).astype(float), threads
    said = cases(42)
    yield "broadcast_ratio", draws(said, 0.23), said
    yield "two_way_conversations", count(25), None
    people = cases(189)
    leaning = np.clip(0.51 + 0.04 * _leaning(chance, weeks, 0.5), 0, 1)
    yield "reciprocity", draws(people, leaning), people
    replies = cases(28)
    yield "personal_address_ratio", draws(replies, 0.19), replies
    heard = cases(186)
    yield "peer_to_peer_ratio", draws(heard, 0.64), heard
    # Talk comes in clusters: wider than Poisson.
    mentions = chance.poisson(180 * size * chance.gamma(20, 1 / 20, weeks)) + 1.0
    yield "mention_volume", mentions, None
    yield "unique_authors", draws(mentions, 0.78), None
    scored = draws(mentions, 0.93)
    yield "scored_ratio", scored, mentions
    tone = np.clip(0.55 + 0.05 * _leaning(chance, weeks, 0.3), -1, 1)
    read = np.maximum(scored, 1)
    yield "net_sentiment", 2 * draws(read, (1 + tone) / 2) - read, read
    heads = np.maximum(np.floor(0.77 * read), 1)
    yield "person_net_sentiment", 2 * draws(heads, (1 + tone) / 2) - heads, heads
    posts = np.maximum(chance.poisson(28 * min(size, 2), weeks), 1).astype(float)
    yield "conversation_rate", chance.poisson(8 * size * posts) + 0.0, posts
    yield "amplification_rate", chance.poisson(7 * size * posts) + 0.0, posts
    acts = cases(1421)
    yield "deep_engagement_ratio", draws(acts, 0.3), acts
    followers = np.full(weeks, 9758 * size)
    yield "churn_rate", chance.poisson(0.0021 * followers).astype(float), followers


def _leaning(chance: Generator, weeks: int, lean: float) -> Column:
    """Return an AR(1) series of deviation one."""
    shocks = chance.normal(0, np.sqrt(1 - lean**2), weeks)
    series = np.empty(weeks)
    series[0] = chance.normal()
    for week in range(1, weeks):
        series[week] = lean * series[week - 1] + shocks[week]
    return series


def shifted_counts(
    world: World, mean: float, shifts: dict[str, float], at: int, copies: int
) -> pd.DataFrame:
    """Return fct_metric_weeks of a count that one week moves up for good.

    ``shifts`` are in standard deviations of the count; each copy is a segment.
    """
    chance = np.random.default_rng(world.seed + 1)
    mondays = np.array(world.mondays, dtype="datetime64[s]")
    later = np.arange(world.weeks) >= at
    parts = [
        pd.DataFrame(
            {
                "metric_id": "advocacy_acts",
                "segment_code": f"{name}-{copy}",
                "week_start": mondays,
                "value": chance.poisson(mean + later * shift * np.sqrt(mean)) + 0.0,
            }
        )
        for name, shift in shifts.items()
        for copy in range(copies)
    ]
    return pd.concat(parts, ignore_index=True)


def arrivals(world: World) -> pd.DataFrame:
    """Return int_funnel_arrivals__followed: who came to a stage and went on."""
    chance = np.random.default_rng(world.seed + 2)
    rates = {0: (40, 0.3), 1: (12, 0.35), 2: (5, 0.5), 3: (3, 0.6), 4: (1.5, 0.4)}
    rates |= {5: (1, 0.8)}
    parts = []
    for stage, (mean, part) in rates.items():
        people = chance.poisson(mean * world.weeks)
        came = chance.integers(0, 7 * world.weeks, people)
        goes_on = chance.random(people) < part
        stays = np.where(goes_on, chance.integers(0, 28, people), -1)
        start = np.datetime64(FIRST_WEEK)
        moved = np.where(stays < 0, np.datetime64("NaT"), start + came + stays)
        parts.append(
            pd.DataFrame(
                {
                    "person_key": [f"{stage}-{number}" for number in range(people)],
                    "stage_number": stage,
                    "arrived_on": (start + came).astype("datetime64[s]"),
                    "moved_higher_on": moved.astype("datetime64[s]"),
                }
            )
        )
    return pd.concat(parts, ignore_index=True)


def topic_days(world: World) -> pd.DataFrame:
    """Return int_topic_days__counted: themes of one to thirty mentions a day."""
    chance = np.random.default_rng(world.seed + 3)
    days = np.datetime64(FIRST_WEEK) + np.arange(7 * world.weeks)
    weekend = np.where(np.arange(7 * world.weeks) % 7 >= 5, 0.4, 1.24)
    parts = []
    for mean in (0.3, 1, 2, 4, 8, 15, 30):
        talk = chance.gamma(20, 1 / 20, len(days)) * weekend * mean
        authors = chance.poisson(talk / 1.15)
        capped = authors + chance.binomial(authors, 0.15)
        parts.append(
            pd.DataFrame(
                {
                    "day": days.astype("datetime64[s]"),
                    "theme_code": f"theme_{mean}",
                    "mention_count": capped,
                    "author_count": authors,
                    "capped_mention_count": capped,
                }
            )
        )
    return pd.concat(parts, ignore_index=True)


def style_weeks(world: World) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return style and follower weeks of accounts that lose 3 to 100 a week."""
    chance = np.random.default_rng(world.seed + 4)
    mondays = np.array(world.mondays, dtype="datetime64[s]")
    styles, losses = [], []
    for mean in (3, 6, 12, 30, 100):
        lost = chance.poisson(mean, world.weeks)
        common = {"week_start": mondays, "account_key": f"loses_{mean}"}
        styles.append(pd.DataFrame(common))
        losses.append(
            pd.DataFrame(
                common
                | {
                    "opening_count": 500 * mean,
                    "lost_count": lost,
                    "own_lost_count": lost,
                    "flow_day_count": 7,
                }
            )
        )
    return pd.concat(styles, ignore_index=True), pd.concat(losses, ignore_index=True)
