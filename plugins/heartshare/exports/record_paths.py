"""Where records stand in a JSON value: a path language of names, arrays and picks.

``$`` is the value itself; ``a.b[]`` the members of an array, ``[]`` those of the
outermost; ``a[].b[]`` the members of every array ``b`` in ``a``; ``a[k=v].b`` the ``b``
of every member whose ``k`` is written ``v``, and ``a?[k=v].b`` that of the object ``a``
if it is one such; ``a?.b`` the ``b`` of ``a`` where there is
an ``a``. Where nothing stands at a name without the mark, that is a broken record.
"""

from __future__ import annotations

import itertools
import json
import re
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Iterator

#: Anything that JSON can hold.
Json: TypeAlias = object
_DOT = re.compile(r"\.(?![^\[]*\])")
_STEP = re.compile(
    r"(?P<name>[^\[\]]*)(?P<array>\[(?:(?P<key>[^=\]]+)=(?P<wanted>[^\]]*))?\])?"
)


@dataclass(frozen=True)
class Step:
    """One step of a path: down to a name, then perhaps to members of an array."""

    name: str
    is_array: bool = False
    key: str = ""
    wanted: str = ""
    is_optional: bool = False


@cache
def steps_of(path: str) -> tuple[Step, ...]:
    """Return the steps of a path.

    Raises:
        ValueError: the path is no such path.
    """
    if path in {"", "$"}:
        return ()
    steps = []
    for text in _DOT.split(path):
        found = _STEP.fullmatch(text)
        if found is None or not text:
            raise ValueError(path)
        step = Step(
            name=found["name"].removesuffix("?"),
            is_array=found["array"] is not None,
            key=found["key"] or "",
            wanted=found["wanted"] or "",
            is_optional=found["name"].endswith("?"),
        )
        steps.append(step)
    return tuple(steps)


def records_at(
    value: Json, path: str, below: str | tuple[str, ...] = (), leaf: str = ""
) -> Iterator[Json]:
    """Yield the records at a path of a value, in the order of the document.

    The paths ``below`` lead from each record to further ones of its kind, and from
    those on to any depth, such as the replies of a comment; a record comes before those
    below it. With a ``leaf``, all these only hold the records: there they stand.
    """
    if leaf:
        for holder in records_at(value, path, below):
            yield from _walk(holder, steps_of(leaf), 0)
        return
    steps = steps_of(path)
    if not below:
        yield from _walk(value, steps, 0)
        return
    further = [
        steps_of(each) for each in ([below] if isinstance(below, str) else below)
    ]
    # A stack, because threads go deeper than calls may.
    waiting: list[Iterator[Json]] = [_walk(value, steps, 0)]
    while waiting:
        try:
            record = next(waiting[-1])
        except StopIteration:
            waiting.pop()
            continue
        if record is None and len(waiting) > 1:
            continue  # below it nothing stands, and below nothing forever nothing
        yield record
        waiting.append(itertools.chain(*[_walk(record, each, 0) for each in further]))


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


def _walk(value: Json, steps: tuple[Step, ...], position: int) -> Iterator[Json]:
    for index in range(position, len(steps)):
        step = steps[index]
        if step.name:
            value = value.get(step.name) if isinstance(value, dict) else None
        if step.is_optional and value is None:
            return
        if not step.is_array:
            continue
        members = [value] if step.is_optional and isinstance(value, dict) else value
        for member in members if isinstance(members, list) else ():
            if _is_wanted(member, step):
                yield from _walk(member, steps, index + 1)
        return
    yield value


def _is_wanted(member: Json, step: Step) -> bool:
    if not step.key:
        return True
    return isinstance(member, dict) and text_of(member.get(step.key)) == step.wanted
