"""Do the models agree with a second reckoning in plain Python?

A made-up world of 20,000 turns is laid into the tables that the models read. The oracle
(tests/warehouse/oracle) works from the definitions alone and shares no code with them.
"""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING

import duckdb
import pytest
from warehouse.dbt_builds import run_dbt
from warehouse.oracle import dialogue, employees, followers, funnel
from warehouse.oracle.comparing import differences, rows_of
from warehouse.oracle.filling import fill
from warehouse.oracle.generating import Profile, draw_world
from warehouse.oracle.models import MODELS

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from warehouse.oracle.world import World

pytestmark = pytest.mark.slow

PROFILE = Profile(seed=7)


@pytest.fixture(scope="module")
def world() -> World:
    return draw_world(PROFILE)


@pytest.fixture(scope="module")
def built(world: World, oracle_home: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    path = oracle_home / "warehouse.duckdb"
    path.unlink(missing_ok=True)
    with duckdb.connect(str(path)) as connection:
        fill(connection, oracle_home / "rows", world)
    dated = {"week": str(PROFILE.last_week), "as_of": "2026-06-08 00:00:00"}
    build = run_dbt(oracle_home, path, "run", "--select", *MODELS, **dated)
    assert build.failures() == {}
    assert len(build.statuses) == len(MODELS)
    with duckdb.connect(str(path), read_only=True) as connection:
        yield connection


@pytest.fixture(scope="module")
def moves(world: World) -> list[funnel.Move]:
    return funnel.all_moves(world)


def test_funnel_transitions(
    built: duckdb.DuckDBPyConnection, moves: list[funnel.Move]
) -> None:
    expected = {
        (move.person, move.day): {
            "from_stage_number": move.before,
            "to_stage_number": move.after,
            "rule_id": move.rule,
            "is_organic": move.is_organic,
            "has_skipped": move.has_skipped,
            "evidence_count": move.evidence,
        }
        for move in moves
    }
    found = rows_of(
        built,
        "marts.fct_funnel_transitions",
        ["person_key", "moved_on"],
        list(next(iter(expected.values()))),
    )
    assert differences(expected, found) == []
    assert {row["to_stage_number"] for row in found.values()} == {None, *range(7)}


def test_weekly_funnel(
    built: duckdb.DuckDBPyConnection, world: World, moves: list[funnel.Move]
) -> None:
    expected = funnel.weekly_rows(world, moves)
    found = rows_of(
        built,
        "marts.agg_weekly_funnel",
        ["week_start", "stage_number"],
        list(next(iter(expected.values()))),
    )
    assert differences(expected, found) == []
    assert any(row["conversion_90d_count"] for row in found.values())


def test_funnel_by_platform(
    built: duckdb.DuckDBPyConnection, world: World, moves: list[funnel.Move]
) -> None:
    homes = {person.key: person.platform for person in world.people}
    expected: dict[tuple[object, ...], dict[str, int]] = {}
    for week, stages in funnel.standing(world, moves).items():
        for person, stage in stages.items():
            row = expected.setdefault((week, homes[person], stage), {"member_count": 0})
            row["member_count"] += 1
    found = rows_of(
        built,
        "marts.agg_weekly_funnel_platforms",
        ["week_start", "platform_code", "stage_number"],
        ["member_count"],
    )
    assert differences(expected, found) == []


def test_employee_zones(built: duckdb.DuckDBPyConnection, world: World) -> None:
    expected = employees.zone_rows(world)
    found = rows_of(
        built,
        "marts.fct_employee_zones",
        ["person_key", "week_start"],
        list(next(iter(expected.values()))),
    )
    assert differences(expected, found) == []
    zones = {row["zone_code"] for row in found.values()}
    assert zones == {None, "consumer", "sharer", "creator", "socially_engaged"}


def test_responses(built: duckdb.DuckDBPyConnection, world: World) -> None:
    expected = dialogue.response_rows(world)
    columns = list(next(iter(expected.values())))
    found = rows_of(
        built, "marts.agg_weekly_dialogue", ["week_start", "platform_code"], columns
    )
    silent = {
        key: row
        for key, row in found.items()
        if key not in expected and not row["reply_request_count"]
    }
    assert not any(value for row in silent.values() for value in row.values())
    assert (
        differences(expected, {key: found[key] for key in found.keys() - silent}) == []
    )
    immature = {
        key
        for key, row in found.items()
        if row["mature_72h_count"] != row["reply_request_count"]
    }
    assert immature


def test_reciprocity(built: duckdb.DuckDBPyConnection, world: World) -> None:
    expected = {
        place: dict(
            zip(("inbound_person_count", "reciprocal_person_count"), row, strict=True)
        )
        for place, row in dialogue.reciprocity_rows(world).items()
    }
    found = rows_of(
        built,
        "marts.agg_weekly_dialogue",
        ["week_start", "platform_code"],
        ["inbound_person_count", "reciprocal_person_count"],
    )
    heard = {key: row for key, row in found.items() if row["inbound_person_count"]}
    assert differences(expected, heard) == []


def test_return_visits(built: duckdb.DuckDBPyConnection, world: World) -> None:
    names = ("inbound_person_count", "returned_person_count", "is_mature")
    expected = {
        place: dict(zip(names, row, strict=True))
        for place, row in dialogue.return_rows(world).items()
    }
    found = rows_of(
        built,
        "marts.agg_weekly_return_visits",
        ["week_start", "platform_code"],
        list(names),
    )
    # The counts of a week that is not mature are not yet a figure.
    assert differences(expected, found) == []


def test_turns_of_the_week(built: duckdb.DuckDBPyConnection, world: World) -> None:
    expected = {place: dict(row) for place, row in dialogue.turn_rows(world).items()}
    found = rows_of(
        built,
        "marts.agg_weekly_dialogue",
        ["week_start", "platform_code"],
        list(next(iter(expected.values()))),
    )
    spoken = {key: row for key, row in found.items() if key in expected}
    assert differences(expected, spoken) == []
    assert not any(
        value for key in found.keys() - spoken for value in found[key].values()
    )


def test_follower_flow(built: duckdb.DuckDBPyConnection, world: World) -> None:
    names = {
        "opening": "opening_count",
        "gained": "gained_count",
        "lost": "lost_count",
        "adjustment": "adjustment_count",
        "closing": "closing_count",
        "net": "net_count",
        "gap_days": "gap_days",
        "churn": "churn_rate",
        "has_reading": "has_reading",
    }
    expected = {
        place: {names[name]: value for name, value in asdict(flow).items()}
        for place, flow in followers.all_flows(world).items()
    }
    found = rows_of(
        built,
        "marts.fct_follower_flow",
        ["account_key", "flow_date"],
        list(names.values()),
    )
    assert differences(expected, found) == []
    assert max(row["gap_days"] or 0 for row in found.values()) > 1
    assert any(row["adjustment_count"] for row in found.values())
