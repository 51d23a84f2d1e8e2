"""Which records a JSON export holds: documents, arrays and one object per line."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, cast

from heartshare.exports.errors import UnreadableFileError
from heartshare.exports.record_paths import Json, records_at, text_of

if TYPE_CHECKING:
    from collections.abc import Iterator

_PICK = re.compile(r"(?P<name>[^\[]*)\[(?P<key>[^=\]]+)=(?P<value>[^\]]*)\]")


#: Archives for browsers hold scripts: JSON that is assigned to a name.
_ASSIGNMENT = re.compile(r"\s*window\.[\w.$]+\s*=\s*(?=[\[{])")


class BrokenRecord:
    """A line of an ndjson file that is no JSON."""

    def __init__(self, line: str) -> None:
        self.line = line


class JsonDocument:
    """A parsed JSON export; each line of an ndjson file is one record of ``[]``."""

    def __init__(self, text: str, name: str) -> None:
        self.name = name
        self.duplicate_keys: set[str] = set()
        self.is_lines = False
        self._numbers: list[int] = []
        self.root = self._parse(_ASSIGNMENT.sub("", text, count=1))

    def records(
        self, path: str, below: tuple[str, ...] = (), leaf: str = ""
    ) -> Iterator[tuple[int, Json]]:
        """Yield the records at a path with their numbers, from 1.

        ``$`` is the document itself; record_paths tells the other paths and what is
        ``below`` a record. In an ndjson file the number is the line.
        """
        if path == "$" and not isinstance(self.root, dict):
            return
        if not (self.is_lines and path.startswith("[")):
            yield from enumerate(records_at(self.root, path, below, leaf), start=1)
            return
        for number, line in zip(
            self._numbers, cast("list[Json]", self.root), strict=True
        ):
            if isinstance(line, BrokenRecord):
                yield number, line
                continue
            for record in records_at([line], path, below, leaf):
                yield number, record

    def array_problem(self, path: str) -> str | None:
        """Return what stands where a path's first array should stand, or None.

        A path without an array, such as that to the root of a tree, has no problem.
        """
        array, mark, _ = path.partition("[")
        found = value_at(self.root, array)
        if not mark or isinstance(found, list):
            return None
        kind = "an object" if isinstance(found, dict) else "a single value"
        kind = "missing" if found is None else kind
        return f"{array} is {kind} where an array of records should stand"

    def _parse(self, text: str) -> Json:
        try:
            return self._loads(text)
        except (ValueError, RecursionError) as error:
            records = self._lines(text)
            if not any(isinstance(record, dict) for record in records):
                problem = _problem_of(error)
                step = "Download the export again: it may have been cut off."
                raise UnreadableFileError(self.name, problem, step) from error
            self.is_lines = True
            return records

    def _lines(self, text: str) -> list[Json]:
        records: list[Json] = []
        for number, line in enumerate(text.split("\n"), start=1):
            if not line.strip():
                continue
            try:
                records.append(self._loads(line))
            except (ValueError, RecursionError):
                records.append(BrokenRecord(line))
            self._numbers.append(number)
        return records

    def _loads(self, text: str) -> Json:
        return json.loads(text, object_pairs_hook=self._merge)

    def _merge(self, pairs: list[tuple[str, Json]]) -> dict[str, Json]:
        return merged_pairs(pairs, self.duplicate_keys)


def merged_pairs(
    pairs: list[tuple[str, Json]], duplicates: set[str]
) -> dict[str, Json]:
    """Build an object; of duplicate keys, which it notes, the last filled one stays."""
    merged = dict(pairs)
    if len(merged) == len(pairs):
        return merged
    merged = {}
    for key, value in pairs:
        if key in merged:
            duplicates.add(key)
            if value in (None, "", [], {}):
                continue
        merged[key] = value
    return merged


def _problem_of(error: ValueError | RecursionError) -> str:
    if isinstance(error, json.JSONDecodeError):
        return f"it is no valid JSON from line {error.lineno} on"
    if isinstance(error, RecursionError):
        return "its JSON is nested too deep"
    return "it holds a number of more digits than any count or id has"


def value_at(record: Json, path: str) -> Json:
    """Return the value at a dotted path, or None where it leads nowhere.

    ``a.b`` goes down objects; ``a[k=v].b`` picks the first object of the array ``a``
    whose ``k`` is written ``v``. The empty path is the record itself.
    """
    value = record
    for step in path.split(".") if path else ():
        pick = _PICK.fullmatch(step)
        if pick:
            value = _picked(value, pick)
        elif isinstance(value, dict):
            value = value.get(step)
        else:
            return None
    return value


def has_path(record: Json, path: str) -> bool:
    """Return whether a record has a path, also with a null at its end."""
    parent, _, last = path.rpartition(".")
    holder = value_at(record, parent)
    return isinstance(holder, dict) and last in holder


def _picked(value: Json, pick: re.Match[str]) -> Json:
    entries = value.get(pick["name"]) if isinstance(value, dict) else None
    for entry in entries if isinstance(entries, list) else ():
        if isinstance(entry, dict) and text_of(entry.get(pick["key"])) == pick["value"]:
            return entry
    return None
