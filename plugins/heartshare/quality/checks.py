"""Put every suite's questions to a built warehouse, read-only, and report the outcomes.

The only module that uses Great Expectations, and only inside functions: the import
costs seconds and hundreds of megabytes, so a run pays for it once.
"""

from __future__ import annotations

import contextlib
import io
import logging
import os
import re
import uuid
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from heartshare.quality.findings import (
    count_offending,
    describe_result,
    exception_text,
    harmless_key,
)
from heartshare.quality.gate import Outcome, Severity, State
from heartshare.quality.relations import READERS
from heartshare.quality.scratch import SCRATCH, SuiteRows
from heartshare.warehouse.connections import open_reader

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from concurrent.futures import Future
    from pathlib import Path
    from zoneinfo import ZoneInfo

    from heartshare.quality.suites import Check, Suite
    from heartshare.weeks import ReportingWeek

LOGGER = logging.getLogger(__name__)

_NAMESPACE = uuid.UUID("6d2f3a0e-5c58-5d0c-9a53-2f3a7c6f1b11")
_RESULT_FORMAT = {"result_format": "BASIC", "partial_unexpected_count": 0}
_EXAMPLE_LIMIT = 5
_JUDGED = "judged"


@dataclass(frozen=True)
class Scope:
    """What a run judges: a file, a week in a zone, and the tables to be published.

    ``published`` holds names with schema; empty means all of marts and reports.
    ``readers_see`` is the database file that readers see now, None before the first.
    ``is_open`` says that this process holds the file for writing, as it does a copy.
    """

    warehouse: Path
    week: ReportingWeek
    timezone: ZoneInfo
    published: frozenset[str] = frozenset()
    readers_see: Path | None = None
    is_open: bool = False


class Judge:
    """Runs suites, as often as asked, in one context of the engine."""

    def __init__(self, context: Any) -> None:  # noqa: ANN401 - no GX type here
        self._context = context
        self._runs = 0

    def judge(self, suites: Sequence[Suite], scope: Scope) -> tuple[Outcome, ...]:
        """Return one outcome per check, in suite order; ``run_suites`` says more."""
        if not scope.is_open:
            with open_reader(scope.warehouse):
                pass
        # One source for all suites: the engine writes its configuration out with each.
        self._runs += 1
        source = self._context.data_sources.add_duckdb(
            name=f"run {self._runs}", connection_string=_address(scope)
        )
        rows = SuiteRows(partial(_ask, source), scope.week, scope.published)
        outcomes: list[Outcome] = []
        try:
            # DuckDB works out later suites' rows while Python judges earlier ones.
            with ThreadPoolExecutor(max_workers=1) as beside:
                queries = [beside.submit(rows.query, suite) for suite in suites]
                for suite, query in zip(suites, queries, strict=True):
                    outcomes += _run_suite(source, query, suite, scope)
        finally:
            self._context.data_sources.delete(source.name)
            _close_connections()
        return tuple(outcomes)


def run_suites(suites: Sequence[Suite], scope: Scope) -> tuple[Outcome, ...]:
    """Return one outcome per check, in suite order.

    A check that cannot be carried out, for want of a table, a column or valid
    arguments, is broken; it stops no other check. Outcomes quote no values.

    Raises:
        WarehouseMissingError: when the warehouse has not been built.
        WarehouseBusyError: when another process writes to it; that says nothing about
            the data, so it must not become a verdict.
    """
    with open_judge() as judge:
        return judge.judge(suites, scope)


def fill_week(sql: str, week: ReportingWeek, timezone: ZoneInfo) -> str:
    """Return SQL with the week filled in.

    ``:week`` is the Monday, ``:week_starts_at`` and ``:week_ends_at`` are UTC instants.
    """
    moments = {
        "week_starts_at": week.starts_at(timezone),
        "week_ends_at": week.ends_at(timezone),
    }
    for name, moment in moments.items():
        literal = f"TIMESTAMP '{moment:%Y-%m-%d %H:%M:%S}'"
        sql = re.sub(rf"(?<!:):{name}\b", literal, sql)
    return re.sub(r"(?<!:):week\b", f"DATE '{week.key}'", sql)


def bind(sql: str, week: ReportingWeek, timezone: ZoneInfo) -> str:
    """Return a check's SQL with the week filled in, fit for the engine.

    Braces other than ``{batch}`` are doubled, because the engine formats the text.
    """
    filled = fill_week(sql, week, timezone)
    doubled = filled.replace("{", "{{").replace("}", "}}")
    return doubled.replace("{{batch}}", "{batch}")


def build_expectation(check: Check, scope: Scope) -> Any:  # noqa: ANN401 - no GX type here
    """Return the engine's expectation for a check, with an identity that never changes.

    Raises:
        Exception: whatever the engine raises on arguments it does not accept.
    """
    import great_expectations.expectations as gxe

    from heartshare.quality.datasource import OffendingRowsExpectation

    common: dict[str, Any] = {
        "severity": str(check.severity),
        "meta": {"key": check.ref},
        "id": str(uuid.uuid5(_NAMESPACE, check.ref)),
    }
    if check.sql is not None:
        query = bind(check.sql, scope.week, scope.timezone)
        return OffendingRowsExpectation(unexpected_rows_query=query, **common)
    return getattr(gxe, str(check.expect))(**check.arguments, **common)


@contextlib.contextmanager
def open_judge() -> Iterator[Judge]:
    """Yield a judge that leaves nothing behind: no files, no open connections."""
    os.environ["GX_ANALYTICS_ENABLED"] = "false"
    import great_expectations as gx

    # Not before the import, which sets levels of its own.
    for name in ("great_expectations", "great_expectations.data_context.types.base"):
        logging.getLogger(name).setLevel(logging.ERROR)

    import heartshare.quality.datasource  # noqa: F401 - registers add_duckdb

    context = gx.get_context(mode="ephemeral")
    context.variables.progress_bars = {"globally": False}  # type: ignore[assignment]
    # It would be written out as YAML with every source and asset, for nobody to read.
    context.variables.save = lambda: None  # type: ignore[method-assign]
    # The engine prints advice about queries while it builds them.
    try:
        with contextlib.redirect_stdout(io.StringIO()):
            yield Judge(context)
    finally:
        _close_connections()


def _close_connections() -> None:
    from heartshare.quality.dialect import close_all

    close_all()


def _address(scope: Scope) -> str:
    """Return the URL of a database beside which there is room for rows in memory.

    DuckDB lets a file that is opened read-only have none, so the file is attached to a
    database in memory. One process opens a file in one way: what is open stays so. A
    URL gives a meaning to signs that a folder's name may hold.
    """
    options = [f"attach={SCRATCH}::memory:"]
    warehouse = quote(str(scope.warehouse))
    if scope.readers_see:
        options.append(f"attach={READERS}:{quote(str(scope.readers_see))}")
    if scope.is_open:
        return f"duckdb+gate:///{warehouse}?read_only=false&{'&'.join(options)}"
    options += [
        f"attach={_JUDGED}:{warehouse}",
        f"use={_JUDGED}",
        f"temp_directory={warehouse}.tmp",
        "preserve_insertion_order=false",
    ]
    return f"duckdb+gate:///:memory:{uuid.uuid4()}?{'&'.join(options)}"


@dataclass(frozen=True)
class _Rows:
    """A suite's rows: the engine's batch and datasource, and the query behind them."""

    batch: Any
    source: Any
    query: str


def _run_suite(
    source: Any,  # noqa: ANN401 - no GX type here
    worked_out: Future[str],
    suite: Suite,
    scope: Scope,
) -> list[Outcome]:
    try:
        query = worked_out.result()
        asset = source.add_query_asset(suite.name, query=query)
        batch = asset.add_batch_definition_whole_table("whole").get_batch()
    except Exception as error:
        LOGGER.debug("Suite %s found no rows to look at", suite.name, exc_info=True)
        return [_broken(check, suite, error) for check in suite.checks]
    rows = _Rows(batch, source, query)
    return [_run_check(rows, suite, check, scope) for check in suite.checks]


def _run_check(rows: _Rows, suite: Suite, check: Check, scope: Scope) -> Outcome:
    try:
        if check.needs and not _finds(rows, check.needs, scope):
            return _spared(check, suite)
        expectation = build_expectation(check, scope)
        result = rows.batch.validate(expectation, result_format=_RESULT_FORMAT)
        if message := exception_text(result.exception_info):
            return _broken(check, suite, message)
        examples: tuple[str, ...] = ()
        if not result.success and check.sql:
            bound = bind(check.sql, scope.week, scope.timezone)
            sql = bound.format(batch=f"({rows.query})")
            # To count rows, nothing that they say is worked out; this may fail.
            _ask(rows.source, f"select count(columns(*)) from ({sql}) as offenders")
            if check.example:
                examples = _examples(rows.source, sql, check.example)
        observed = describe_result(result.result, check)
        offending = count_offending(result.result, check)
    except Exception as error:
        LOGGER.debug("Check %s", check.ref, exc_info=True)
        return _broken(check, suite, error)
    return Outcome(
        ref=check.ref,
        suite=suite.name,
        key=check.key,
        severity=check.severity,
        state=State.PASSED if result.success else State.FAILED,
        why=check.why,
        observed=observed,
        owner=suite.owner,
        examples=examples,
        offending=offending,
    )


def _finds(rows: _Rows, needs: str, scope: Scope) -> bool:
    """Return whether there is what a check asks about."""
    sql = fill_week(needs, scope.week, scope.timezone)
    query = sql.replace("{batch}", f"({rows.query})")
    return bool(_ask(rows.source, f"select 1 from ({query}) as found limit 1"))


def _spared(check: Check, suite: Suite) -> Outcome:
    return Outcome(
        ref=check.ref,
        suite=suite.name,
        key=check.key,
        severity=check.severity,
        state=State.PASSED,
        why=check.why,
        observed="there is nothing to ask about",
        owner=suite.owner,
    )


def _broken(check: Check, suite: Suite, error: object) -> Outcome:
    # The message may quote a value of a row, so it goes to the log and nowhere else.
    LOGGER.error("Check %s could not be carried out: %s", check.ref, error)
    name = type(error).__name__ if isinstance(error, Exception) else "query failed"
    return Outcome(
        ref=check.ref,
        suite=suite.name,
        key=check.key,
        severity=Severity.CRITICAL,
        state=State.BROKEN,
        why=check.why,
        observed=f"could not be checked ({name}; details are in the task's log)",
        owner=suite.owner,
    )


def _examples(source: Any, sql: str, column: str) -> tuple[str, ...]:  # noqa: ANN401
    """Return up to five keys of offending rows, hashed unless of a harmless shape."""
    query = (
        f"select distinct cast({column} as varchar) from ({sql}) as offenders"
        f" where {column} is not null order by 1 limit {_EXAMPLE_LIMIT}"
    )
    return tuple(harmless_key(value, column) for (value,) in _ask(source, query))


def _ask(source: Any, sql: str) -> Sequence[Any]:  # noqa: ANN401 - no GX type here
    """Run one statement and return its rows, none where it returns none."""
    with source.get_engine().connect() as connection:
        result = connection.exec_driver_sql(sql)
        return result.fetchall() if result.returns_rows else []
