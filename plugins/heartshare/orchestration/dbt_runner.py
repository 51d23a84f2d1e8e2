"""How is dbt called? In one place, in this process, and without Airflow."""

from __future__ import annotations

import json
import logging
import os
import sys
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from logging.handlers import RotatingFileHandler
from typing import TYPE_CHECKING, Any

from heartshare.errors import HeartshareError, InputError, TransientError
from heartshare.orchestration.dbt_data_tests import (
    WITHOUT_GENERIC,
    broken_tests,
    keep_tests,
    recall_tests,
)
from heartshare.orchestration.dbt_manifest import (
    digest_files,
    invoke_parsed,
    parsing_key,
)
from heartshare.warehouse.connections import open_reader
from heartshare.warehouse.disk_space import DiskFullError, is_full

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from pathlib import Path

    from heartshare.orchestration.dbt_data_tests import DataTest
    from heartshare.settings import Settings

_BAD = {"error", "fail", "runtime error"}
_SHOWN = 5
_MESSAGE_LENGTH = 300
_LOG_BYTES = 10 * 1024 * 1024
_LOGS_KEPT = 5


class BuildFailedError(InputError):
    """Models or tests of the dbt project failed: code and data disagree."""

    def __init__(self, failures: Sequence[tuple[str, str]], log: Path) -> None:
        shown = "; ".join(f"{node}: {why}" for node, why in failures[:_SHOWN])
        more = f" (and {len(failures) - _SHOWN} more)" if failures[_SHOWN:] else ""
        super().__init__(
            f"dbt could not build {len(failures)} of its nodes: {shown}{more}. "
            f"Log: {log}. See docs/runbook.md#build-failed."
        )
        self.nodes = tuple(node for node, _ in failures)


class MissingProjectError(InputError):
    """The folder that should hold the dbt project does not."""

    def __init__(self, path: Path) -> None:
        super().__init__(
            f"{path} holds no dbt_project.yml. Start heartshare in its checkout, or "
            "set HEARTSHARE_DBT_PROJECT."
        )


@dataclass(frozen=True)
class DbtSummary:
    """What one call of dbt did: nodes by outcome and seconds by model."""

    nodes: int
    passed: int
    warned: int
    skipped: int
    seconds: Mapping[str, float]


def build_project(
    settings: Settings,
    variables: Mapping[str, str],
    progress: Callable[[str, int, int], None] | None = None,
) -> DbtSummary:
    """Build and test every model in the warehouse that the settings name.

    ``progress`` is told each finished node: its name, its place, how many there are.
    The caller holds the warehouse's lock and has no connection open.

    Raises:
        BuildFailedError: names the nodes that failed.
        DiskFullError: they failed because the disk takes no more.
        TransientError: another process has the warehouse open.
        MissingProjectError: there is no project.
    """
    _require_project(settings)
    key = parsing_key(settings.dbt_project, settings.warehouse)
    tests = recall_tests(_target(settings), key)
    result = _invoke(settings, variables, progress, tests)
    if tests is None:
        compiled = {
            item.node.unique_id: getattr(item.node, "compiled_code", None)
            for item in result
        }
        keep_tests(_target(settings), key, compiled)
    asked = len(tests or ())
    outcomes = [(item.node, str(item.status)) for item in result]
    return DbtSummary(
        nodes=len(outcomes) + asked,
        passed=asked + sum(status in {"success", "pass"} for _, status in outcomes),
        warned=sum(status == "warn" for _, status in outcomes),
        skipped=sum(status == "skipped" for _, status in outcomes),
        seconds={
            item.node.name: round(item.execution_time, 2)
            for item in result
            if item.node.resource_type == "model"
        },
    )


def published_tables(settings: Settings) -> list[str]:
    """Return the warehouse names (schema.table) of all models marked for publication.

    Raises:
        InputError: the project has not been built yet.
    """
    return sorted(
        name
        for name, config in _made(settings)
        if config.get("meta", {}).get("publish")
    )


def made_tables(settings: Settings) -> list[str]:
    """Return the warehouse names (schema.table) of all models and seeds.

    Raises:
        InputError: the project has not been built yet.
    """
    return sorted(name for name, _ in _made(settings))


def _made(settings: Settings) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield name and configuration of each model and seed of the last build."""
    if not has_target(settings):
        raise InputError("The marts were never built. Run `heartshare build`.")
    path = _target(settings) / "manifest.json"
    for node in json.loads(path.read_text())["nodes"].values():
        is_made = node["resource_type"] in {"model", "seed"}
        if is_made and node["config"].get("enabled", True):
            yield f"{node['schema']}.{node['alias']}", node["config"]


def has_target(settings: Settings) -> bool:
    """Return whether dbt's manifest of an earlier build is on disk."""
    return (_target(settings) / "manifest.json").is_file()


def digest_project(settings: Settings) -> str:
    """Return one digest over everything in the project that can change a figure."""
    _require_project(settings)
    return digest_files(settings.dbt_project)


def _invoke(
    settings: Settings,
    variables: Mapping[str, str],
    progress: Callable[[str, int, int], None] | None,
    tests: Sequence[DataTest] | None,
) -> Sequence[Any]:
    """Let dbt build; ask the tests that are kept from an earlier build, unless None."""
    asked = len(tests or ())
    arguments = [
        "--log-level",
        "none",
        # Its own file words every debug event and then drops it: _log_file does not.
        "--log-level-file",
        "none",
        "--no-use-colors",
        "--no-send-anonymous-usage-stats",
        "--log-path",
        str(_logs(settings)),
        "build",
        "--project-dir",
        str(settings.dbt_project),
        "--profiles-dir",
        str(settings.dbt_project),
        "--target-path",
        str(_target(settings)),
        # Unit tests judge the SQL, not the week: they run with the test suite.
        "--exclude-resource-type",
        "unit_test",
        *(() if tests is None else WITHOUT_GENERIC),
        "--vars",
        json.dumps(dict(variables)),
    ]
    log = _logs(settings) / "dbt.log"
    with _environment(settings), _log_file(log) as write:
        callbacks = [_logger(write)]
        if progress:
            callbacks.append(_reporter(progress, asked))
        try:
            answer = invoke_parsed(
                arguments,
                project=settings.dbt_project,
                warehouse=settings.warehouse,
                target=_target(settings),
                callbacks=callbacks,
            )
        finally:
            _close_warehouse()
        results = getattr(answer.result, "results", None)
        if results is None:
            raise _explained(answer.exception, settings.warehouse)
        failures = [
            (item.node.name, item.message or "no message")
            for item in results
            if str(item.status) in _BAD
        ]
        if tests and not failures:
            failures = _ask(settings, tests, len(results), progress)
            for name, why in failures:
                write(datetime.now(UTC), "error", f"FAIL {name}: {_short(why)}")
            passed = len(tests) - len(failures)
            write(datetime.now(UTC), "info", f"PASS {passed} generic data tests")
    if any(is_full(why) for _, why in failures):
        raise DiskFullError(settings.warehouse)
    if failures:
        raise BuildFailedError([(name, _short(why)) for name, why in failures], log)
    return results


def _ask(
    settings: Settings,
    tests: Sequence[DataTest],
    before: int,
    progress: Callable[[str, int, int], None] | None,
) -> list[tuple[str, str]]:
    """Ask the kept tests of what was built; return name and reason of the broken."""

    def tell(name: str, place: int) -> None:
        if progress:
            progress(name, before + place, before + len(tests))

    memory = os.environ.get("HEARTSHARE_DUCKDB_MEMORY")
    with open_reader(settings.warehouse) as connection:
        if memory:  # as in dbt's profile
            connection.execute("set memory_limit = ?", [memory])
        return broken_tests(connection, tests, tell)


def _close_warehouse() -> None:
    """Let go of the warehouse, which the adapter keeps open from node to node.

    One connection for the whole build saves a third of its time; left open, it would
    lock the next step out of the file.
    """
    from dbt.adapters.duckdb.connections import DuckDBConnectionManager

    environment = DuckDBConnectionManager._ENV  # env() raises when it is unset
    if environment is not None:
        environment.close()
    DuckDBConnectionManager.close_all_connections()


def _short(message: str) -> str:
    """Return what went wrong without dbt's own call stack."""
    reason = message.partition("> in macro")[0]
    return " ".join(reason.split())[:_MESSAGE_LENGTH]


def _explained(error: BaseException | None, warehouse: Path) -> HeartshareError:
    if is_full(error):
        return DiskFullError(warehouse)
    text = " ".join(str(error or "dbt gave no reason").split())
    if "Could not set lock" in text:
        return TransientError(f"Another process has the warehouse open: {text}")
    return HeartshareError(f"dbt could not start the build: {text}")


class _Log(RotatingFileHandler):
    """Loses the lines for which the disk has no room, and says nothing of its own."""

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802 its name
        if not is_full(sys.exception()):
            super().handleError(record)


@contextmanager
def _log_file(path: Path) -> Iterator[Callable[[datetime, str, str], None]]:
    """Lend what writes a line into dbt's log: moment (UTC), level, message."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handler = _Log(path, maxBytes=_LOG_BYTES, backupCount=_LOGS_KEPT, encoding="utf-8")

    def write(moment: datetime, level: str, message: str) -> None:
        line = f"{moment:%Y-%m-%d %H:%M:%S} [{level:<5}] {message}"
        handler.emit(logging.makeLogRecord({"msg": line}))

    try:
        yield write
    finally:
        handler.close()


def _logger(write: Callable[[datetime, str, str], None]) -> Callable[[Any], None]:
    """Return what writes dbt's events, all but those for its developers."""

    def tell(event: Any) -> None:  # noqa: ANN401 dbt's protobuf message
        info = event.info
        if info.level not in {"debug", "test"}:
            write(info.ts.ToDatetime(), info.level, info.msg)

    return tell


def _reporter(
    progress: Callable[[str, int, int], None], more: int
) -> Callable[[Any], None]:
    """Return what passes on dbt's progress; ``more`` tests follow after its nodes."""

    def tell(event: Any) -> None:  # noqa: ANN401 dbt's protobuf message
        data = event.data
        if event.info.name in {"LogModelResult", "LogSeedResult"}:
            progress(data.node_info.node_name, data.index, data.total + more)
        elif event.info.name == "LogTestResult":
            progress(data.name, data.index, data.num_models + more)

    return tell


@contextmanager
def _environment(settings: Settings) -> Iterator[None]:
    """Lend dbt the variables that its profile reads."""
    lent = {
        "HEARTSHARE_WAREHOUSE": str(settings.warehouse),
        "HEARTSHARE_DBT_KEEP_OPEN": "true",
        "DO_NOT_TRACK": "1",
        "DBT_SEND_ANONYMOUS_USAGE_STATS": "false",
    }
    before = {name: os.environ.get(name) for name in lent}
    os.environ.update(lent)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value


def _require_project(settings: Settings) -> None:
    if not (settings.dbt_project / "dbt_project.yml").is_file():
        raise MissingProjectError(settings.dbt_project)


def _target(settings: Settings) -> Path:
    return settings.home / "dbt" / "target"


def _logs(settings: Settings) -> Path:
    return settings.home / "dbt" / "logs"
