"""Which facts are planted in the demo organisation, and whether they were found."""

from __future__ import annotations

from dataclasses import dataclass
from importlib.resources import files
from typing import TYPE_CHECKING

import yaml

from heartshare.errors import InputError
from heartshare.weeks import ReportingWeek

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from heartshare.warehouse.connections import Connection


class PlantedFactError(InputError):
    """A planted fact is declared in a way that cannot be looked for."""

    def __init__(self, name: str, problem: str) -> None:
        super().__init__(f"demo/planted_facts.yml: {name} {problem}.")


@dataclass(frozen=True)
class PlantedFact:
    """One fact; it has either a query on the published marts or a week to be held.

    ``since`` is the first week in which it can be seen.
    """

    name: str
    sentence: str
    since: ReportingWeek
    sql: str = ""
    held_week: ReportingWeek | None = None


def load_planted_facts() -> tuple[PlantedFact, ...]:
    """Return every planted fact in the order of planted_facts.yml.

    Raises:
        PlantedFactError: a fact has neither a query nor a held week, or both.
    """
    text = files("heartshare.demo").joinpath("planted_facts.yml").read_text("utf-8")
    return tuple(_fact(spec) for spec in yaml.safe_load(text))


def find_planted_facts(
    connection: Connection, held_weeks: Collection[ReportingWeek]
) -> dict[str, bool]:
    """Return for each planted fact whether it was found.

    The connection reads the marts published for the story's last week; held weeks are
    those that the gate held back at least once.

    Raises:
        PlantedFactError: a query returned anything but one boolean.
    """
    return {
        fact.name: fact.held_week in held_weeks
        if fact.held_week
        else _holds(connection, fact)
        for fact in load_planted_facts()
    }


def _fact(spec: Mapping[str, str]) -> PlantedFact:
    is_gate = spec.get("kind") == "gate"
    if is_gate == bool(spec.get("sql")) or is_gate != bool(spec.get("held_week")):
        raise PlantedFactError(spec["name"], "needs either sql or a held_week")
    return PlantedFact(
        name=spec["name"],
        sentence=spec["sentence"].strip(),
        since=ReportingWeek.parse(spec["since"]),
        sql=spec.get("sql", ""),
        held_week=ReportingWeek.parse(spec["held_week"]) if is_gate else None,
    )


def _holds(connection: Connection, fact: PlantedFact) -> bool:
    rows = connection.execute(fact.sql).fetchall()
    if len(rows) != 1 or len(rows[0]) != 1 or rows[0][0] not in (True, False, None):
        raise PlantedFactError(fact.name, f"returned {rows!r} instead of one boolean")
    return bool(rows[0][0])
