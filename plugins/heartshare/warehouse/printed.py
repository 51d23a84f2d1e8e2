"""What did the last issue before a week print, and which files had its build read?

The archive keeps both beside the issue. They are put into the warehouse before a build,
so that the models can say what has been restated since.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    from heartshare.warehouse.connections import Connection

#: Names of both files in the folder of an issue.
FIGURES, INPUTS = "figures.parquet", "inputs.json"


def printed_files(
    parquet: Path, inputs: Iterable[Mapping[str, Any]]
) -> dict[str, bytes]:
    """Return what an issue keeps of its marts: every figure, and the files behind it.

    ``parquet`` is the published fct_metric_weeks, ``inputs`` those of the revision.
    """
    digests = sorted({item["file_sha256"] for item in inputs})
    return {
        FIGURES: parquet.read_bytes(),
        INPUTS: f"{json.dumps(digests, indent=0)}\n".encode(),
    }


def note_printed(
    connection: Connection, issue_code: str, issue_week: str, folder: Path
) -> None:
    """Replace the printed figures of the warehouse by those of an archived issue."""
    digests = json.loads((folder / INPUTS).read_text(encoding="utf-8"))
    connection.execute("begin transaction")
    try:
        _forget(connection)
        connection.execute(
            "insert into raw.printed_figures select $issue, $week::date, metric_id, "
            "metric_version, week_start, segment_kind_code, segment_code, value, "
            "is_mature from read_parquet($path) order by all",
            {"issue": issue_code, "week": issue_week, "path": str(folder / FIGURES)},
        )
        connection.execute(
            "insert into raw.printed_files select $issue, unnest($digests::varchar[])",
            {"issue": issue_code, "digests": digests},
        )
        connection.execute("commit")
    except BaseException:
        connection.execute("rollback")
        raise


def forget_printed(connection: Connection) -> None:
    """Empty the printed figures: no issue came before the week."""
    connection.execute("begin transaction")
    _forget(connection)
    connection.execute("commit")


def _forget(connection: Connection) -> None:
    connection.execute("delete from raw.printed_figures")
    connection.execute("delete from raw.printed_files")
