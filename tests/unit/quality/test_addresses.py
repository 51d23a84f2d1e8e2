"""A warehouse is judged wherever it lies, whatever its folder is called."""

from zoneinfo import ZoneInfo

import duckdb
import pytest
from sqlalchemy import create_engine

from heartshare.quality import checks
from heartshare.quality.checks import Scope
from heartshare.quality.dialect import close_all
from heartshare.weeks import ReportingWeek

WEEK = ReportingWeek.parse("2026-W46")
#: A question mark is none of them: DuckDB itself takes it for the end of the path.
NAMES = [
    "a#b",
    "50%41",
    "a&b=c",
    "one + one",
    "caf\u00e9",
    "it's",
    "$HOME",
    "a:b",
]


@pytest.fixture
def scope_in(tmp_path):
    """Make a warehouse and what readers see in a folder of a name."""

    def maker(name, *, is_open):
        folder = tmp_path / name
        folder.mkdir()
        for file in ("warehouse", "seen"):
            with duckdb.connect(str(folder / f"{file}.duckdb")) as connection:
                connection.execute(f"create table told as select '{file}' as name")
        return Scope(
            folder / "warehouse.duckdb",
            WEEK,
            ZoneInfo("Europe/Dublin"),
            readers_see=folder / "seen.duckdb",
            is_open=is_open,
        )

    yield maker
    close_all()


@pytest.mark.parametrize("is_open", [False, True], ids=["read-only", "held open"])
@pytest.mark.parametrize("name", NAMES)
def test_folder_may_be_called_anything(scope_in, name, is_open):
    scope = scope_in(name, is_open=is_open)
    engine = create_engine(checks._address(scope))
    with engine.connect() as connection:
        told = connection.exec_driver_sql(
            "select told.name, seen.name from told, readers.told as seen"
        ).fetchall()
        if not is_open:
            (temporary,) = connection.exec_driver_sql(
                "select current_setting('temp_directory')"
            ).fetchone()
            assert temporary == f"{scope.warehouse}.tmp"
    assert [tuple(row) for row in told] == [("warehouse", "seen")]
    assert sorted(path.name for path in scope.warehouse.parent.iterdir()) == [
        "seen.duckdb",
        "warehouse.duckdb",
    ]
