"""Read expectations/suites strictly; knows nothing of the engine that runs them."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import yaml

from heartshare.errors import InputError
from heartshare.quality.gate import Severity

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

#: Expectation classes that tests/quality/test_datasource.py proves right on DuckDB.
EXPECTATIONS = frozenset(
    {
        "ExpectColumnDistinctValuesToBeInSet",
        "ExpectColumnDistinctValuesToContainSet",
        "ExpectColumnDistinctValuesToEqualSet",
        "ExpectColumnMaxToBeBetween",
        "ExpectColumnMeanToBeBetween",
        "ExpectColumnMinToBeBetween",
        "ExpectColumnPairValuesAToBeGreaterThanB",
        "ExpectColumnProportionOfNonNullValuesToBeBetween",
        "ExpectColumnSumToBeBetween",
        "ExpectColumnValuesToBeBetween",
        "ExpectColumnValuesToBeInSet",
        "ExpectColumnValuesToMatchRegex",
        "ExpectColumnValuesToNotBeNull",
        "ExpectColumnValuesToNotMatchRegex",
        "ExpectCompoundColumnsToBeUnique",
        "ExpectTableColumnsToMatchSet",
        "ExpectTableRowCountToBeBetween",
        "ExpectTableRowCountToEqual",
    }
)
#: What a suite may open with: the others pass on no rows at all.
_FLOORS = {
    "ExpectTableRowCountToBeBetween": "min_value",
    "ExpectTableRowCountToEqual": "value",
}
_SET_CHECKS = {
    "ExpectColumnDistinctValuesToEqualSet",
    "ExpectColumnDistinctValuesToContainSet",
}
_NAME = re.compile(r"[a-z][a-z0-9_]*")
_SLICES = ("all", "week")
#: Relations that the runner composes from every table that may be published.
PUBLISHED_RELATIONS = (
    "text",
    "person_keys",
    "people_groups",
    "settled_weeks",
    "seen_figures",
)
#: Columns whose values name a row without saying anything about a person.
_EXAMPLE = re.compile(
    r".*(_key|_code|_week|_date|_number|_sha256|_id)|week_start|source_name"
    r"|table_name|column_name"
)


class UnusableSuiteError(InputError):
    """A suite file says something that the gate does not understand."""

    def __init__(self, place: str, problem: str) -> None:
        super().__init__(
            f"expectations/suites/{place}: {problem}. See expectations/README.md."
        )


class NoSuitesError(InputError):
    """The folder that should hold the suites holds none, or does not exist."""

    def __init__(self, folder: Path) -> None:
        super().__init__(
            f"{folder} holds no suite. Start heartshare in its checkout, or set "
            "HEARTSHARE_EXPECTATIONS."
        )


@dataclass(frozen=True)
class Asset:
    """The rows that a suite looks at.

    ``slice`` is ``all`` or ``week``; a week's rows are those whose ``week_column`` is
    its Monday. ``published`` names a composed relation instead of schema and table.
    """

    schema: str = ""
    table: str = ""
    slice: str = "all"
    week_column: str = "week_start"
    published: str | None = None

    @property
    def name(self) -> str:
        """What people call it."""
        if self.published:
            return f"every published table ({self.published.replace('_', ' ')})"
        return f"{self.schema}.{self.table}"


@dataclass(frozen=True)
class Check:
    """One question to the rows; a named expectation or a query of offending rows.

    Where the query ``needs`` finds nothing, there is nothing to ask about: an
    organisation without followers has none that could be missing.
    """

    suite: str
    key: str
    severity: Severity
    why: str
    expect: str | None = None
    arguments: Mapping[str, Any] = field(default_factory=dict)
    sql: str | None = None
    example: str | None = None
    needs: str | None = None

    @property
    def ref(self) -> str:
        """The name by which waivers, reports and people call the check."""
        return f"{self.suite}.{self.key}"


@dataclass(frozen=True)
class Suite:
    """Checks on one asset that share a question and an owner."""

    name: str
    asks: str
    owner: str
    asset: Asset
    checks: tuple[Check, ...]


def load_suites(folder: Path) -> tuple[Suite, ...]:
    """Return every suite of a folder in file order, which is the order of causes.

    Raises:
        UnusableSuiteError: for anything unknown, missing, doubled or contradictory; an
            expectation that is silently dropped would look like one that passes.
    """
    paths = sorted(folder.glob("*.yml"))
    if not paths:
        raise NoSuitesError(folder)
    suites = tuple(_suite(path) for path in paths)
    refs: set[str] = set()
    for suite, path in zip(suites, paths, strict=True):
        for check in suite.checks:
            if check.ref in refs:
                raise UnusableSuiteError(path.name, f"{check.ref} exists twice")
            refs.add(check.ref)
    return suites


def _suite(path: Path) -> Suite:
    try:
        content = yaml.load(path.read_text(encoding="utf-8"), Loader=_StrictLoader)  # noqa: S506 - a SafeLoader
    except UnicodeDecodeError as error:
        raise UnusableSuiteError(path.name, "is not saved as UTF-8") from error
    except yaml.YAMLError as error:
        raise UnusableSuiteError(path.name, f"is not valid YAML ({error})") from error
    _require(path.name, content, {"suite", "asks", "owner", "asset", "checks"}, set())
    name = _identifier(path.name, content["suite"])
    if not isinstance(content["checks"], list) or not content["checks"]:
        raise UnusableSuiteError(path.name, "holds no checks")
    asset = _asset(path.name, content["asset"])
    checks = tuple(_check(path.name, name, entry) for entry in content["checks"])
    if not _opens_well(checks[0]):
        raise UnusableSuiteError(
            path.name,
            f"begins with {checks[0].key}, but must begin with a row floor or a set "
            "check: the others pass on no rows at all",
        )
    return Suite(
        name=name,
        asks=_sentence(path.name, "asks", content["asks"]),
        owner=_sentence(path.name, "owner", content["owner"]),
        asset=asset,
        checks=checks,
    )


def _asset(place: str, entry: Any) -> Asset:  # noqa: ANN401 - YAML decides the type
    if isinstance(entry, dict) and "published" in entry:
        _require(place, entry, {"published"}, set())
        if entry["published"] not in PUBLISHED_RELATIONS:
            raise UnusableSuiteError(
                place, f"published is none of {PUBLISHED_RELATIONS}"
            )
        return Asset(published=entry["published"])
    _require(place, entry, {"schema", "table", "slice"}, {"week_column"})
    if entry["slice"] not in _SLICES:
        raise UnusableSuiteError(place, f"slice {entry['slice']} is none of {_SLICES}")
    if "week_column" in entry and entry["slice"] == "all":
        raise UnusableSuiteError(place, "week_column without slice: week")
    return Asset(**{name: _identifier(place, value) for name, value in entry.items()})


def _check(place: str, suite: str, entry: Any) -> Check:  # noqa: ANN401
    _require(
        place,
        entry,
        {"key", "severity", "why"},
        {"expect", "with", "sql", "example", "needs"},
    )
    key = _identifier(place, entry["key"])
    place = f"{place}, {key}"
    if entry["severity"] not in set(Severity):
        raise UnusableSuiteError(place, f"severity {entry['severity']} is unknown")
    if ("expect" in entry) == ("sql" in entry):
        raise UnusableSuiteError(place, "needs either expect or sql")
    arguments = _arguments(place, entry) if "expect" in entry else {}
    if "sql" in entry:
        _lint_sql(place, entry)
    if "needs" in entry:
        _lint_query(place, "needs", entry["needs"])
    return Check(
        suite=suite,
        key=key,
        severity=Severity(entry["severity"]),
        why=_sentence(place, "why", entry["why"]),
        expect=entry.get("expect"),
        arguments=arguments,
        sql=entry.get("sql"),
        example=entry.get("example"),
        needs=entry.get("needs"),
    )


def _arguments(place: str, entry: Mapping[str, Any]) -> dict[str, Any]:
    if entry["expect"] not in EXPECTATIONS:
        raise UnusableSuiteError(place, f"expectation {entry['expect']} is unknown")
    if "example" in entry:
        raise UnusableSuiteError(place, "example goes with sql only")
    arguments = entry.get("with", {})
    if not isinstance(arguments, dict):
        raise UnusableSuiteError(place, "with is not a mapping")
    low, high = arguments.get("min_value"), arguments.get("max_value")
    if low is not None and high is not None and low > high:
        raise UnusableSuiteError(place, f"min_value {low} is above max_value {high}")
    return dict(arguments)


def _lint_sql(place: str, entry: Mapping[str, Any]) -> None:
    sql = entry["sql"]
    if "with" in entry:
        raise UnusableSuiteError(place, "with goes with expect only")
    _lint_query(place, "sql", sql)
    if "{batch}" not in sql:
        raise UnusableSuiteError(place, "sql does not read {batch}")
    example = entry.get("example")
    if example is not None and not _EXAMPLE.fullmatch(str(example)):
        raise UnusableSuiteError(
            place, f"example {example} is no key, code, number, day or source"
        )


def _lint_query(place: str, name: str, sql: Any) -> None:  # noqa: ANN401
    if not isinstance(sql, str) or not re.match(
        r"select\s", sql.lstrip(), re.IGNORECASE
    ):
        raise UnusableSuiteError(place, f"{name} does not begin with select")
    if ";" in sql:
        raise UnusableSuiteError(place, f"{name} holds more than one statement")


def _opens_well(check: Check) -> bool:
    if check.expect in _FLOORS:
        return (check.arguments.get(_FLOORS[check.expect]) or 0) >= 1
    return check.expect in _SET_CHECKS and bool(check.arguments.get("value_set"))


def _require(place: str, entry: Any, needed: set[str], allowed: set[str]) -> None:  # noqa: ANN401
    if not isinstance(entry, dict):
        raise UnusableSuiteError(place, f"{entry!r} is not a mapping")
    if missing := sorted(needed - set(entry)):
        raise UnusableSuiteError(place, f"{', '.join(missing)} missing")
    if unknown := sorted(str(name) for name in set(entry) - needed - allowed):
        raise UnusableSuiteError(place, f"unknown key {', '.join(unknown)}")


def _identifier(place: str, value: Any) -> str:  # noqa: ANN401
    if not isinstance(value, str) or not _NAME.fullmatch(value):
        raise UnusableSuiteError(place, f"{value!r} is not a lower-case name")
    return value


def _sentence(place: str, name: str, value: Any) -> str:  # noqa: ANN401
    if not isinstance(value, str) or not value.strip():
        raise UnusableSuiteError(place, f"{name} is empty")
    return " ".join(value.split())


class _StrictLoader(getattr(yaml, "CSafeLoader", yaml.SafeLoader)):  # type: ignore[misc]
    """YAML in which a key that is written twice is an error, not the last one wins."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> Any:  # noqa: ANN401, FBT001, FBT002 - PyYAML's signature
        keys = [self.construct_object(key, deep=deep) for key, _ in node.value]
        for key in keys:
            if keys.count(key) > 1:
                raise yaml.YAMLError(f"{key} is written twice{node.start_mark}")
        return super().construct_mapping(node, deep=deep)
