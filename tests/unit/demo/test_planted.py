"""Whether planted facts are declared well and found only where they are."""

import pytest

from heartshare.demo import planted, story
from heartshare.warehouse.connections import open_memory

MARTS = """
create schema marts;
create table marts.rpt_weekly_issues as select
    date '2026-11-09' as week_start, 1 as rank, 'permits' as theme_code,
    true as is_burst, date '2026-11-11' as burst_on, 62 as mention_count,
    46 as author_count, 15.0 as usual_weekly_mentions, -0.8 as net_sentiment;
create table marts.rpt_weekly_funnel as
select
    date '2026-11-09' as week_start, stage_number, stage_number = 2 as is_stuck,
    case when stage_number = 2 then 0.1 else 0.5 end as move_on_ratio,
    0.3 as usual_low_ratio
from range(7) as stages(stage_number);
create table marts.dim_accounts as select 'k' as account_key, 'x' as platform_code;
create table marts.agg_weekly_style_churn as
select
    'k' as account_key, week_start::date as week_start,
    case when week_start < date '2026-09-07' then 'dialogue' else 'promo' end
        as dominant_style_code,
    week_start = date '2026-09-07' as is_style_change,
    week_start > date '2026-09-07' as is_churn_signal
from generate_series(date '2026-01-26', date '2026-11-09', interval 7 day)
    as weeks(week_start);
create table marts.agg_weekly_funnel as select * from (values
    (date '2026-08-17', 'advocate', 33), (date '2026-11-09', 'advocate', 45)
) as counts(week_start, stage_code, member_count);
create table marts.rpt_weekly_emerging as select
    date '2026-11-09' as week_start, 1 as rank, 'error|permit renewal' as term_list,
    30 as author_count;
create table marts.agg_weekly_terms as select
    date '2026-11-09' as week_start, term_text, true as is_emerging
from (values ('error'), ('permit renewal')) as terms(term_text);
create table marts.rpt_weekly_tone as select
    date '2026-11-09' as week_start, 'all' as segment_kind_code,
    'calibrated' as calibration_status_code, 0.19 as net_sentiment_lower_bound,
    0.31 as net_sentiment_upper_bound, -0.2 as net_sentiment_change;
create table marts.agg_weekly_employees as select
    date '2026-11-09' as week_start, 9 as linked_count, 1 as dormant_count,
    2 as consumer_count, 3 as sharer_zone_count, 2 as creator_zone_count,
    1 as socially_engaged_count;
create table marts.fct_recognition_ledger as select * from (values
    ('award', date '2026-06-23'), ('award', date '2026-10-27'),
    ('award', date '2026-11-03'), ('reversal', date '2026-11-11')
) as entries(entry_kind_code, entered_on);
"""
HELD = {story.BAD_WEEK}


def _found(spoil: str = "", held=frozenset(HELD)) -> dict[str, bool]:
    with open_memory() as connection:
        connection.execute(MARTS)
        if spoil:
            connection.execute(spoil)
        return planted.find_planted_facts(connection, held)


def test_every_fact_is_found_where_it_is():
    found = _found()

    assert len(found) == 9
    assert all(found.values()), found


@pytest.mark.parametrize(
    ("name", "spoil"),
    [
        ("issue_bursts", "update marts.rpt_weekly_issues set is_burst = false"),
        ("issue_bursts", "update marts.rpt_weekly_issues set author_count = 12"),
        ("issue_bursts", "update marts.rpt_weekly_issues set net_sentiment = null"),
        ("step_is_stuck", "update marts.rpt_weekly_funnel set is_stuck = false"),
        (
            "step_is_stuck",
            "update marts.rpt_weekly_funnel set move_on_ratio = 0.1",
        ),
        (
            "style_change_costs_followers",
            "update marts.agg_weekly_style_churn set is_churn_signal = false",
        ),
        (
            "style_change_costs_followers",
            "update marts.agg_weekly_style_churn set is_churn_signal = true",
        ),
        (
            "advocacy_grows_slowly",
            "update marts.agg_weekly_funnel set member_count = 33",
        ),
        ("error_emerges", "update marts.rpt_weekly_emerging set term_list = 'bins'"),
        ("error_emerges", "update marts.agg_weekly_terms set is_emerging = false"),
        ("error_emerges", "update marts.rpt_weekly_emerging set author_count = 6"),
        (
            "tone_is_calibrated",
            "update marts.rpt_weekly_tone set calibration_status_code = 'stale'",
        ),
        (
            "tone_is_calibrated",
            "update marts.rpt_weekly_tone set net_sentiment_upper_bound = 0.26",
        ),
        (
            "tone_is_calibrated",
            "update marts.rpt_weekly_tone set net_sentiment_change = null",
        ),
        (
            "employees_are_in_every_zone",
            "update marts.agg_weekly_employees set dormant_count = 0",
        ),
        (
            "fifth_piece_is_rewarded",
            "update marts.fct_recognition_ledger set entered_on = date '2026-07-01'",
        ),
        ("fifth_piece_is_rewarded", "delete from marts.fct_recognition_ledger"),
    ],
)
def test_a_fact_is_missed_where_it_is_not(name, spoil):
    found = _found(spoil)

    assert [fact for fact, is_found in found.items() if not is_found] == [name]


def test_the_bad_week_is_missed_when_the_gate_let_it_pass():
    assert _found(held=frozenset())["bad_week_is_held"] is False


def test_facts_lie_inside_the_story():
    for fact in planted.load_planted_facts():
        assert story.FIRST_WEEK <= fact.since <= story.LAST_WEEK
        assert fact.sentence.endswith(".")
