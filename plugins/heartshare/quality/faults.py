"""Plant one fault per check into a copy of a warehouse and see whether the check bites.

A gate whose checks cannot fail says "clean" about everything. The faults are shipped
with the package, so that the installed gate can be put to the test where it runs.
"""

from __future__ import annotations

import re
import shutil
from dataclasses import dataclass, replace
from importlib.resources import files
from typing import TYPE_CHECKING, Any

import yaml

from heartshare.errors import InputError
from heartshare.quality.checks import fill_week, run_suites
from heartshare.quality.gate import State
from heartshare.warehouse.connections import open_writer

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from heartshare.quality.checks import Scope
    from heartshare.quality.suites import Check, Suite
    from heartshare.settings import Settings


_TABLE = re.compile(r"\b(?:raw|staging|seeds|marts|reports|audit|meta)\.\w+")


class UnusableFaultsError(InputError):
    """The list of faults does not fit the suites."""

    def __init__(self, problem: str) -> None:
        super().__init__(f"quality/faults.yml: {problem}.")


@dataclass(frozen=True)
class Fault:
    """What is done to the data, and every check that must notice.

    ``ref`` is the check that the fault is for; ``also`` are checks that rightly fail
    with it. ``published`` replaces the list of tables to be published.
    """

    ref: str
    story: str
    statements: tuple[str, ...] = ()
    also: frozenset[str] = frozenset()
    published: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Bite:
    """Which checks did not pass after a fault was planted."""

    fault: Fault
    noticed_by: frozenset[str]

    @property
    def is_as_expected(self) -> bool:
        """Whether the fault's own check noticed, and no unexpected one did."""
        return self.noticed_by == self.fault.also | {self.fault.ref}


def load_faults() -> tuple[Fault, ...]:
    """Return the shipped faults in file order.

    Raises:
        UnusableFaultsError: for an entry that lacks a story or does nothing.
    """
    text = files("heartshare.quality").joinpath("faults.yml").read_text("utf-8")
    return tuple(_fault(ref, entry) for ref, entry in yaml.safe_load(text).items())


def plant(
    settings: Settings,
    fault: Fault,
    suites: Sequence[Suite],
    scope: Scope,
    scratch: Path,
) -> Bite:
    """Do a fault to a copy of the scope's warehouse and judge the copy.

    Only checks that read what the fault touches are run; the others see what they saw
    before. ``scratch`` is an empty folder; the copy is removed from it again.
    """
    there = replace(settings, home=scratch)
    shutil.copyfile(scope.warehouse, there.warehouse)
    try:
        with open_writer(there) as connection:
            for statement in fault.statements:
                connection.execute(fill_week(statement, scope.week, scope.timezone))
            connection.execute("checkpoint")
        judged = replace(
            scope,
            warehouse=there.warehouse,
            published=fault.published or scope.published,
        )
        outcomes = run_suites(touched(suites, fault), judged)
    finally:
        there.warehouse.unlink()
    return Bite(
        fault, frozenset(one.ref for one in outcomes if one.state is not State.PASSED)
    )


def touched(suites: Sequence[Suite], fault: Fault) -> tuple[Suite, ...]:
    """Return the suites, cut down to the checks that read a table the fault names."""
    tables = set(_TABLE.findall(" ".join(fault.statements)))
    cut = (
        replace(suite, checks=tuple(_readers(suite, tables, fault))) for suite in suites
    )
    return tuple(suite for suite in cut if suite.checks)


def _readers(suite: Suite, tables: set[str], fault: Fault) -> Iterator[Check]:
    asset = suite.asset
    if asset.published:
        is_read = bool(fault.published) or any(
            table.startswith(("marts.", "reports.")) for table in tables
        )
    else:
        is_read = f"{asset.schema}.{asset.table}" in tables
    for check in suite.checks:
        if is_read or tables & set(_TABLE.findall(check.sql or "")):
            yield check


def _fault(ref: str, entry: Any) -> Fault:  # noqa: ANN401 - YAML decides the type
    if not isinstance(entry, dict) or "story" not in entry:
        raise UnusableFaultsError(f"{ref} needs a story")
    if unknown := set(entry) - {"story", "sql", "also", "published"}:
        raise UnusableFaultsError(f"{ref} has unknown {', '.join(sorted(unknown))}")
    if "sql" not in entry and "published" not in entry:
        raise UnusableFaultsError(f"{ref} does nothing: it needs sql or published")
    sql = entry.get("sql", [])
    return Fault(
        ref=ref,
        story=str(entry["story"]),
        statements=tuple(sql) if isinstance(sql, list) else (str(sql),),
        also=frozenset(entry.get("also", ())),
        published=frozenset(entry.get("published", ())),
    )
