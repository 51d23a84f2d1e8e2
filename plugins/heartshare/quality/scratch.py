"""Work out a suite's rows once and keep them in memory beside the warehouse.

Great Expectations asks for the rows of a batch again with every check, so what is not a
table already becomes one: on ten million acts the answer is dear, the rows are few.
"""

from __future__ import annotations

import re
from functools import cached_property
from typing import TYPE_CHECKING, Any

from heartshare.quality.relations import COLUMNS_QUERY, Column, Relation, compose

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Sequence

    from heartshare.quality.suites import Check, Suite
    from heartshare.weeks import ReportingWeek

#: The database in memory that is attached to the one that is judged.
SCRATCH = "gate_scratch"
#: What reads columns that it does not name; counting rows does not.
_UNNAMED = re.compile(r"\*|\bcolumns\s*\(", re.IGNORECASE)
_COUNT = re.compile(r"\bcount\(\*\)", re.IGNORECASE)


class SuiteRows:
    """Turns the rows of each suite into a query that costs nothing to repeat."""

    def __init__(
        self,
        ask: Callable[[str], Sequence[Sequence[Any]]],
        week: ReportingWeek,
        published: Collection[str],
    ) -> None:
        """Take what runs a statement and returns its rows.

        ``Scope`` says what ``week`` and ``published`` are.
        """
        self._ask = ask
        self._week = week
        self._published = published

    def query(self, suite: Suite) -> str:
        """Return a SELECT of a suite's rows, which have been worked out.

        Raises:
            Exception: whatever ``ask`` raises when there is no such table.
        """
        asset = suite.asset
        if asset.published:
            found = compose(asset.published, self._columns, self._published, self._week)
        elif asset.slice == "week":
            select = slice_query(suite, self._columns, self._week)
            found = Relation(select, (select,))
        else:
            return f"SELECT * FROM {asset.schema}.{asset.table}"
        table = f"{SCRATCH}.main.{suite.name}"
        for statement in found.statements(table):
            self._ask(statement)
        return f"SELECT * FROM {table}"

    @cached_property
    def _columns(self) -> list[Column]:
        return [Column(*row) for row in self._ask(COLUMNS_QUERY)]


def slice_query(suite: Suite, columns: Sequence[Column], week: ReportingWeek) -> str:
    """Return a SELECT of a week's rows, of the columns that the suite's checks name."""
    asset = suite.asset
    table = f"{asset.schema}.{asset.table}"
    held = [
        column.name
        for column in columns
        if column.database == "ours" and f"{column.schema}.{column.table}" == table
    ]
    texts = [_text(check) for check in suite.checks]
    if all(_names_columns(check) for check in suite.checks):
        words = {asset.week_column, *re.findall(r"\w+", " ".join(texts))}
        held = [name for name in held if name in words]
    listed = ", ".join(f'"{name}"' for name in held) or "*"
    return f"select {listed} from {table} where {asset.week_column} = DATE '{week.key}'"


def _text(check: Check) -> str:
    return f"{check.sql} {check.needs} {check.arguments} {check.example}"


def _names_columns(check: Check) -> bool:
    """Tell whether a check names every column that it looks at."""
    if check.expect == "ExpectTableColumnsToMatchSet":
        return False
    text = _COUNT.sub("", f"{check.sql} {check.needs}")
    return not _UNNAMED.search(text)
