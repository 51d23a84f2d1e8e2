"""An action says what is usual there, and where the people are that it speaks of."""

import pytest
from unit.reporting import issues, published

WEEK = f"date '{published.WEEK.key}'"


@pytest.fixture
def connection():
    with issues.open_published() as opened:
        yield opened


def reasons(connection):
    return [row["reason"] for row in issues.facts(connection)["actions"]["rows"]]


def test_theme_account_and_stage_are_compared_with_their_own_past(connection):
    connection.execute(
        "update marts.rpt_weekly_actions set reason_metric_id = 'mention_volume', "
        "reason_value = 87 where rank = 1; "
        "update marts.rpt_weekly_styles set usual_lost_per_1000 = 1.2 "
        "where platform_code = 'x'; "
        "update marts.rpt_metric_definitions set unit_code = 'rate' "
        "where metric_id = 'churn_rate'; "
        "insert into marts.rpt_metric_definitions select * replace "
        "('move_on_ratio' as metric_id, 'Move-on ratio' as metric_name, "
        "'ratio' as unit_code) from marts.rpt_metric_definitions "
        "where metric_id = 'reciprocity'; "
        "update marts.rpt_weekly_actions set reason_metric_id = 'move_on_ratio', "
        "reason_value = 1 / 31 where rank = 2"
    )
    theme, stage, account = reasons(connection)
    assert theme.startswith("Mentions: 87, 19 is usual.")
    assert stage.startswith("Move-on ratio: 3.2%, 12\N{EN DASH}21% is usual.")
    assert account.startswith("Follower churn: 4.6 per 1,000, 1.2 per 1,000 is usual.")


def test_a_reason_without_a_past_is_not_compared(connection):
    connection.execute(
        "update marts.rpt_weekly_styles set usual_lost_per_1000 = null, "
        "is_churn_signal = false; "
        "update marts.rpt_weekly_actions set reason_metric_id = 'mention_volume', "
        "reason_value = 3, theme_code = 'unknown' where rank = 1"
    )
    assert not any("is usual" in reason for reason in reasons(connection))


def test_open_messages_are_told_by_platform(connection):
    """Of 52 counted ones the last 52: one older, one answered, one of another theme."""
    connection.execute(
        f"""
        create or replace table marts.fct_reply_requests as
        select
            case when n % 4 = 0 then 'reddit' else 'discourse' end as platform_code,
            case when n = 54 then 'parks' else 'permits' end as theme_code,
            {WEEK} + cast(n as integer) as occurred_at,
            case when n = 53 then {WEEK} end as answered_at
        from range(55) as messages(n)
        """
    )
    assert (
        "Evidence: 52 unanswered messages (Community forum 39, Reddit 13)."
        in reasons(connection)[0]
    )


def test_a_revision_without_the_messages_says_their_number_alone(connection):
    assert "Evidence: 52 unanswered messages. " in reasons(connection)[0]


def test_a_revision_without_a_number_to_reach_asks_for_everybody(connection):
    connection.execute("alter table marts.rpt_weekly_actions drop due_person_count")
    title = issues.facts(connection)["actions"]["rows"][0]["title"]
    assert title.startswith("Answer the 38 people")
