"""A finished export: its name, bytes and the moment it arrives."""

from __future__ import annotations

import csv
import io
import os
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime
    from pathlib import Path


@dataclass(frozen=True)
class ExportFile:
    """One file of a source's inbox folder."""

    source: str
    name: str
    content: bytes
    arrived_at: datetime

    def drop(self, inbox: Path) -> Path:
        """Write the file into its source's folder with its arrival as mtime."""
        folder = inbox / self.source
        folder.mkdir(parents=True, exist_ok=True)
        path = folder / self.name
        path.write_bytes(self.content)
        moment = self.arrived_at.timestamp()
        os.utime(path, (moment, moment))
        return path


def csv_bytes(
    header: Sequence[str],
    rows: Iterable[Sequence[object]],
    *,
    bom: bool = False,
    newline: str = "\n",
) -> bytes:
    """Return a comma-separated file; cells are quoted only when needed."""
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer, lineterminator=newline)
    writer.writerow(header)
    writer.writerows(rows)
    return buffer.getvalue().encode("utf-8-sig" if bom else "utf-8")


def meta_csv_bytes(header: Sequence[str], rows: Iterable[Sequence[object]]) -> bytes:
    """Return a file as Meta quotes it, with a byte order mark."""
    lines = [",".join(_meta_cell(cell) for cell in row) for row in (header, *rows)]
    return ("\n".join(lines) + "\n").encode("utf-8-sig")


def _meta_cell(cell: object) -> str:
    text = str(cell)
    if any(letter in text for letter in ' ,"\n') and not text.startswith("http"):
        return '"' + text.replace('"', '""') + '"'
    return text
