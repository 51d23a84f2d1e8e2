"""Lays a made-up world into the tables that the models of the marts read."""

from __future__ import annotations

import hashlib
import json
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from warehouse.dbt_builds import PROJECT
from warehouse.oracle.world import local_day, monday_of

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    import duckdb
    from warehouse.oracle.world import Sign, Turn, World

SEEDS = ("funnel_rules", "funnel_stages", "rule_thresholds", "platforms")
ENTITIES = ("own", "other", "third")

Row = dict[str, Any]


def digest(*parts: str) -> str:
    return hashlib.md5("|".join(parts).encode(), usedforsecurity=False).hexdigest()


def written(value: object) -> object:
    return str(value) if isinstance(value, date | datetime) else value


def lay(
    connection: duckdb.DuckDBPyConnection,
    folder: Path,
    table: str,
    columns: str,
    rows: Iterable[Row],
) -> None:
    """Create one table from rows; a column that a row does not name is null."""
    types = dict(column.split() for column in columns.split(", "))
    path = folder / f"{table}.json"
    with path.open("w", encoding="utf-8") as stream:
        for row in rows:
            unknown = row.keys() - types.keys()
            assert not unknown, (table, unknown)
            stream.write(json.dumps({key: written(row[key]) for key in row}) + "\n")
    listed = ", ".join(f"{name}: '{kind}'" for name, kind in types.items())
    connection.execute(
        f"create table {table} as from read_json(?, format = 'newline_delimited', "
        f"columns = {{{listed}}})",
        [str(path)],
    )


def turn_row(turn: Turn, roles: dict[str, str]) -> Row:
    above = turn.seen_parent_person
    return {
        "interaction_key": turn.key,
        "platform_code": turn.platform,
        "person_key": turn.person,
        "actor_class_code": turn.role,
        "verb_code": turn.verb,
        "thread_key": turn.thread,
        "parent_interaction_key": turn.seen_parent,
        "parent_person_key": above,
        "parent_class_code": roles.get(above) if above else None,
        "text_key": digest(turn.key),
        "occurred_at": turn.at,
        "occurred_date": turn.day,
        "occurred_week": turn.week,
        "language_bucket_code": "english",
        "compound_score": turn.compound,
        "sentiment_code": turn.sentiment,
        "is_question": turn.is_question,
        "is_request": turn.is_request,
        "is_complaint": turn.is_complaint,
        "is_praise": turn.is_praise,
        "is_recommendation": turn.is_recommendation,
        "is_suggestion": False,
        "is_expectation": False,
        "is_information": False,
        "is_thanks": False,
        "is_deflection": turn.is_deflection,
        "is_overheard": turn.is_overheard,
        "is_repeat": False,
        "needs_reply": turn.needs_reply,
        "is_addressed_to_org": turn.is_addressed,
        "names_person": turn.names_person,
        "mentions_org": turn.mentions_org,
    }


TURN_COLUMNS = (
    "interaction_key varchar, platform_code varchar, person_key varchar, "
    "actor_class_code varchar, verb_code varchar, thread_key varchar, "
    "parent_interaction_key varchar, parent_person_key varchar, "
    "parent_class_code varchar, text_key varchar, occurred_at timestamp, "
    "occurred_date date, occurred_week date, language_bucket_code varchar, "
    "compound_score double, sentiment_code varchar, is_question boolean, "
    "is_request boolean, is_complaint boolean, is_praise boolean, "
    "is_recommendation boolean, is_suggestion boolean, is_expectation boolean, "
    "is_information boolean, is_thanks boolean, is_deflection boolean, "
    "is_overheard boolean, is_repeat boolean, needs_reply boolean, "
    "is_addressed_to_org boolean, names_person boolean, mentions_org boolean, "
    "like_count bigint, "
    "theme_code varchar, full_text_key varchar"
)


def lay_community(
    connection: duckdb.DuckDBPyConnection, folder: Path, world: World
) -> None:
    roles = {person.key: person.role for person in world.people}
    lay(
        connection,
        folder,
        "intermediate.int_interactions__classified",
        TURN_COLUMNS,
        (turn_row(turn, roles) for turn in world.kept_turns),
    )
    lay(
        connection,
        folder,
        "intermediate.int_interactions__unioned",
        "platform_code varchar, source_id varchar, interaction_key varchar, "
        "thread_key varchar, parent_interaction_key varchar, is_root boolean, "
        "account_id varchar, account_person_key varchar, title_text varchar, "
        "body_text varchar, occurred_at timestamp, occurred_date date",
        (
            {
                "platform_code": turn.platform,
                "source_id": turn.key,
                "interaction_key": digest(turn.platform, turn.key),
                "thread_key": digest(turn.platform, "thread", turn.thread),
                "parent_interaction_key": (
                    digest(turn.platform, turn.parent) if turn.parent else None
                ),
                "is_root": turn.verb == "create",
                "account_id": turn.person,
                "account_person_key": (
                    digest(turn.platform, turn.person) if turn.person else None
                ),
                "body_text": turn.body,
                "occurred_at": turn.at,
                "occurred_date": turn.day,
            }
            for turn in world.turns
        ),
    )
    gone = [
        (turn.platform, "interaction", turn.key, turn.gone_at)
        for turn in world.turns
        if turn.gone_at
    ]
    gone += [
        (post.platform, "post", post.post, post.gone_at)
        for post in world.posts
        if post.gone_at
    ]
    lay(
        connection,
        folder,
        "intermediate.int_objects__gone",
        "platform_code varchar, object_kind_code varchar, object_id varchar, "
        "interaction_key varchar, gone_at timestamp",
        (
            {
                "platform_code": platform,
                "object_kind_code": kind,
                "object_id": key,
                "interaction_key": (
                    digest(platform, key) if kind == "interaction" else None
                ),
                "gone_at": gone_at,
            }
            for platform, kind, key, gone_at in gone
        ),
    )


def lay_people(
    connection: duckdb.DuckDBPyConnection, folder: Path, world: World
) -> None:
    lay(
        connection,
        folder,
        "intermediate.int_people__identified",
        "person_key varchar, platform_code varchar, actor_class_code varchar, "
        "account_count bigint, first_active_at timestamp, last_active_at timestamp, "
        "interaction_count bigint",
        (
            {
                "person_key": person.key,
                "platform_code": person.platform,
                "actor_class_code": person.role,
                "account_count": 1,
                "first_active_at": world.as_of,
                "last_active_at": world.as_of,
                "interaction_count": 1,
            }
            for person in world.people
        ),
    )
    linked = [
        (platform, person.key, person.key)
        for person in world.people
        for platform in ("discourse", "reddit", "x", "bluesky", "mastodon")
    ]
    linked += [
        ("linkedin", f"li-{person.key}", person.key)
        for person in world.people
        if person.role == "employee"
    ]
    lay(
        connection,
        folder,
        "intermediate.int_people__linked",
        "account_person_key varchar, person_key varchar, platform_code varchar, "
        "account_id varchar, rule_code varchar, confidence_ratio double, "
        "decided_by varchar, decided_at timestamp",
        (
            {
                "account_person_key": digest(platform, account),
                "person_key": person,
                "platform_code": platform,
                "account_id": account,
            }
            for platform, account, person in linked
        ),
    )
    lay(
        connection,
        folder,
        "intermediate.int_outreach__identified",
        "entry_id varchar, entry_kind_code varchar, platform_code varchar, "
        "person_key varchar, contacted_at timestamp, contacted_date date, "
        "contacted_week date, employee_code varchar, channel_name varchar, "
        "empowerment_code varchar",
        (
            {
                "entry_id": contact.entry,
                "entry_kind_code": "empowerment" if contact.empowerment else "outreach",
                "platform_code": contact.platform,
                "person_key": contact.person,
                "contacted_at": contact.at,
                "contacted_date": local_day(contact.at),
                "contacted_week": monday_of(local_day(contact.at)),
                "empowerment_code": contact.empowerment,
            }
            for contact in world.contacts
        ),
    )


def timed(world: World, kind: str) -> list[Sign]:
    """What a list with moments, or a notification, tells of one kind of act."""
    return [
        sign for sign in world.signs if sign.kind == kind and sign.told_by != "undated"
    ]


def lay_signs(
    connection: duckdb.DuckDBPyConnection, folder: Path, world: World
) -> None:
    """Lay the follows that two networks notify, and their lists without moments."""
    follows = timed(world, "follow")
    lay(
        connection,
        folder,
        "staging.stg_bluesky__notifications",
        "notification_uri varchar, notification_code varchar, account_did varchar, "
        "account_handle varchar, indexed_at timestamp",
        (
            {
                "notification_uri": sign.target,
                "notification_code": "follow",
                "account_did": sign.person,
                "indexed_at": sign.at,
            }
            for sign in follows
            if sign.platform == "bluesky"
        ),
    )
    lay(
        connection,
        folder,
        "staging.stg_mastodon__notifications",
        "source_name varchar, notification_id varchar, notification_code varchar, "
        "account_uri varchar, account_name varchar, notified_at timestamp",
        (
            {
                "source_name": "mastodon",
                "notification_id": str(number),
                "notification_code": "follow",
                "account_uri": sign.person,
                "notified_at": sign.at,
            }
            for number, sign in enumerate(follows)
            if sign.platform == "mastodon"
        ),
    )
    for platform, kind, table, account in (
        ("bluesky", "repost", "stg_bluesky__reposts", "account_did"),
        ("mastodon", "repost", "stg_mastodon__boosters", "account_uri"),
        ("mastodon", "reaction", "stg_mastodon__likers", "account_uri"),
    ):
        lay(
            connection,
            folder,
            f"staging.{table}",
            f"post_uri varchar, {account} varchar, account_handle varchar, "
            "account_name varchar, first_exported_at timestamp",
            (
                {
                    "post_uri": sign.target,
                    account: sign.person,
                    "first_exported_at": sign.at,
                }
                for sign in world.signs
                if (sign.platform, sign.kind, sign.told_by)
                == (platform, kind, "undated")
            ),
        )


def lay_employees(
    connection: duckdb.DuckDBPyConnection, folder: Path, world: World
) -> None:
    roster = [
        {
            "source_name": "programme",
            "file_sha256": "roster",
            "exported_at": "2020-01-01 00:00:00",
            "employee_code": row.employee,
            "has_opted_in": row.has_opted_in,
            "opted_in_on": row.opted_in_on,
            "opted_out_on": row.opted_out_on,
            "platform_code": row.platform,
            "account_id": row.account,
            "account_handle": row.handle,
        }
        for row in world.roster
    ]
    for table in ("stg_programme__employee_roster", "stg_landing__employee_rosters"):
        lay(
            connection,
            folder,
            f"staging.{table}",
            "source_name varchar, file_sha256 varchar, exported_at timestamp, "
            "employee_code varchar, has_opted_in boolean, opted_in_on date, "
            "opted_out_on date, platform_code varchar, account_id varchar, "
            "account_handle varchar",
            roster,
        )
    # A share on LinkedIn, and every other note, stands in the programme's file alone.
    notes: list[Row] = [
        {
            "employee_code": share.employee,
            "platform_code": share.platform,
            "act_code": "share",
            "acted_at": share.at,
            "content_url": f"https://example.org/{share.shared}",
            "has_commentary": share.has_commentary,
        }
        for share in world.shares
        if share.source is None
    ]
    notes += [
        {
            "employee_code": note.employee,
            "platform_code": "linkedin",
            "act_code": note.act,
            "acted_at": note.at,
        }
        for note in world.notes
        if note.reacted is None
    ]
    lay(
        connection,
        folder,
        "staging.stg_programme__employee_acts",
        "employee_code varchar, platform_code varchar, act_code varchar, "
        "acted_at timestamp, content_url varchar, has_commentary boolean",
        notes,
    )
    lay(
        connection,
        folder,
        "intermediate.int_shares__unioned",
        "platform_code varchar, account_id varchar, account_handle varchar, "
        "source_id varchar, shared_id varchar, has_commentary boolean, "
        "shared_at timestamp",
        [
            {
                "platform_code": share.platform,
                "account_id": share.account,
                "source_id": share.source,
                "shared_id": share.shared,
                "has_commentary": share.has_commentary,
                "shared_at": share.at,
            }
            for share in world.shares
            if share.source is not None
        ]
        + [
            {
                "platform_code": sign.platform,
                "account_id": sign.person,
                "source_id": f"{sign.platform}/{sign.target}",
                "shared_id": sign.target,
                "has_commentary": False,
                "shared_at": sign.at,
            }
            for sign in timed(world, "repost")
        ],
    )
    lay(
        connection,
        folder,
        "intermediate.int_reactions__unioned",
        "platform_code varchar, account_id varchar, account_handle varchar, "
        "reacted_id varchar, reacted_at timestamp",
        [
            {
                "platform_code": "discourse",
                "account_id": note.employee,
                "reacted_id": note.reacted,
                "reacted_at": note.at,
            }
            for note in world.notes
            if note.reacted is not None
        ]
        + [
            {
                "platform_code": sign.platform,
                "account_id": sign.person,
                "reacted_id": sign.target,
                "reacted_at": sign.at,
            }
            for sign in timed(world, "reaction")
        ],
    )
    lay(
        connection,
        folder,
        "intermediate.int_posts__latest",
        "post_key varchar, platform_code varchar, account_key varchar, "
        "post_id varchar, post_text varchar, posted_at timestamp, posted_date date, "
        "posted_week date, gone_at timestamp",
        (
            {
                "post_key": digest(post.post),
                "platform_code": post.platform,
                "account_key": digest(post.platform, post.handle),
                "post_id": post.post,
                "post_text": post.text,
                "posted_at": post.at,
                "posted_date": local_day(post.at),
                "posted_week": monday_of(local_day(post.at)),
                "gone_at": post.gone_at,
            }
            for post in world.posts
        ),
    )
    lay(
        connection,
        folder,
        "intermediate.int_posts__styled",
        "post_key varchar, is_reply boolean, theme_code varchar, text_key varchar",
        (
            {"post_key": digest(post.post), "is_reply": False, "text_key": post.post}
            for post in world.posts
        ),
    )
    lay(
        connection,
        folder,
        "staging.stg_programme__employee_networks",
        "employee_code varchar, platform_code varchar, counted_on date, "
        "connection_count bigint",
        (
            {
                "employee_code": network.employee,
                "platform_code": network.platform,
                "counted_on": network.day,
                "connection_count": network.count,
            }
            for network in world.networks
        ),
    )
    lay(
        connection,
        folder,
        "intermediate.int_conversions__gathered",
        "conversion_key varchar, kind_code varchar, occurred_at timestamp, "
        "utm_content varchar, record_id varchar, first_exported_at timestamp",
        (
            {
                "conversion_key": item.key,
                "kind_code": item.kind,
                "occurred_at": item.at,
                "utm_content": item.link,
                "record_id": item.record,
                "first_exported_at": item.at,
            }
            for item in world.conversions
        ),
    )


def lay_accounts(
    connection: duckdb.DuckDBPyConnection, folder: Path, world: World
) -> None:
    lay(
        connection,
        folder,
        "marts.fct_metric_observations",
        "platform_code varchar, object_kind_code varchar, object_key varchar, "
        "metric_code varchar, period_start date, value double, "
        "observed_at timestamp, file_sha256 varchar",
        (
            {
                "platform_code": "x",
                "object_kind_code": "account",
                "object_key": reading.account,
                "metric_code": reading.metric,
                "period_start": reading.day,
                "value": reading.value,
                "observed_at": reading.observed_at,
                "file_sha256": reading.sha,
            }
            for reading in world.readings
        ),
    )
    lay(
        connection,
        folder,
        "marts.dim_accounts",
        "account_key varchar, platform_code varchar, account_handle varchar",
        (
            {"account_key": key, "platform_code": "x", "account_handle": key}
            for key in sorted({reading.account for reading in world.readings})
        ),
    )


def lay_voices(
    connection: duckdb.DuckDBPyConnection, folder: Path, world: World
) -> None:
    """Who names which tracked entity; the third is tracked from the middle on."""
    weeks = world.weeks
    lay(
        connection,
        folder,
        "intermediate.int_tracked_weeks__defined",
        "week_start date, entity_code varchar, is_own boolean, "
        "tracked_entity_count bigint, set_version varchar, "
        "is_definition_break boolean",
        (
            {
                "week_start": week,
                "entity_code": entity,
                "is_own": entity == "own",
                "tracked_entity_count": tracked_count(weeks, week),
                "set_version": f"v{tracked_count(weeks, week)}",
                "is_definition_break": False,
            }
            for week in weeks
            for entity in ENTITIES[: tracked_count(weeks, week)]
        ),
    )
    lay(
        connection,
        folder,
        "intermediate.int_interaction_entities__matched",
        "interaction_key varchar, person_key varchar, entity_code varchar, "
        "occurred_week date",
        (
            {
                "interaction_key": turn.key,
                "person_key": turn.person,
                "entity_code": entity,
                "occurred_week": turn.week,
            }
            for turn in world.kept_turns
            for entity in turn.entities
            if entity in ENTITIES[: tracked_count(weeks, turn.week)]
        ),
    )
    lay(
        connection,
        folder,
        "marts.fct_interaction_themes",
        "interaction_key varchar, theme_code varchar",
        (
            {"interaction_key": turn.key, "theme_code": theme}
            for turn in world.kept_turns
            for theme, weight in (("parks", "0369"), ("buses", "05"))
            if turn.key[-1] in weight
        ),
    )


def tracked_count(weeks: list[date], week: date) -> int:
    """One entity at first, then two, from the middle on three."""
    place = weeks.index(week)
    return 1 if place < 2 else 2 if place < len(weeks) // 2 else 3


def lay_rest(connection: duckdb.DuckDBPyConnection, folder: Path, world: World) -> None:
    lay(
        connection,
        folder,
        "intermediate.int_weeks__listed",
        "week_start date, label varchar",
        (
            {"week_start": week, "label": week.strftime("%G-W%V")}
            for week in world.weeks
        ),
    )
    nothing = {
        "intermediate.int_accounts__declared": "employee_code varchar, "
        "platform_code varchar, account_id varchar, account_handle varchar, "
        "actor_class_code varchar, first_exported_at timestamp",
        "intermediate.int_turns__withdrawn": "platform_code varchar, "
        "source_id varchar, interaction_key varchar, thread_key varchar, "
        "parent_interaction_key varchar, is_root boolean, account_id varchar, "
        "account_person_key varchar, title_text varchar, body_text varchar, "
        "occurred_at timestamp, occurred_date date",
        "intermediate.int_accounts__identified": "platform_code varchar, "
        "account_id varchar, account_handle varchar",
        "intermediate.int_accounts__seen": "account_person_key varchar, "
        "platform_code varchar, account_id varchar",
        "intermediate.int_interaction_themes__matched": "interaction_key varchar, "
        "theme_code varchar, theme_rank bigint",
    }
    for table, columns in nothing.items():
        lay(connection, folder, table, columns, ())


def fill(connection: duckdb.DuckDBPyConnection, folder: Path, world: World) -> None:
    """Lay everything that the selected models read, seeds of the project included."""
    for schema in ("intermediate", "staging", "seeds", "marts"):
        connection.execute(f"create schema {schema}")
    dated = ", types = {valid_from: 'date', valid_to: 'date'}"
    for seed in SEEDS:
        types = {"rule_thresholds": dated, "funnel_rules": ""}.get(seed, "")
        connection.execute(
            f"create table seeds.{seed} as from read_csv(?, header = true{types})",
            [str(PROJECT / "seeds" / f"{seed}.csv")],
        )
    folder.mkdir(exist_ok=True)
    lay_community(connection, folder, world)
    lay_people(connection, folder, world)
    lay_signs(connection, folder, world)
    lay_employees(connection, folder, world)
    lay_accounts(connection, folder, world)
    lay_voices(connection, folder, world)
    lay_rest(connection, folder, world)
