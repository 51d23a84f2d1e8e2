"""Is nothing lost or made up on the way? Laws that hold whatever the data say.

Hypothesis draws small worlds, from one of five turns to some hundreds, with and without
employees, staff and bots; eight of them lie side by side in one warehouse.
"""

from __future__ import annotations

from collections import defaultdict
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import duckdb
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from warehouse.dbt_builds import run_dbt
from warehouse.oracle.filling import fill
from warehouse.oracle.generating import Profile, draw_world
from warehouse.oracle.models import MODELS
from warehouse.oracle.world import local_day

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from warehouse.oracle.world import Sign, World

pytestmark = pytest.mark.slow

profiles = st.builds(
    Profile,
    seed=st.integers(0, 2**32 - 1),
    turns=st.integers(5, 700),
    stakeholders=st.integers(1, 60),
    admirers=st.integers(0, 30),
    employees=st.integers(0, 8),
    org_part=st.sampled_from((0.0, 0.1, 0.3)),
    employee_part=st.sampled_from((0.0, 0.1, 0.2)),
    odd_part=st.sampled_from((0.0, 0.06, 0.3)),
    accounts=st.integers(0, 5),
    conversions=st.integers(0, 60),
)


def side_by_side(drawn: list[Profile]) -> World:
    """One world of several that know nothing of each other."""
    worlds = [
        draw_world(Profile(**(vars(profile) | {"name": f"u{number}"})))
        for number, profile in enumerate(drawn)
    ]
    for world in worlds[1:]:
        worlds[0].add(world)
    return worlds[0]


def build(home: Path, world: World) -> Path:
    path = home / "warehouse.duckdb"
    path.unlink(missing_ok=True)
    with duckdb.connect(str(path)) as connection:
        fill(connection, home / "rows", world)
    dated = {"week": str(world.last_week), "as_of": "2026-06-08 00:00:00"}
    answer = run_dbt(home, path, "run", "--select", *MODELS, **dated)
    assert answer.failures() == {}
    return path


@settings(
    max_examples=2,
    derandomize=True,
    database=None,
    deadline=None,
    phases=(Phase.generate,),
    suppress_health_check=list(HealthCheck),
)
@given(drawn=st.lists(profiles, min_size=8, max_size=8))
def test_nothing_is_lost_or_made_up(oracle_home: Path, drawn: list[Profile]) -> None:
    world = side_by_side(drawn)
    with duckdb.connect(str(build(oracle_home, world)), read_only=True) as warehouse:
        check_transitions_connect(warehouse, world)
        check_stages_add_up_to_people(warehouse, world)
        check_words_alone_lead_higher(warehouse, world)
        check_weeks_connect(warehouse)
        check_platforms_add_up_to_the_funnel(warehouse)
        check_followers_are_accounted_for(warehouse)
        check_credit_adds_up_to_the_crm(warehouse, world)
        check_shares_of_voice_add_up_to_one(warehouse, world)


def ask(warehouse: duckdb.DuckDBPyConnection, sql: str) -> list[tuple[Any, ...]]:
    return warehouse.execute(sql).fetchall()


def check_transitions_connect(
    warehouse: duckdb.DuckDBPyConnection, world: World
) -> None:
    """Whoever moves leaves from where the last move led, and to somewhere else."""
    place: dict[str, int | None] = {}
    moves = ask(
        warehouse,
        "select person_key, from_stage_number, to_stage_number, direction_code "
        "from marts.fct_funnel_transitions order by moved_on",
    )
    for person, before, after, direction in moves:
        assert place.get(person) == before
        assert after != before
        is_up = before is None or (after is not None and after > before)
        assert direction == ("up" if is_up else "down")
        place[person] = after
    assert place.keys() == days_of_acts(world).keys()


def check_stages_add_up_to_people(
    warehouse: duckdb.DuckDBPyConnection, world: World
) -> None:
    """At each week's close everybody of the year stands on one stage, nobody else."""
    sizes = dict(
        ask(
            warehouse,
            "select week_start, sum(member_count) "
            "from marts.agg_weekly_funnel group by 1",
        )
    )
    days = days_of_acts(world)
    for week in world.weeks:
        closing = week + timedelta(days=6)
        review = closing.replace(day=1) - timedelta(days=1)
        # Gone is who was silent for a year at the last review and has not come back.
        people = sum(
            any(review - timedelta(days=365) < day <= closing for day in own)
            for own in days.values()
        )
        assert sizes[week] == people


def days_of_acts(world: World) -> dict[str, set[date]]:
    """On which days each stakeholder wrote, reacted, reposted or followed."""
    roles = {person.key: person.role for person in world.people}
    acts = [(turn.person, turn.day) for turn in world.kept_turns]
    acts += [
        (sign.person, local_day(sign.at))
        for sign in earliest_signs(world)
        if sign.at < world.observed_until and local_day(sign.at) >= world.weeks[0]
    ]
    days = defaultdict(set)
    for person, day in acts:
        if person and roles[person] == "stakeholder":
            days[person].add(day)
    return days


def earliest_signs(world: World) -> Iterable[Sign]:
    """Of a list and a notification that tell of one act, the earlier."""
    ordered = sorted(world.signs, key=lambda sign: sign.at, reverse=True)
    return {
        (sign.platform, sign.person, sign.kind, sign.target): sign for sign in ordered
    }.values()


def check_words_alone_lead_higher(
    warehouse: duckdb.DuckDBPyConnection, world: World
) -> None:
    """Who only reacts, reposts and follows is observed, and nothing more."""
    speaking = {turn.person for turn in world.kept_turns}
    stages = ask(
        warehouse,
        "select person_key, max(to_stage_number) from marts.fct_funnel_transitions "
        "group by 1",
    )
    assert all(not stage for person, stage in stages if person not in speaking)
    counted = ask(
        warehouse,
        "select count(*) from marts.fct_funnel_days where participating_day_count > 0 "
        "and (last_turn_on is null or last_turn_on <= evaluated_on - 28)",
    )
    assert counted == [(0,)]


def check_weeks_connect(warehouse: duckdb.DuckDBPyConnection) -> None:
    """Each week opens with the people of the one before and says what they became."""
    broken = ask(
        warehouse,
        "select * from (select *, lag(member_count, 1, 0) over "
        "(partition by stage_number order by week_start) as members_before "
        "from marts.agg_weekly_funnel) where previous_member_count <> members_before "
        "or member_count <> previous_member_count + entered_count - left_count "
        "or left_count <> moved_up_count + moved_down_count "
        "or previous_member_count <> held_count + left_count "
        "or member_count <> held_count + entered_count",
    )
    assert broken == []


def check_platforms_add_up_to_the_funnel(warehouse: duckdb.DuckDBPyConnection) -> None:
    weekly = (
        "select week_start, stage_number, sum(member_count) from marts.{} group by 1, 2"
    )
    by_stage = {
        row for row in ask(warehouse, weekly.format("agg_weekly_funnel")) if row[2]
    }
    assert by_stage == set(ask(warehouse, weekly.format("agg_weekly_funnel_platforms")))


def check_followers_are_accounted_for(warehouse: duckdb.DuckDBPyConnection) -> None:
    """Opening, gains, losses and the rest make the closing, at which the next opens."""
    stock: dict[str, int] = {}
    first: dict[str, int] = {}
    moved: dict[str, int] = defaultdict(int)
    rows = ask(
        warehouse,
        "select account_key, opening_count, gained_count, lost_count, "
        "adjustment_count, closing_count, net_count "
        "from marts.fct_follower_flow order by flow_date",
    )
    for account, opening, gained, lost, adjustment, closing, net in rows:
        if None not in (opening, gained, lost, adjustment, closing):
            assert closing == opening + gained - lost + adjustment
        if opening is not None:
            assert opening == stock[account]
        if closing is not None:
            stock[account] = closing
            first.setdefault(account, closing)
            moved[account] += net or 0
    assert {account: stock[account] - first[account] for account in stock} == dict(
        moved
    )


def check_credit_adds_up_to_the_crm(
    warehouse: duckdb.DuckDBPyConnection, world: World
) -> None:
    """The parts of a lead or download make one; all of them make those of the CRM."""
    parts = ask(
        warehouse,
        "select conversion_key, sum(credit_count) "
        "from intermediate.int_conversions__attributed group by 1",
    )
    assert {key for key, _ in parts} == {one.key for one in world.conversions}
    assert all(abs(part - 1) < 1e-9 for _, part in parts)
    kinds = dict(
        ask(
            warehouse,
            "select kind_code, sum(credit_count) "
            "from intermediate.int_conversions__attributed group by 1",
        )
    )
    for kind in ("lead", "download"):
        known = sum(one.kind == kind for one in world.conversions)
        assert abs(kinds.get(kind, 0) - known) < 1e-6


def check_shares_of_voice_add_up_to_one(
    warehouse: duckdb.DuckDBPyConnection, world: World
) -> None:
    rows = ask(
        warehouse,
        "select week_start, theme_code, max(tracked_entity_count), "
        "max(tracked_mention_count), sum(message_voice_ratio), "
        "sum(author_voice_ratio), sum(mention_points) "
        "from marts.agg_weekly_share_of_voice group by 1, 2",
    )
    for _, _, entities, mentions, messages, authors, points in rows:
        assert abs(points - mentions) < 1e-6
        if entities < 2 or not mentions:
            assert messages is None
        else:
            # Points are rounded to nine digits, so that a rebuild gives the same bytes.
            assert abs(messages - 1) < 1e-8
            assert abs(authors - 1) < 1e-8
    named = {turn.week for turn in world.kept_turns if "own" in turn.entities}
    assert named <= {week for week, *_ in rows}
