"""Great Expectations on DuckDB: right answers and no silent pass."""

import inspect

import duckdb
import pytest
import sqlalchemy

gx = pytest.importorskip("great_expectations")
gxe = gx.expectations

from heartshare.quality import datasource  # noqa: E402 - registers add_duckdb
from heartshare.quality.dialect import close_all, column_type  # noqa: E402
from heartshare.quality.suites import EXPECTATIONS  # noqa: E402

QUIET = {"result_format": "BASIC", "partial_unexpected_count": 0}


@pytest.fixture(scope="module")
def path(tmp_path_factory):
    file = tmp_path_factory.mktemp("engine") / "t.duckdb"
    with duckdb.connect(str(file)) as connection:
        connection.execute(
            """
            create schema marts;
            create table marts.acts as
            select
                i as act_id,
                md5(i::varchar) as person_key,
                ['x', 'youtube'][1 + (i % 2)::int] as platform_code,
                case when i % 10 = 0 then null else i * 0.5 end as score,
                i * 2 as twice,
                date '2026-11-09' + (i % 7)::int as acted_on,
                timestamp '2026-11-09 00:00:00' + to_hours(i) as acted_at,
                i % 3 = 0 as is_question
            from range(100) as numbers (i);
            create table marts.other as select 1 as a;
            create table main.acts as select 555 as act_id;
            create view marts.seen as select * from marts.acts where act_id < 10;
            """
        )
    return file


@pytest.fixture(scope="module")
def source(path):
    context = gx.get_context(mode="ephemeral")
    context.variables.progress_bars = {"globally": False}
    yield context.data_sources.add_duckdb(
        name="wh", connection_string=f"duckdb+gate:///{path}", db_schema="marts"
    )
    close_all()


@pytest.fixture(scope="module")
def batches(source):
    table = source.add_table_asset("acts")
    query = source.add_query_asset("slice", query="SELECT * FROM marts.acts")
    empty = source.add_query_asset("none", query="SELECT * FROM marts.acts WHERE false")
    return {
        asset.name: asset.add_batch_definition_whole_table("b").get_batch()
        for asset in (table, query, empty)
    }


HEX = "^[0-9a-f]{32}$"
#: class, arguments that hold on the table, arguments that do not
MATRIX = [
    ("ExpectTableRowCountToBeBetween", {"min_value": 100}, {"min_value": 101}),
    ("ExpectTableRowCountToEqual", {"value": 100}, {"value": 99}),
    (
        "ExpectTableColumnsToMatchSet",
        {"column_set": ["act_id", "person_key"], "exact_match": False},
        {"column_set": ["act_id", "person_key"]},
    ),
    ("ExpectColumnValuesToNotBeNull", {"column": "act_id"}, {"column": "score"}),
    (
        "ExpectColumnProportionOfNonNullValuesToBeBetween",
        {"column": "score", "min_value": 0.9},
        {"column": "score", "min_value": 0.95},
    ),
    (
        "ExpectColumnValuesToBeInSet",
        {"column": "platform_code", "value_set": ["x", "youtube"]},
        {"column": "platform_code", "value_set": ["x"]},
    ),
    (
        "ExpectColumnDistinctValuesToBeInSet",
        {"column": "platform_code", "value_set": ["x", "youtube", "more"]},
        {"column": "platform_code", "value_set": ["x"]},
    ),
    (
        "ExpectColumnDistinctValuesToContainSet",
        {"column": "platform_code", "value_set": ["x"]},
        {"column": "platform_code", "value_set": ["facebook"]},
    ),
    (
        "ExpectColumnDistinctValuesToEqualSet",
        {"column": "platform_code", "value_set": ["x", "youtube"]},
        {"column": "platform_code", "value_set": ["x", "youtube", "facebook"]},
    ),
    (
        "ExpectColumnValuesToBeBetween",
        {"column": "score", "min_value": 0, "max_value": 50},
        {"column": "score", "min_value": 1},
    ),
    (
        "ExpectColumnMinToBeBetween",
        {"column": "act_id", "min_value": 0},
        {"column": "act_id", "min_value": 1},
    ),
    (
        "ExpectColumnMaxToBeBetween",
        {"column": "act_id", "max_value": 99},
        {"column": "act_id", "max_value": 98},
    ),
    (
        "ExpectColumnMeanToBeBetween",
        {"column": "act_id", "min_value": 49, "max_value": 50},
        {"column": "act_id", "min_value": 50},
    ),
    (
        "ExpectColumnSumToBeBetween",
        {"column": "act_id", "min_value": 4950, "max_value": 4950},
        {"column": "act_id", "max_value": 4949},
    ),
    # A partial match: read as PostgreSQL's operator it would match whole texts only.
    (
        "ExpectColumnValuesToMatchRegex",
        {"column": "person_key", "regex": "[0-9a-f]{4}"},
        {"column": "platform_code", "regex": HEX},
    ),
    (
        "ExpectColumnValuesToNotMatchRegex",
        {"column": "platform_code", "regex": "@"},
        {"column": "platform_code", "regex": "tub"},
    ),
    (
        "ExpectCompoundColumnsToBeUnique",
        {"column_list": ["act_id", "platform_code"]},
        {"column_list": ["platform_code", "is_question"]},
    ),
    (
        "ExpectColumnPairValuesAToBeGreaterThanB",
        {"column_A": "twice", "column_B": "act_id", "or_equal": True},
        {"column_A": "act_id", "column_B": "twice"},
    ),
]


def validate(batch, name, arguments):
    result = batch.validate(getattr(gxe, name)(**arguments), result_format=QUIET)
    assert result.exception_info["raised_exception"] is False
    return result.success


def test_matrix_covers_what_suites_may_name():
    assert {name for name, _, _ in MATRIX} == EXPECTATIONS


@pytest.mark.parametrize("asset", ["acts", "slice"])
@pytest.mark.parametrize(
    ("name", "holding", "failing"), MATRIX, ids=[row[0] for row in MATRIX]
)
def test_expectation_tells_right_from_wrong(batches, asset, name, holding, failing):
    assert validate(batches[asset], name, holding) is True
    assert validate(batches[asset], name, failing) is False


@pytest.mark.parametrize(
    ("sql", "expected"),
    [
        ("SELECT act_id FROM {batch} WHERE act_id < 0", True),
        ("SELECT act_id FROM {batch} WHERE act_id > 90", False),
        (
            "SELECT b.act_id FROM {batch} b JOIN marts.other o ON o.a = b.act_id",
            False,
        ),
        (
            "SELECT 1 FROM {batch} WHERE regexp_matches(platform_code, 't{{1,}}')",
            False,
        ),
    ],
    ids=["no offenders", "offenders", "offenders by a join", "braces in a regex"],
)
def test_query_of_offending_rows(batches, sql, expected):
    for name in ("acts", "slice"):
        whole = gxe.UnexpectedRowsExpectation(unexpected_rows_query=sql)
        counted = datasource.OffendingRowsExpectation(unexpected_rows_query=sql)
        answers = [
            batches[name].validate(one, result_format=QUIET) for one in (whole, counted)
        ]
        assert [answer.success for answer in answers] == [expected, expected]
        assert answers[0].result == answers[1].result


def test_rows_can_be_fetched_after_the_connection_was_handed_back(source):
    """The fault that made a comparison of two different results pass."""
    with source.get_engine().connect() as connection:
        result = connection.exec_driver_sql("select act_id from marts.acts order by 1")
        connection.rollback()
    with source.get_engine().connect() as connection:
        connection.exec_driver_sql("select 1").fetchall()
    assert result.cursor is None or len(result.fetchall()) == 100


def test_comparison_of_different_results_fails(source, batches):
    """duckdb-engine answers an empty list to both sides and calls them equal."""
    for limit, expected in ((98, False), (99, True)):
        expectation = gxe.ExpectQueryResultsToMatchComparison(
            base_query="SELECT max(act_id) AS m FROM {batch}",
            comparison_data_source_name="wh",
            comparison_query=f"SELECT {limit} AS m",
        )
        result = batches["acts"].validate(expectation)
        assert result.success is expected, result.exception_info


def test_columns_come_from_the_asked_schema(batches):
    """A table of the same name in main must not be read in its place."""
    bounds = {"column": "act_id", "min_value": 99, "max_value": 99}
    assert validate(batches["acts"], "ExpectColumnMaxToBeBetween", bounds)
    assert validate(batches["acts"], "ExpectTableRowCountToEqual", {"value": 100})


def test_row_checks_pass_on_no_rows_but_the_floor_does_not(batches):
    """Why every suite begins with a row floor."""
    empty = batches["none"]
    assert validate(empty, "ExpectColumnValuesToNotBeNull", {"column": "act_id"})
    assert not validate(empty, "ExpectTableRowCountToBeBetween", {"min_value": 1})


def test_file_is_opened_read_only(source):
    with (
        source.get_engine().connect() as connection,
        pytest.raises(Exception, match="read-only"),
    ):
        connection.exec_driver_sql("create table marts.intruder as select 1")


def test_reflection_reads_tables_and_views(source):
    import sqlalchemy as sa

    inspector = sa.inspect(source.get_engine())
    assert inspector.has_table("acts", schema="marts")
    assert inspector.has_table("seen", schema="marts")
    assert not inspector.has_table("nothing", schema="marts")
    assert "marts" in inspector.get_schema_names()
    columns = {
        one["name"]: one["type"] for one in inspector.get_columns("acts", "marts")
    }
    assert list(columns)[:2] == ["act_id", "person_key"]
    assert isinstance(columns["acted_at"], sa.TIMESTAMP)
    with pytest.raises(sa.exc.NoSuchTableError):
        inspector.get_columns("nothing", schema="marts")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("DECIMAL(18,3)", "NUMERIC(18, 3)"),
        ("TIMESTAMP WITH TIME ZONE", "TIMESTAMP"),
        ("UBIGINT", "BIGINT"),
        ("VARCHAR[]", "NULL"),
        ("STRUCT(a INTEGER)", "NULL"),
    ],
)
def test_types_are_mapped(text, expected):
    assert str(column_type(text)) == expected


def test_file_can_be_written_again_after_close_all(path):
    context = gx.get_context(mode="ephemeral")
    source = context.data_sources.add_duckdb(
        name="again", connection_string=f"duckdb+gate:///{path}", db_schema="marts"
    )
    source.add_table_asset("acts").add_batch_definition_whole_table("b").get_batch()
    assert close_all() >= 1
    with duckdb.connect(str(path)) as connection:
        connection.execute("create or replace table marts.written as select 1")


def test_attached_file_is_read_beside_the_main_one(path, tmp_path):
    other = tmp_path / "live.duckdb"
    with duckdb.connect(str(other)) as connection:
        connection.execute("create table t as select 41 as n")
    context = gx.get_context(mode="ephemeral")
    source = context.data_sources.add_duckdb(
        name="two", connection_string=f"duckdb+gate:///{path}?attach=live:{other}"
    )
    with source.get_engine().connect() as connection:
        rows = connection.exec_driver_sql("select n from live.t").fetchall()
    close_all()
    assert rows == [(41,)]


def test_file_is_read_from_a_database_in_memory_that_has_room_for_more(path):
    """What the gate does; memory and file are shared by every engine of the source."""
    address = (
        "duckdb+gate:///:memory:roomy?attach=scratch::memory:"
        f"&attach=judged:{path}&use=judged"
    )
    engines = [sqlalchemy.create_engine(address) for _ in range(2)]
    with engines[0].connect() as connection:
        connection.exec_driver_sql(
            "create table scratch.main.few as select act_id from marts.acts limit 3"
        )
        with pytest.raises(Exception, match="read-only"):
            connection.exec_driver_sql("create table marts.intruder as select 1")
    with engines[1].connect() as connection:
        rows = connection.exec_driver_sql("select count(*) from scratch.main.few")
        assert rows.fetchall() == [(3,)]
    assert close_all() == 2


def test_every_expectation_a_suite_may_name_exists():
    for name in EXPECTATIONS:
        assert inspect.isclass(getattr(gxe, name))
