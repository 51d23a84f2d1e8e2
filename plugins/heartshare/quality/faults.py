"""Put one fault per check into a copy of a warehouse and see whether the check bites.

A gate whose checks cannot fail says "clean" about everything. The faults are shipped
with the package, so that the installed gate can be put to the test where it runs.
"""

from __future__ import annotations

import re
from contextlib import ExitStack
from dataclasses import dataclass, replace
from importlib.resources import files
from typing import TYPE_CHECKING, Any, Self

import yaml

from heartshare.errors import InputError
from heartshare.quality.checks import fill_week
from heartshare.quality.gate import State
from heartshare.warehouse.connections import open_file

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from heartshare.quality.checks import Judge, Scope
    from heartshare.quality.gate import Outcome
    from heartshare.quality.suites import Check, Suite
    from heartshare.warehouse.connections import Connection

_TABLE = re.compile(r"\b(?:raw|staging|seeds|marts|reports|audit|meta)\.\w+")
_CHANGED = re.compile(
    r"(?:update|insert into|delete from|alter table)\s+"
    r"((?:raw|seeds|marts|reports|audit|meta)\.\w+)"
)
#: The schema in which a copy keeps the tables that a fault changes.
_ASIDE = "before_fault"


class OtherCodeBuiltError(InputError):
    """A table that the checks speak of is not in the build."""

    def __init__(self, table: str) -> None:
        super().__init__(
            f"The build holds no table {table}: other code than this one made it. Run "
            "`heartshare build` again, then the self-test."
        )


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
    """Which checks did not pass after a fault was planted, that passed before."""

    fault: Fault
    noticed_by: frozenset[str]

    @property
    def is_noticed(self) -> bool:
        """Whether the check that the fault is for noticed it."""
        return self.fault.ref in self.noticed_by

    @property
    def is_as_expected(self) -> bool:
        """Whether the fault's own check noticed, and no unexpected one did."""
        return self.noticed_by == self.fault.also | {self.fault.ref}


class FaultyCopy:
    """A copy of a warehouse into which one fault after another is put and taken out.

    Only the tables that a fault changes are kept aside and brought back, so that a
    fault costs what its tables weigh and not what the warehouse does.
    """

    def __init__(self, judge: Judge, suites: Sequence[Suite], scope: Scope) -> None:
        """Take ``scope.warehouse`` as the copy, which nobody else opens."""
        self._judge = judge
        self._suites = suites
        self._scope = replace(scope, is_open=True)
        self._held = ExitStack()

    def __enter__(self) -> Self:
        """Open the copy once: opening a file of a thousand tables takes longest."""
        self._connection = self._held.enter_context(open_file(self._scope.warehouse))
        return self

    def __exit__(self, *_: object) -> None:
        """Close the copy, with whatever stands in it."""
        self._held.close()

    def judge_clean(self) -> tuple[Outcome, ...]:
        """Return the outcome of every check before anything is planted."""
        return self._judge.judge(self._suites, self._scope)

    def plant(self, fault: Fault) -> Bite:
        """Do a fault, judge the copy, undo the fault.

        Only checks that read what the fault touches are run; the others see what they
        saw before.

        Raises:
            OtherCodeBuiltError: a table that the fault changes is not there.
        """
        tables = _changed(fault)
        scope = self._scope
        _keep(self._connection, tables)
        try:
            for statement in fault.statements:
                filled = fill_week(statement, scope.week, scope.timezone)
                self._connection.execute(filled)
            is_for_all = _is_for_all(self._suites, fault)
            published = _published(fault, scope, is_for_all=is_for_all)
            judged = replace(scope, published=published)
            outcomes = self._judge.judge(touched(self._suites, fault), judged)
        finally:
            _bring_back(self._connection, tables)
        failed = (one.ref for one in outcomes if one.state is not State.PASSED)
        return Bite(fault, frozenset(failed))


def load_faults() -> tuple[Fault, ...]:
    """Return the shipped faults in file order.

    Raises:
        UnusableFaultsError: for an entry that lacks a story or does nothing.
    """
    text = files("heartshare.quality").joinpath("faults.yml").read_text("utf-8")
    return tuple(_fault(ref, entry) for ref, entry in yaml.safe_load(text).items())


def touched(suites: Sequence[Suite], fault: Fault) -> tuple[Suite, ...]:
    """Return the suites, cut down to the checks that read a table the fault names."""
    tables = set(_TABLE.findall(" ".join(fault.statements)))
    is_for_all = _is_for_all(suites, fault)
    cut = (
        replace(suite, checks=tuple(_readers(suite, tables)))
        for suite in suites
        if not suite.asset.published
    )
    composed = (suite for suite in suites if suite.asset.published)
    if is_for_all and not fault.published:
        own = fault.ref.split(".")[0]
        composed = (suite for suite in composed if suite.name == own)
    elif not fault.published:
        # Their floors ask of all tables together, and the others are as they were.
        composed = (replace(suite, checks=suite.checks[1:]) for suite in composed)
    return tuple(suite for suite in (*cut, *composed) if suite.checks)


def _changed(fault: Fault) -> tuple[str, ...]:
    """Return the tables that a fault's statements change, in a stable order."""
    found = (table for text in fault.statements for table in _CHANGED.findall(text))
    return tuple(dict.fromkeys(found))


def _keep(connection: Connection, tables: Sequence[str]) -> None:
    views = _known(connection, "view")
    known = views | _known(connection, "table")
    for table in tables:
        if table not in known:
            raise OtherCodeBuiltError(table)
    connection.execute(f"create schema {_ASIDE}")
    for table in tables:
        connection.execute(f"create table {_aside(table)} as from {table}")
        if table in views:
            # No view can be changed: in the copy it is a table from here on.
            connection.execute(f"drop view {table}")
            connection.execute(f"create table {table} as from {_aside(table)}")


def _known(connection: Connection, kind: str) -> set[str]:
    # What else is attached has tables and views of the same names.
    rows = connection.execute(
        f"select schema_name, {kind}_name from duckdb_{kind}s() "
        "where database_name = current_database()"
    )
    return {f"{schema}.{name}" for schema, name in rows.fetchall()}


def _bring_back(connection: Connection, tables: Sequence[str]) -> None:
    for table in tables:
        connection.execute(f"create or replace table {table} as from {_aside(table)}")
    connection.execute(f"drop schema {_ASIDE} cascade")


def _aside(table: str) -> str:
    return f'{_ASIDE}."{table}"'


def _published(fault: Fault, scope: Scope, *, is_for_all: bool) -> frozenset[str]:
    """Return which published tables to look at: those that were changed, or all."""
    if fault.published or is_for_all:
        return fault.published or scope.published
    changed = frozenset(_changed(fault))
    # An empty set would stand for all tables.
    return changed & (scope.published or changed) or frozenset({"none"})


def _is_for_all(suites: Sequence[Suite], fault: Fault) -> bool:
    """Tell whether a fault's own check looks at all published tables together."""
    own = fault.ref.split(".")[0]
    return any(suite.name == own and suite.asset.published for suite in suites)


def _readers(suite: Suite, tables: set[str]) -> Iterator[Check]:
    is_read = f"{suite.asset.schema}.{suite.asset.table}" in tables
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
