"""Word what a check found without quoting a single value of the data.

Everything that leaves the gate passes through here: results end in files, mail and
logs, where a handle, an address or a sentence of a person must never turn up.
"""

from __future__ import annotations

import hashlib
import re
from typing import TYPE_CHECKING, Any

from heartshare.language import ENGLISH, language, mark, say, say_number

if TYPE_CHECKING:
    from collections.abc import Mapping

    from heartshare.quality.suites import Check

#: Shapes that cannot carry a person's words: hashes, small numbers, days.
_SAFE_KEY = re.compile(r"[0-9a-f]{32}|[0-9a-f]{64}|\d{1,6}|\d{4}-\d\d-\d\d")
_CODE = re.compile(r"[a-z0-9_.]{1,64}")
#: Every wording of what a check found; a place is a number, or why one is broken.
_FOUND = (
    mark("{first} rows"),
    mark("{first} offending row"),
    mark("{first} offending rows"),
    mark("{first} of {second} rows"),
    mark("no rows"),
    mark("{first} unexpected and {second} missing values"),
    mark("{first} unexpected and {second} missing columns"),
    mark("there is nothing to ask about"),
    mark("could not be checked ({first}; details are in the task's log)"),
)
_NUMBER = re.compile(r"\d+(?:,\d{3})*(?:\.\d+)?")
_PLACES = re.compile(rf"{_NUMBER.pattern}|(?<=checked \()[^;]+(?=;)")
_NAMES = ("first", "second")
_CODE_COLUMN = re.compile(r".*_code|source_name|table_name|column_name|metric_id")


def say_found(text: str) -> str:
    """Return what a check found in the language in force; verdicts keep it in English.

    The words are the message, whatever the numbers in them.
    """
    if language() == ENGLISH:
        return text
    if _NUMBER.fullmatch(text):
        return say_number(text)
    parts = _PLACES.findall(text)
    names = _NAMES[: len(parts)]
    places = iter(names)
    message = _PLACES.sub(lambda _: f"{{{next(places, '')}}}", text)
    if message not in _FOUND:
        return text
    return say(message, **dict(zip(names, map(_said_place, parts), strict=True)))


def _said_place(text: str) -> str:
    return say_number(text) if _NUMBER.fullmatch(text) else text


def describe_result(result: Mapping[str, Any], check: Check) -> str:
    """Return what was counted, from the engine's result of a check that was run.

    The engine's observed value may be a list or a text of the data: only numbers pass.
    """
    value = result.get("observed_value")
    if check.sql is not None:
        return "1 offending row" if value == 1 else f"{value:,} offending rows"
    if "element_count" in result:
        return _part_of(result)
    if isinstance(value, int | float):
        unit = " rows" if "TableRowCount" in str(check.expect) else ""
        return f"{value:,}{unit}" if isinstance(value, int) else f"{value:,.6g}{unit}"
    return _difference(result)


def count_offending(result: Mapping[str, Any], check: Check) -> int | None:
    """Return how many rows or values offend, None where the check counts none.

    A row floor, a sum or a mean is right or wrong as a whole.
    """
    value = result.get("observed_value")
    if check.sql is not None:
        return value if isinstance(value, int) else None
    if "element_count" in result:
        return int(result["unexpected_count"] or 0) if result["element_count"] else 0
    if isinstance(value, int | float):
        return None
    return sum(_different(result))


def exception_text(info: Mapping[str, Any]) -> str | None:
    """Return an exception's text from either shape in which the engine reports it.

    None when nothing was raised. The text may quote a value: it is for the log alone.
    """
    entries = [info] if "raised_exception" in info else list(info.values())
    for entry in entries:
        if entry["raised_exception"]:
            return str(entry["exception_message"])
    return None


def harmless_key(value: str, column: str) -> str:
    """Return a key as it is when its shape is harmless, else its md5."""
    is_code = _CODE_COLUMN.fullmatch(column) and _CODE.fullmatch(value)
    if is_code or _SAFE_KEY.fullmatch(value):
        return value
    return "md5:" + hashlib.md5(value.encode(), usedforsecurity=False).hexdigest()


def _part_of(result: Mapping[str, Any]) -> str:
    if not result["element_count"]:
        return "no rows"
    return f"{result['unexpected_count']:,} of {result['element_count']:,} rows"


def _difference(result: Mapping[str, Any]) -> str:
    unexpected, missing = _different(result)
    things = "values" if "missing_count" in result else "columns"
    return f"{unexpected} unexpected and {missing} missing {things}"


def _different(result: Mapping[str, Any]) -> tuple[int, int]:
    """Return how many members of a set are unexpected, and how many are missing."""
    if "missing_count" in result:
        # A check that a set is contained counts nothing unexpected.
        return result.get("unexpected_count", 0), result["missing_count"]
    mismatched = (result.get("details") or {}).get("mismatched") or {}
    return (
        len(mismatched.get("unexpected") or ()),
        len(mismatched.get("missing") or ()),
    )
