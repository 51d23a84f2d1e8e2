"""A streamed file leaves the same warehouse as one that is read whole, or nothing."""

import pytest

from heartshare.exports import landing, streaming
from heartshare.exports.contract import load_contracts
from heartshare.exports.conversion import typed_select

BOOKS = ("export_manifest", "export_tables", "rejected_rows", "export_totals")
FOLDERS = ("facebook", "x", "youtube", "reddit", "discourse", "ga4", "programme")


def contents(desk):
    tables = [table.name for c in load_contracts() for table in c.tables]
    return {
        name: sorted(desk.rows(f'select * from raw."{name}"'), key=str)
        for name in (*tables, *BOOKS)
    }


@pytest.mark.parametrize("platform", FOLDERS)
def test_streamed_fixtures_leave_the_same_warehouse(
    desk, fixtures, monkeypatch, platform
):
    files = sorted(path for path in (fixtures / platform).rglob("*") if path.is_file())
    desk.load(*files)
    whole = contents(desk)
    counts = vars(desk.summary) | {"weeks_touched": None}
    desk.connection.execute("drop schema raw cascade")
    monkeypatch.setattr(landing, "is_large", lambda _: True)
    desk.load()
    assert contents(desk) == whole
    streamed = vars(desk.summary) | {"weeks_touched": None}
    assert {**streamed, "doubts": sorted(streamed["doubts"])} == {
        **counts,
        "doubts": sorted(counts["doubts"]),
    }


def test_failure_in_the_middle_of_a_stream_leaves_no_trace(desk, fixtures, monkeypatch):
    calls = []

    def fail_later(*arguments):
        calls.append(arguments)
        if len(calls) > 1:
            message = "the disk is full"
            raise OSError(message)
        return typed_select(*arguments)

    monkeypatch.setattr(landing, "is_large", lambda _: True)
    monkeypatch.setattr(streaming, "typed_select", fail_later)
    with pytest.raises(OSError, match="the disk is full"):
        desk.load(
            fixtures / "x/overview_in_other_order.csv",
            fixtures / "facebook/views_column_twice.csv",
        )
    (landed,) = desk.manifest()
    assert landed["status_code"] == "loaded"
    assert desk.one("select count(*) as n from raw.rejected_rows")["n"] == 0
    monkeypatch.undo()
    desk.load()
    assert [file["status_code"] for file in desk.manifest()] == ["loaded", "loaded"]
