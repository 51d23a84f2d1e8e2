"""Which version of our templates, code and typesetters gives an issue its bytes."""

from __future__ import annotations

import hashlib
from functools import cache
from importlib.metadata import version
from importlib.resources import files
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from importlib.resources.abc import Traversable

_LIBRARIES = ("jinja2", "typst", "resvg-py", "css-inline")
_KINDS = (".py", ".j2", ".css", ".typ", ".ttf", ".otf")
_SHOWN = 12


@cache
def renderer() -> str:
    """Return a short digest of all that turns facts into bytes.

    Two issues with one digest come out of their facts alike. Code that has no part in
    rendering counts too: another digest means that bytes may differ, not that they do.
    """
    digest = hashlib.sha256()
    for name, source in sorted(_sources(files("heartshare.reporting"))):
        digest.update(
            f"{name} {hashlib.sha256(source.read_bytes()).hexdigest()}\n".encode()
        )
    for library in _LIBRARIES:
        digest.update(f"{library} {version(library)}\n".encode())
    return digest.hexdigest()[:_SHOWN]


def _sources(
    folder: Traversable, prefix: str = ""
) -> Iterator[tuple[str, Traversable]]:
    for entry in folder.iterdir():
        if entry.is_dir():
            yield from _sources(entry, f"{prefix}{entry.name}/")
        elif entry.name.endswith(_KINDS):
            yield f"{prefix}{entry.name}", entry
