"""Figures read from published marts: one value each, or a named error."""

import pytest
from unit.reporting import issues, published

from heartshare.reporting.scorecard import FigureQueryError, Published, literal


@pytest.fixture(scope="module")
def reader():
    with issues.open_published() as connection:
        yield Published(connection)


def test_figure_of_no_row_is_not_reported(reader):
    figure = reader.figure(
        "select value from marts.fct_metric_weeks where metric_id = 'none'", "count"
    )
    assert (figure.value, figure.text) == (None, "not reported")


def test_figure_of_two_rows_is_refused_with_its_query(reader):
    with pytest.raises(FigureQueryError, match="fct_metric_weeks"):
        reader.figure("select value from marts.fct_metric_weeks", "count")


def test_reading_ends_in_its_week_and_holds_at_most_the_asked_history(reader):
    reading = reader.reading(
        "advocates_net_new",
        published.WEEK,
        reader.definitions(published.WEEK),
        weeks=26,
    )
    assert len(reading.history) == 26
    assert reading.history[-1]["week"] == "2026-11-09"
    assert reading.history[-1]["value"] == reading.figure.value


def test_reading_of_an_earlier_week_sees_nothing_later(reader):
    week = published.WEEK.shift(-3)
    reading = reader.reading("advocates", week, reader.definitions(published.WEEK))
    assert reading.history[-1]["week"] == week.key


def test_literal_doubles_quotes():
    assert literal("o'clock") == "'o''clock'"


def test_definitions_of_a_later_version_do_not_hold_yet():
    with issues.open_published() as connection:
        connection.execute(
            "insert into marts.rpt_metric_definitions "
            "select * replace (2 as metric_version, date '2027-01-04' as valid_from, "
            "'Renamed' as metric_name) from marts.rpt_metric_definitions "
            "where metric_id = 'advocates'"
        )
        definitions = Published(connection).definitions(published.WEEK)
    assert definitions["advocates"]["metric_name"] == "Advocates"
