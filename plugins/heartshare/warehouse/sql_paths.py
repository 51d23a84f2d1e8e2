"""How does SQL say where a file is?"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path


def quoted(path: Path) -> str:
    """Return a path as a literal of SQL; a folder may be called o'brien."""
    return "'" + str(path).replace("'", "''") + "'"
