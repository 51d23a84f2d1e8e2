"""What delivered nothing new, in the warehouse: raw.unchanged_exports.

One row per arrival that the books beside the landed files hold.
"""

from __future__ import annotations

import hashlib
import json
from datetime import UTC
from typing import TYPE_CHECKING

from heartshare.exports.books import insert_rows
from heartshare.exports.unchanged import unchanged_arrivals

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime
    from pathlib import Path
    from zoneinfo import ZoneInfo

    from heartshare.exports.landed_files import LandedFile
    from heartshare.warehouse.connections import Connection


def load_unchanged(
    connection: Connection, landing_dir: Path, files: Sequence[LandedFile]
) -> int:
    """Replace raw.unchanged_exports by what the books in the landing folder say.

    Returns how many rows it had not held before. What came again of a file that is no
    longer there is left out.
    """
    digests = {(file.source_name, file.path.name): file.sha256 for file in files}
    rows = sorted(
        {
            (digests.get((source, name)) if name else None, source, moment)
            for source, name, moment in unchanged_arrivals(landing_dir)
            if name is None or (source, name) in digests
        },
        key=lambda row: (row[1], row[2], row[0] or ""),
    )
    connection.execute("begin transaction")
    try:
        before = connection.execute(
            "select source_name, seen_at, file_sha256 is null "
            "from raw.unchanged_exports"
        ).fetchall()
        connection.execute("delete from raw.unchanged_exports")
        insert_rows(connection, "unchanged_exports", rows)
        connection.execute("commit")
    except BaseException:
        connection.execute("rollback")
        raise
    known = set(before)
    return sum((row[1], row[2], row[0] is None) not in known for row in rows)


def unchanged_digest(
    connection: Connection, as_of: datetime, timezone: ZoneInfo
) -> str:
    """Return a digest of what delivered nothing new in which week, before an instant.

    Only the first time in a week counts, so that the answers of further days make no
    other build.
    """
    rows = connection.execute(
        """
        select source_name, coalesce(file_sha256, ''), min(seen_at)::varchar
        from raw.unchanged_exports
        where seen_at < $as_of
        group by source_name, file_sha256,
            date_trunc('week', timezone($zone, timezone('UTC', seen_at)))
        order by all
        """,
        {"as_of": as_of.astimezone(UTC).replace(tzinfo=None), "zone": timezone.key},
    ).fetchall()
    return hashlib.md5(json.dumps(rows).encode(), usedforsecurity=False).hexdigest()
