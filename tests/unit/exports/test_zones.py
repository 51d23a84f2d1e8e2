"""A source may say in which zone its files write local times."""

# ruff: noqa: DTZ001 - moments in the warehouse are naive UTC

from datetime import UTC, datetime

from heartshare.exports.contract import load_contracts
from heartshare.exports.landing import land_file, load_landing
from heartshare.exports.zones import in_zone

EXPORTED_AT = datetime(2026, 3, 16, 3, 0, tzinfo=UTC)


def test_zone_of_a_source_replaces_that_of_the_contract(desk, fixtures):
    page = fixtures / "facebook/views_column_twice.csv"
    account = fixtures / "instagram/columns_in_another_order.csv"
    land_file(page, "kapstadt", desk.landing_dir, EXPORTED_AT)
    land_file(account, "elsewhere", desk.landing_dir, EXPORTED_AT)
    zones = {"kapstadt": "Africa/Johannesburg"}
    load_landing(desk.connection, desk.landing_dir, zones=zones)
    moved = desk.one("select posted_at from raw.facebook__posts")
    assert moved == {"posted_at": datetime(2025, 3, 20, 7, 30)}
    kept = desk.one("select posted_at from raw.instagram__posts")
    assert kept == {"posted_at": datetime(2025, 12, 24, 23, 30)}


def test_two_zones_of_one_contract_do_not_mix(desk, fixtures, write):
    text = (fixtures / "facebook/views_column_twice.csv").read_text()
    for name in ("kapstadt", "lima"):
        path = write(f"{name}.csv", text.replace("Lindholm", name))
        land_file(path, name, desk.landing_dir, EXPORTED_AT)
    zones = {"kapstadt": "Africa/Johannesburg", "lima": "America/Lima"}
    load_landing(desk.connection, desk.landing_dir, zones=zones)
    rows = desk.rows(
        "select _source_name, posted_at from raw.facebook__posts order by 1"
    )
    assert [row["posted_at"] for row in rows] == [
        datetime(2025, 3, 20, 7, 30),
        datetime(2025, 3, 20, 14, 30),
    ]


def test_column_with_a_zone_of_its_own_keeps_it():
    contracts = load_contracts()
    moved = in_zone(contracts, "Africa/Johannesburg")
    pairs = [
        (before, after)
        for old, new in zip(contracts, moved, strict=True)
        for tables in [zip(old.tables, new.tables, strict=True)]
        for one, other in tables
        for before, after in zip(one.columns, other.columns, strict=True)
    ]
    own = [after.zone for before, after in pairs if before.has_own_zone]
    others = {after.zone for before, after in pairs if not before.has_own_zone}
    assert own == [before.zone for before, _ in pairs if before.has_own_zone]
    assert others == {"Africa/Johannesburg"}
