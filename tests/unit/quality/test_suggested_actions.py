"""Nobody is warned that nothing is suggested where the rules find nothing to do."""

from pathlib import Path

import pytest

from heartshare.quality.suites import load_suites
from heartshare.warehouse.connections import open_memory

SHIPPED = Path(__file__).parents[3] / "expectations" / "suites"
KINDS = ("theme", "stage", "account")


@pytest.fixture
def check():
    suites = load_suites(SHIPPED)
    return next(
        check
        for suite in suites
        for check in suite.checks
        if check.ref == "report.actions_are_suggested"
    )


@pytest.fixture
def proposals():
    with open_memory() as connection:
        connection.execute("create schema intermediate")
        for kind in KINDS:
            connection.execute(
                f"create table intermediate.int_{kind}_actions__proposed (action_code "
                "varchar, person_count bigint, distance_ratio double, weight_ratio "
                "double)"
            )
        yield connection


def asked(check, connection):
    return bool(connection.execute(check.needs).fetchall())


def test_very_small_organisation_is_not_warned(check, proposals):
    assert not asked(check, proposals)


def test_proposal_without_weight_is_nothing_to_suggest(check, proposals):
    proposals.execute(
        "insert into intermediate.int_theme_actions__proposed "
        "values ('close_content_gap', 9, 0.4, 0.0), ('answer_open_requests', 9, 0, 1)"
    )
    assert not asked(check, proposals)


@pytest.mark.parametrize("kind", KINDS)
def test_proposal_that_is_lost_on_its_way_is_asked_about(check, proposals, kind):
    proposals.execute(
        f"insert into intermediate.int_{kind}_actions__proposed values ('a', 3, 0.1, 1)"
    )
    assert asked(check, proposals)
