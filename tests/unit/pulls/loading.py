"""Loads what a pull landed into an empty warehouse."""

from datetime import UTC, datetime

from heartshare.exports.landing import land_file, load_landing
from heartshare.warehouse.connections import open_memory

PULLED_AT = datetime(2026, 3, 16, 5, 0, tzinfo=UTC)


def load(landing, folder, *tables):
    """Return the load's summary, the contracts met, and how many rows tables have."""
    (folder / "pulled").mkdir()
    for body, name in landing.files.items():
        path = folder / "pulled" / name
        path.write_bytes(body)
        land_file(path, "our_source", folder / "landing", PULLED_AT)
    with open_memory() as connection:
        summary = load_landing(connection, folder / "landing")
        assert (summary.rejections, summary.files_rejected) == ([], 0)
        assert summary.rows_in == summary.rows_landed + summary.rows_rejected
        manifest = "select distinct contract_code from raw.export_manifest order by 1"
        contracts = [code for (code,) in connection.execute(manifest).fetchall()]
        counts = [
            connection.execute(f"select count(*) from raw.{table}").fetchone()[0]
            for table in tables
        ]
    return summary, contracts, counts
