"""How are generic data tests run without wording them anew for every week?

dbt builds a context, renders two templates and sends a dozen events for each test,
which in a small warehouse takes longer than its query. What a generic test asks does
not depend on the week, so dbt words all of them once, when the project is built for
the first time, and later builds ask the kept queries. Singular tests stay with dbt.
"""

from __future__ import annotations

import json
import logging
import re
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from heartshare.warehouse.whole_files import write_whole

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from pathlib import Path

    from heartshare.warehouse.connections import Connection

LOGGER = logging.getLogger(__name__)
#: Leaves out of a build of dbt what this module asks by itself.
WITHOUT_GENERIC = ("--exclude", "test_type:generic")
#: Words of Jinja by which a query depends on more than the project.
_DEPENDS = re.compile(
    r"\b(?:var|env_var|run_query|statement)\s*\("
    r"|\b(?:run_started_at|invocation_id|modules|target|graph)\b"
    r"|\b(?:get_columns_in_relation|get_relation|load_relation)\b"
)
#: How dbt calls a model without a table, whose own words stand in the query.
_INLINE = "__dbt__cte__"
#: Run by every test when dbt runs it, and no part of the kept query.
_AROUND = frozenset({"macro.dbt.statement", "macro.dbt.should_store_failures"})
#: The only way in which a kept test is judged: a row is an error.
_JUDGED = {
    "severity": "ERROR",
    "fail_calc": "count(*)",
    "error_if": "!= 0",
    "limit": None,
    "store_failures": None,
}


@dataclass(frozen=True)
class DataTest:
    """A generic data test: its name, and the query that returns what breaks it."""

    name: str
    sql: str


def recall_tests(target: Path, key: str) -> list[DataTest] | None:
    """Return the tests kept under a project's key; None when dbt has to run them."""
    path = _path(target, key)
    if not path.is_file():
        return None
    try:
        kept = [DataTest(**item) for item in json.loads(path.read_text("utf-8"))]
    except (ValueError, TypeError) as error:
        LOGGER.warning("The kept data tests cannot be read, dbt runs them: %s", error)
        return None
    return kept or None  # an emptied file would skip every test


def keep_tests(target: Path, key: str, compiled: Mapping[str, str | None]) -> bool:
    """Keep what dbt has just asked, by the tests' ids, and drop what was kept before.

    Nothing is kept, and False returned, unless every generic test of the project has a
    query that depends on the project alone, and calls each row of it an error.
    """
    for older in target.glob("tests-*.json"):
        older.unlink()
    manifest = json.loads((target / "manifest.json").read_text("utf-8"))
    kept = []
    for unique_id, node in manifest["nodes"].items():
        if node["resource_type"] != "test" or not node.get("test_metadata"):
            continue
        sql = compiled.get(unique_id)
        if (
            not sql
            or _INLINE in sql
            or not _is_of_the_project(node, manifest["macros"])
        ):
            return False
        kept.append(DataTest(node["name"], sql))
    write_whole(
        _path(target, key), json.dumps([asdict(test) for test in kept]).encode()
    )
    return True


def broken_tests(
    connection: Connection,
    tests: Sequence[DataTest],
    tell: Callable[[str, int], None],
) -> list[tuple[str, str]]:
    """Ask every test; return name and reason of those that found a row or failed.

    ``tell`` is told the name and the place of each test when it has ended.
    """
    broken = []
    for place, test in enumerate(tests, start=1):
        try:
            answer = connection.execute(f"select count(*) from ({test.sql}\n) as found")
            rows = answer.fetchall()[0][0]
        except Exception as error:  # as dbt: name the test and go on
            broken.append((test.name, str(error)))
        else:
            if rows:
                noun = "result" if rows == 1 else "results"
                why = f"Got {rows} {noun}, configured to fail if != 0"
                broken.append((test.name, why))
        tell(test.name, place)
    return broken


def _is_of_the_project(node: Mapping[str, Any], macros: Mapping[str, Any]) -> bool:
    config = node["config"]
    if any(config.get(name) != value for name, value in _JUDGED.items()):
        return False
    said = json.dumps([node["raw_code"], node["test_metadata"], config])
    called = _called(node["depends_on"]["macros"], macros, set())
    words = [said, *(macros[name]["macro_sql"] for name in called - _AROUND)]
    return not any(_DEPENDS.search(text) for text in words)


def _called(
    names: Iterable[str], macros: Mapping[str, Any], found: set[str]
) -> set[str]:
    for name in names:
        if name not in found and name in macros:
            found.add(name)
            _called(macros[name]["depends_on"]["macros"], macros, found)
    return found


def _path(target: Path, key: str) -> Path:
    return target / f"tests-{key}.json"
