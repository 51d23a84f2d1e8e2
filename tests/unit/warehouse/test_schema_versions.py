"""Readers learn by a number whether their queries still work."""

from dataclasses import replace

import pytest
from unit.warehouse.small_marts import (
    TABLES,
    WEEK,
    build,
    marts_settings,
    put_out,
    verdict,
)

from heartshare.warehouse.connections import open_writer
from heartshare.warehouse.publication import publish
from heartshare.warehouse.revisions import current, revisions, roll_back
from heartshare.warehouse.schema_versions import (
    BreakingChangeError,
    changes_between,
    schema_of,
)


@pytest.fixture
def settings(tmp_path):
    return marts_settings(tmp_path)


def change(settings, build_id, *statements):
    build(settings, build_id)
    with open_writer(settings) as connection:
        for statement in statements:
            connection.execute(statement)


def accept(settings, build_id, tables=TABLES):
    return publish(
        settings,
        week=WEEK,
        build_id=build_id,
        verdict=verdict(build_id),
        tables=tables,
        inputs=[],
        accepts_breaking=True,
    )


def version(revision):
    return revision.manifest()["schema_version"]


SCORECARD = "alter table reports.rpt_weekly_scorecard "
BEFORE = {"a": {"x": "INTEGER", "y": "VARCHAR"}, "b": {"z": "DATE"}}


@pytest.mark.parametrize(
    ("after", "told", "is_breaking"),
    [
        (BEFORE, [], []),
        ({**BEFORE, "c": {"q": "DATE"}}, ["table c added"], [False]),
        ({"a": BEFORE["a"]}, ["table b removed"], [True]),
        (
            {**BEFORE, "b": {"w": "BIGINT", "z": "DATE"}},
            ["b.w added (BIGINT)"],
            [False],
        ),
        ({**BEFORE, "a": {"x": "INTEGER"}}, ["a.y removed"], [True]),
        (
            {**BEFORE, "a": {"y": "VARCHAR", "x": "BIGINT"}},
            ["a.x retyped from INTEGER to BIGINT"],
            [True],
        ),
        (
            {**BEFORE, "a": {"x": "INTEGER", "renamed": "VARCHAR"}},
            ["a.y removed", "a.renamed added (VARCHAR)"],
            [True, False],
        ),
        ({**BEFORE, "a": {"y": "VARCHAR", "x": "INTEGER"}}, [], []),
    ],
    ids=[
        "nothing",
        "table added",
        "table removed",
        "column added",
        "column removed",
        "wider type",
        "renamed",
        "another order",
    ],
)
def test_kind_of_change_decides_whether_it_breaks(after, told, is_breaking):
    changes = changes_between(BEFORE, after)
    assert [each.told() for each in changes] == told
    assert [each.is_breaking for each in changes] == is_breaking


def test_added_column_is_a_minor_version_and_its_reason_is_kept(settings):
    build(settings, "b1")
    assert version(put_out(settings, "b1")) == "1.0"
    change(settings, "b2", SCORECARD + "add column unit_code varchar")
    second = put_out(settings, "b2")
    assert version(second) == "1.1"
    assert second.manifest()["schema_changes"] == [
        {
            "table": "rpt_weekly_scorecard",
            "column": "unit_code",
            "before": None,
            "after": "VARCHAR",
            "is_breaking": False,
        }
    ]


def test_breaking_change_is_refused_until_a_person_accepts_it(settings):
    build(settings, "b1")
    put_out(settings, "b1")
    change(
        settings,
        "b2",
        SCORECARD + "drop column value",
        SCORECARD + "add column unit_code varchar",
    )
    with pytest.raises(BreakingChangeError, match="value removed") as refused:
        put_out(settings, "b2")
    assert "unit_code" not in str(refused.value)
    assert "--accept-breaking" in str(refused.value)
    assert current(settings).name == "rev-0001"
    assert [path.name for path in settings.published.glob(".tmp-*")] == []
    assert version(accept(settings, "b2")) == "2.0"
    assert schema_of(current(settings))["rpt_weekly_scorecard"] == {
        "metric_id": "VARCHAR",
        "unit_code": "VARCHAR",
    }


def test_same_schema_gets_its_number_back_and_another_one_a_new_number(settings):
    """After a roll-back two schemas must not share a version."""
    build(settings, "b1")
    put_out(settings, "b1")
    change(settings, "b2", SCORECARD + "drop column value")
    accept(settings, "b2")
    roll_back(settings, "rev-0001")
    change(settings, "b3", SCORECARD + "alter value type varchar")
    assert version(accept(settings, "b3")) == "3.0"
    roll_back(settings, "rev-0001")
    change(settings, "b4", SCORECARD + "drop column value")
    with pytest.raises(BreakingChangeError, match=r"schema 2\.0"):
        put_out(settings, "b4")
    assert version(accept(settings, "b4")) == "2.0"
    roll_back(settings, "rev-0001")
    change(settings, "b5", SCORECARD + "add column note varchar")
    assert version(put_out(settings, "b5")) == "1.1"


def test_table_taken_out_of_the_publication_breaks_readers(settings):
    build(settings, "b1")
    put_out(settings, "b1")
    build(settings, "b2")
    with pytest.raises(BreakingChangeError, match="table dim_people removed"):
        put_out(settings, "b2", tables=TABLES[1:])


def test_revision_from_before_the_rule_counts_as_the_first_version(settings):
    """Its manifest names no types: the database does."""
    import json

    build(settings, "b1")
    old = put_out(settings, "b1")
    path = old.path / "manifest.json"
    manifest = old.manifest()
    del manifest["schema_version"], manifest["schema_changes"]
    for entry in manifest["tables"].values():
        del entry["columns"], entry["key"]
    path.chmod(0o644)
    path.write_text(json.dumps(manifest))
    build(settings, "b2")
    assert version(put_out(settings, "b2")) == "1.0"
    assert len(revisions(settings)) == 2


def test_first_publication_has_nothing_to_break(settings):
    build(settings, "b1")
    first = put_out(replace(settings, keep_revisions=3), "b1")
    assert (version(first), first.manifest()["schema_changes"]) == ("1.0", [])
