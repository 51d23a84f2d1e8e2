"""Which records a JSON export holds: documents, arrays and one object per line."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, TypeAlias

from heartshare.exports.errors import UnreadableFileError

if TYPE_CHECKING:
    from collections.abc import Iterator

#: Anything that JSON can hold.
Json: TypeAlias = object
_PICK = re.compile(r"(?P<name>[^\[]*)\[(?P<key>[^=\]]+)=(?P<value>[^\]]*)\]")


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
        self.root = self._parse(text)

    def records(self, path: str) -> Iterator[tuple[int, Json]]:
        """Yield the records at a path with their numbers, from 1.

        ``$`` is the document itself, ``a.b[]`` the members of an array, ``[]`` those
        of the outermost. In an ndjson file the number is the line.
        """
        if path == "$":
            if isinstance(self.root, dict):
                yield 1, self.root
            return
        found = value_at(self.root, path.removesuffix("[]"))
        if not isinstance(found, list):
            return
        if self.is_lines and path == "[]":
            yield from zip(self._numbers, found, strict=True)
            return
        yield from enumerate(found, start=1)

    def _parse(self, text: str) -> Json:
        try:
            return self._loads(text)
        except (json.JSONDecodeError, RecursionError) as error:
            records = self._lines(text)
            if not any(isinstance(record, dict) for record in records):
                problem = "its JSON is nested too deep"
                if isinstance(error, json.JSONDecodeError):
                    problem = f"it is no valid JSON from line {error.lineno} on"
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
            except (json.JSONDecodeError, RecursionError):
                records.append(BrokenRecord(line))
            self._numbers.append(number)
        return records

    def _loads(self, text: str) -> Json:
        return json.loads(text, object_pairs_hook=self._merge)

    def _merge(self, pairs: list[tuple[str, Json]]) -> dict[str, Json]:
        """Build an object; of duplicate keys the last non-empty value stays."""
        merged: dict[str, Json] = {}
        for key, value in pairs:
            if key in merged:
                self.duplicate_keys.add(key)
                if value in (None, "", [], {}):
                    continue
            merged[key] = value
        return merged


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


def text_of(value: Json) -> str | None:
    """Return a JSON value as the text that typing reads."""
    if value is None:
        return None
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return repr(value)
    return json.dumps(value, ensure_ascii=False, sort_keys=True)


def _picked(value: Json, pick: re.Match[str]) -> Json:
    entries = value.get(pick["name"]) if isinstance(value, dict) else None
    for entry in entries if isinstance(entries, list) else ():
        if isinstance(entry, dict) and text_of(entry.get(pick["key"])) == pick["value"]:
            return entry
    return None
