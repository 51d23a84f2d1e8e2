"""Models say what every engine understands; the rest stands in dispatched macros."""

import re
from functools import cache
from pathlib import Path

import pytest

PROJECT = Path(__file__).parents[2] / "dbt_project"
MODELS = sorted((PROJECT / "models").rglob("*.sql"))
MACROS = sorted((PROJECT / "macros").glob("*.sql"))

#: Functions that DuckDB and Spark 4 know by the same name and with the same meaning.
PORTABLE = {
    *("atan2", "cos", "sin"),
    *("abs", "avg", "bool_and", "bool_or", "cast", "chr", "coalesce", "concat_ws"),
    *(
        "contains",
        "count",
        "decimal",
        "dense_rank",
        "exp",
        "extract",
        "first_value",
        "floor",
    ),
    *("greatest", "lag", "lead", "least", "left", "length", "ln", "lower", "lpad"),
    *("ltrim", "max", "max_by", "min", "min_by", "mod", "month", "nullif", "pow"),
    *("power", "rank", "replace", "round", "row_number", "rtrim", "sign", "split_part"),
    *("sqrt", "substr", "sum", "translate", "trim", "try_cast", "upper", "year"),
}

#: Words of Jinja and dbt that a bracket may follow.
JINJA = {
    *("append", "config", "default", "extend", "get", "items", "join", "map", "ref"),
    *("return", "selectattr", "source", "values", "var", "dispatch", "type_string"),
    *("get_relation", "raise_compiler_error", "run_query", "is_incremental"),
    *("local_md5", "rejectattr", "load_cached_relation", "drop_relation"),
    "ensure_transaction",
}

_DAY = r"(?:[a-z_]+\.)?(?:[a-z_]*_(?:start|end|on|date|week|day|from|to|until)|day)"
_WEEK = (
    r"\{\{ (?:built_week|reporting_week|month_start|month_end|days_later|days_earlier)"
    r"\([^{}]*\) \}\}"
)
_DATE = rf"(?<![\w.])(?:{_DAY}|{_WEEK})"

#: What is not a function and yet not portable, by what to write instead.
FORBIDDEN = {
    "cast(... as ...)": r"::",
    "whole_quotient": r" // ",
    "a list of columns": r"\*\s*(?:exclude|replace|rename)\s*\(",
    "seconds_later": r"\binterval\s+[('0-9]",
    "month_number": r"\b(?:year|month)\([^()]*\) \* 12",
    "local_date or local_midnight": r"\bat time zone\b",
    "days_later or days_earlier": (
        rf"{_DATE} [+-] (?:[0-9]|\(?(?:thresholds|rules)\."
        r"|[a-z_.]*_(?:days|weeks)\b)"
    ),
    "day_count_between": rf"{_DATE} - (?:{_DAY}|{_WEEK})(?![\w.(])",
    "percentile_of": r"\bwithin group\b",
    "a macro over lists": r"\blambda \w+:|\w \[\]|->",
    "names of columns in group by": r"\bgroup by (?:all\b|[0-9]|[a-z_., ]+, [0-9])",
    "names of columns in order by": r"\border by (?:all\b|[0-9]|[a-z_., ]+, [0-9])",
    "a join on named columns": r"\b(?:asof|positional|natural) join\b",
    "row_number": r"\bdistinct on\b|\busing sample\b",
}

#: Not portable either, and kept in models: the reason.
EXCEPTIONS = {
    r"(?m)^\s*qualify$|\bqualify ": "shows which row wins; a macro would hide it",
    r"\b(?:sum|avg)\([^()]* order by": "two builds agree to the last bit of a double",
    r" as varchar\)": "one replacement; the contracts name the type in every model",
}

_COMMENT = re.compile(r"--[^\n]*|\{#.*?#\}", re.DOTALL)
_MACRO = re.compile(r"\{% macro (\w+)\((.*?)\{%-? endmacro %\}", re.DOTALL)
#: A name before a bracket that does not open a group of a regular expression.
_CALL = re.compile(r"(?<![\\\w])([a-z_][a-z0-9_]*)\((?!\?)")


@cache
def _source(path: Path) -> str:
    return _COMMENT.sub("", path.read_text())


@cache
def _macros() -> dict[str, str]:
    return {
        name: body for path in MACROS for name, body in _MACRO.findall(_source(path))
    }


def _own(path: Path) -> set[str]:
    """Names of the macros that a model writes for itself; their bodies are read too."""
    return set(re.findall(r"\{%-? macro (\w+)\(", _source(path)))


@pytest.mark.parametrize("instead", FORBIDDEN)
def test_model_does_not_use(instead):
    pattern = re.compile(FORBIDDEN[instead], re.IGNORECASE)
    found = {
        path.stem: hit[0] for path in MODELS if (hit := pattern.search(_source(path)))
    }
    assert found == {}, f"write {instead}; see docs/adr/0012"


def test_model_calls_only_macros_and_portable_functions():
    known = set(_macros()) | PORTABLE | JINJA
    unknown = {
        path.stem: sorted(called - known)
        for path in MODELS
        if (called := set(_CALL.findall(_source(path))) - _own(path)) - known
    }
    assert unknown == {}, "take or add a macro; see docs/adr/0012"


def test_macro_calls_what_one_engine_knows_only_where_it_is_dispatched():
    macros = _macros()
    known = set(macros) | PORTABLE | JINJA
    unknown = {
        name: sorted(called - known)
        for name, body in macros.items()
        if not name.startswith(("default__", "spark__", "generate_schema_name"))
        and (called := set(_CALL.findall(body))) - known
    }
    assert unknown == {}


@pytest.mark.parametrize("pattern", EXCEPTIONS)
def test_exception_is_still_needed(pattern):
    assert any(re.search(pattern, _source(path)) for path in MODELS)


@pytest.mark.parametrize(
    ("instead", "text"),
    [
        ("days_later or days_earlier", "where week_start - 7 = earlier.week_start"),
        ("days_later or days_earlier", "where day < {{ built_week() }} + 7"),
        ("days_later or days_earlier", "a.day >= b.day - thresholds.window_days"),
        ("day_count_between", "select a.flow_date - b.flow_date as gap_days"),
        ("names of columns in group by", "select a, count(*) from t group by 1"),
        ("names of columns in order by", "row_number() over (order by a, 2)"),
        ("cast(... as ...)", "select a::integer"),
        ("a list of columns", "select * exclude (a) from t"),
        ("whole_quotient", "select a // 7"),
        ("a macro over lists", "select total(cast(a as bigint []))"),
        ("seconds_later", "select a + interval 1 day"),
    ],
)
def test_pattern_finds_what_it_forbids(instead, text):
    assert re.search(FORBIDDEN[instead], text)


def test_every_dispatched_macro_is_described():
    described = (PROJECT / "macros" / "_macros.yml").read_text()
    missing = [
        name
        for macro in _macros()
        if (name := macro.removeprefix("default__")) != macro
        and f"- name: {name}\n" not in described
    ]
    assert missing == []
