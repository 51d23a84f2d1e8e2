"""A self-test on a build of other code says so instead of breaking off."""

from zoneinfo import ZoneInfo

import pytest

from heartshare.quality.checks import Scope
from heartshare.quality.faults import FaultyCopy, OtherCodeBuiltError, load_faults
from heartshare.warehouse.connections import open_file
from heartshare.weeks import ReportingWeek


def test_missing_table_is_named_with_the_next_step(tmp_path):
    path = tmp_path / "old.duckdb"
    with open_file(path) as connection:
        connection.execute("create schema audit")
    scope = Scope(path, ReportingWeek.parse("2026-W46"), ZoneInfo("Europe/Dublin"))
    fault = next(one for one in load_faults() if one.ref == "lineage.steps_are_counted")
    with (
        FaultyCopy(None, (), scope) as copy,
        pytest.raises(OtherCodeBuiltError, match=r"no table audit\.audit_lineage"),
    ):
        copy.plant(fault)
