"""Which sources has somebody declared in sources.yml? Read strictly, with line numbers.

A misspelt field must not silently change what is pulled, so every complaint names the
line and what could be meant; a file with complaints declares nothing.
"""

from __future__ import annotations

import difflib
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import yaml

from heartshare.errors import InputError
from heartshare.pulls.kinds import COMMON, KINDS
from heartshare.zones import read_zone, zone_like

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping
    from pathlib import Path
    from zoneinfo import ZoneInfo

    from heartshare.pulls.kinds import Option

#: More days or seconds than dates can hold would break a pull half way.
_LARGEST_COUNT = 100_000
_NAME = re.compile(r"[^\W_][\w .@+-]{0,63}")


class SourcesFileError(InputError):
    """sources.yml holds something that cannot be used."""

    def __init__(self, path: Path, complaints: Collection[str]) -> None:
        super().__init__(
            f"{path}: {'; '.join(complaints)}. Nothing was pulled; docs/sources.md "
            "explains each field."
        )


class SourcesFileMissingError(InputError):
    """HEARTSHARE_SOURCES names a file that is not there."""

    def __init__(self, path: Path) -> None:
        super().__init__(
            f"HEARTSHARE_SOURCES names {path}, which does not exist. Write it "
            "(`heartshare pull --example` prints one), or unset the variable."
        )


@dataclass(frozen=True)
class Declaration:
    """One declared source; ``options`` holds each option of its kind, with defaults.

    ``connection`` is empty where none is declared; ``timezone`` is None where local
    times follow the export's contract.
    """

    name: str
    kind: str
    connection: str
    timezone: ZoneInfo | None
    overlap_days: int
    options: Mapping[str, Any]
    line: int
    has_escaped_texts: bool = False


def load_declarations(path: Path, *, must_exist: bool = False) -> list[Declaration]:
    """Return the declared sources in the file's order; an absent file declares none.

    Raises:
        SourcesFileError: anything in it is unknown, missing, twice or of wrong shape.
        SourcesFileMissingError: it is absent though it ``must_exist``.
    """
    if not path.exists():
        if must_exist:
            raise SourcesFileMissingError(path)
        return []
    try:
        root = yaml.compose(path.read_text(encoding="utf-8"), yaml.SafeLoader)
    except OSError as error:
        raise SourcesFileError(path, [f"cannot be read ({error.strerror})"]) from error
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        mark = getattr(error, "problem_mark", None)
        where = f"line {mark.line + 1} " if mark else ""
        problem = getattr(error, "problem", None) or "the file is not UTF-8"
        raise SourcesFileError(path, [f"{where}is not valid YAML ({problem})"]) from (
            error
        )
    if root is None:
        return []
    complaints: list[str] = []
    found = [
        declaration
        for name, node in _fields(root, "the file", complaints)
        if (declaration := _declaration(name, node, complaints))
    ]
    if complaints:
        raise SourcesFileError(path, complaints)
    return found


def _fields(
    node: yaml.Node, what: str, complaints: list[str]
) -> Iterator[tuple[yaml.ScalarNode, yaml.Node]]:
    """Yield a mapping's keys with their values; complain of all else."""
    if not isinstance(node, yaml.MappingNode):
        complaints.append(f"{_line(node)}: {what} must be 'name: value' lines")
        return
    seen: set[str] = set()
    for key, value in node.value:
        if not isinstance(key, yaml.ScalarNode):
            complaints.append(f"{_line(key)}: a name must be plain text")
        elif key.value in seen:
            complaints.append(f"{_line(key)}: {key.value} is stated twice")
        else:
            seen.add(key.value)
            yield key, value


def _declaration(
    name: yaml.ScalarNode, node: yaml.Node, complaints: list[str]
) -> Declaration | None:
    before = len(complaints)
    if not _NAME.fullmatch(name.value):
        complaints.append(
            f"{_line(name)}: {name.value!r} cannot name a source: it becomes a "
            "folder, so use letters, digits, spaces and . _ - @ +, at most 64"
        )
    given = {
        key.value: (key, value)
        for key, value in _fields(node, f"source {name.value}", complaints)
    }
    kind = _kind(name, given, complaints)
    if kind is None:
        return None
    known = {**COMMON, **KINDS[kind].options}
    values = {
        field: _value(field, known[field], value, complaints)
        for field, (key, value) in given.items()
        if field in known
        or _unknown(key, f"a source of kind {kind}", known, complaints)
    }
    required = [field for field, option in known.items() if option.is_required]
    if KINDS[kind].needs_connection:
        required.append("connection")
    complaints.extend(
        f"{_line(name)}: source {name.value} lacks {field}, which kind {kind} needs"
        for field in required
        if field not in given
    )
    zone = _zone(given, values, complaints)
    if values.get("folders_are_sources"):
        complaints.extend(
            f"{_line(given[field][0])}: {field} does not reach the folders of "
            f"{name.value}, which are sources of their own; give each an entry of kind "
            f"folder with its {field}"
            for field in ("timezone", "escaped_texts")
            if field in given
        )
    if len(complaints) > before:
        return None
    return Declaration(
        name=name.value,
        kind=kind,
        connection=values.get("connection", ""),
        timezone=zone,
        overlap_days=values.get("overlap_days", KINDS[kind].overlap_days),
        options={
            field: values.get(field, option.default)
            for field, option in KINDS[kind].options.items()
        },
        line=name.start_mark.line + 1,
        has_escaped_texts=values.get("escaped_texts", False),
    )


def _kind(
    name: yaml.ScalarNode,
    given: Mapping[str, tuple[yaml.ScalarNode, yaml.Node]],
    complaints: list[str],
) -> str | None:
    if "kind" not in given:
        complaints.append(
            f"{_line(name)}: source {name.value} lacks kind, one of {', '.join(KINDS)}"
        )
        return None
    node = given["kind"][1]
    text = node.value if isinstance(node, yaml.ScalarNode) else ""
    if text in KINDS:
        return text
    complaints.append(f"{_line(node)}: kind {text!r} is not known{_near(text, KINDS)}")
    return None


def _value(field: str, option: Option, node: yaml.Node, complaints: list[str]) -> Any:  # noqa: ANN401 as the option's shape says
    """Return a field's value in its shape; complain and return None otherwise."""
    try:
        value = yaml.SafeLoader("").construct_object(node, deep=True)
    except (yaml.YAMLError, ValueError):
        value = None
    if option.shape == "texts":
        texts = [value] if isinstance(value, str) else value
        if isinstance(texts, list) and texts and all(map(_is_text, texts)):
            return tuple(texts)
        complaints.append(f"{_line(node)}: {field} must be a list of texts")
    elif option.shape == "count":
        is_number = isinstance(value, int) and not isinstance(value, bool)
        if is_number and 0 <= value <= _LARGEST_COUNT:
            return value
        complaints.append(
            f"{_line(node)}: {field} must be a whole number from 0 to {_LARGEST_COUNT}"
        )
    elif option.shape == "flag":
        if isinstance(value, bool):
            return value
        complaints.append(f"{_line(node)}: {field} must be true or false")
    elif not _is_text(value):
        complaints.append(f"{_line(node)}: {field} must be a text; put it in quotes")
    elif option.choices and value not in option.choices:
        near = _near(value, option.choices)
        complaints.append(f"{_line(node)}: {field} {value!r} is not known{near}")
    else:
        return value
    return None


def _is_text(value: object) -> bool:
    return isinstance(value, str) and bool(value.strip())


def _zone(
    given: Mapping[str, tuple[yaml.ScalarNode, yaml.Node]],
    values: Mapping[str, Any],
    complaints: list[str],
) -> ZoneInfo | None:
    name = values.get("timezone")
    if name is None:
        return None
    zone = read_zone(name)
    if zone is None:
        like = zone_like(name) or "Europe/Berlin"
        complaints.append(
            f"{_line(given['timezone'][1])}: {name!r} is no IANA time zone, such as "
            f"{like}"
        )
    return zone


def _unknown(
    key: yaml.ScalarNode, whose: str, known: Collection[str], complaints: list[str]
) -> bool:
    near = _near(key.value, known)
    complaints.append(f"{_line(key)}: {whose} has no field {key.value}{near}")
    return False


def _near(text: str, known: Collection[str]) -> str:
    close = difflib.get_close_matches(text, known, n=1)
    return f"; did you mean {close[0]}?" if close else f"; known: {', '.join(known)}"


def _line(node: yaml.Node) -> str:
    return f"line {node.start_mark.line + 1}"
