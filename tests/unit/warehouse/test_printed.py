"""What an issue printed comes back into the warehouse whole, or not at all."""

from datetime import date

import pytest

from heartshare.exports.raw_tables import create_raw_tables
from heartshare.warehouse.connections import open_memory
from heartshare.warehouse.printed import forget_printed, note_printed, printed_files


@pytest.fixture
def issue(tmp_path):
    parquet = tmp_path / "fct_metric_weeks.parquet"
    with open_memory() as connection:
        connection.execute(
            "copy (select 'leads' as metric_id, 1::bigint as metric_version, "
            "date '2026-11-09' as week_start, 'all' as segment_kind_code, "
            "'all' as segment_code, 7.0 as value, 7.0 as numerator, true as is_mature) "
            f"to '{parquet}' (format parquet)"
        )
    files = printed_files(
        parquet, [{"file_sha256": "bb"}, {"file_sha256": "aa"}, {"file_sha256": "bb"}]
    )
    for name, content in files.items():
        (tmp_path / name).write_bytes(content)
    return tmp_path


def printed(connection):
    return connection.execute(
        "select issue_code, issue_week, metric_id, value from raw.printed_figures"
    ).fetchall()


def test_printed_figures_and_files_replace_those_of_the_issue_before(issue):
    with open_memory() as connection:
        create_raw_tables(connection, [])
        note_printed(connection, "2026-W45.r1", "2026-11-02", issue)
        note_printed(connection, "2026-W46.r1", "2026-11-09", issue)
        files = connection.execute("from raw.printed_files order by all").fetchall()
        assert printed(connection) == [("2026-W46.r1", date(2026, 11, 9), "leads", 7.0)]
        assert files == [("2026-W46.r1", "aa"), ("2026-W46.r1", "bb")]
        forget_printed(connection)
        assert printed(connection) == []


def test_damaged_issue_leaves_the_printed_figures_as_they_were(issue):
    with open_memory() as connection:
        create_raw_tables(connection, [])
        note_printed(connection, "2026-W45.r1", "2026-11-02", issue)
        (issue / "figures.parquet").write_bytes(b"damaged")
        with pytest.raises(Exception, match=r"figures\.parquet"):
            note_printed(connection, "2026-W46.r1", "2026-11-09", issue)
        assert [row[0] for row in printed(connection)] == ["2026-W45.r1"]
