{{ config(schema='intermediate', contract={'enforced': false}, materialized='view') }}
-- When each person was first seen, first supported us and first acted. Support is a mean of
-- the own scored texts up to that day, with enough of them. Action is a lead or download
-- under the person's address, or an act of advocacy: most people have no address.
with

thresholds as (

    select
        positive_compound_score,
        sentiment_text_minimum_count,
        progression_days
    from {{ ref('int_thresholds__pivoted') }}

),

interactions as (

    select
        person_key,
        occurred_date,
        -- Whole ten-thousandths: sums of doubles depend on the order of the rows.
        cast(round(compound_score * 10000) as bigint) as compound_points
    from {{ ref('fct_interactions') }}
    where actor_class_code = 'stakeholder' and person_key is not null

),

seen as (

    select
        person_key,
        min(occurred_date) as seen_date,
        count(compound_points) as scored_text_count
    from interactions
    group by person_key

),

-- One row per person and day with scored texts, of those who have enough of them at all.
scored_days as (

    select
        seen.person_key,
        interactions.occurred_date,
        count(*) as scored_text_count,
        sum(interactions.compound_points) as compound_points
    from interactions
    cross join thresholds
    inner join seen
        on interactions.person_key = seen.person_key
    where
        interactions.compound_points is not null
        and seen.scored_text_count >= thresholds.sentiment_text_minimum_count
        and interactions.occurred_date < {{ days_later('seen.seen_date', 'thresholds.progression_days') }}
    group by
        seen.person_key,
        interactions.occurred_date

),

-- Texts of the days after the window say nothing about who had come near within it.
running as (

    select
        person_key,
        occurred_date,
        sum(scored_text_count) over texts_so_far as scored_text_count,
        sum(compound_points) over texts_so_far as compound_points
    from scored_days
    window texts_so_far as (
        partition by person_key
        order by occurred_date
        rows between unbounded preceding and current row
    )

),

supported as (

    select
        running.person_key,
        min(running.occurred_date) as support_date
    from running
    cross join thresholds
    where
        running.scored_text_count >= thresholds.sentiment_text_minimum_count
        and {{ safe_ratio('running.compound_points', 'running.scored_text_count') }} / 10000
        >= thresholds.positive_compound_score
    group by running.person_key

),

actions as (

    select
        person_key,
        occurred_date,
        'advocacy' as action_kind_code
    from {{ ref('fct_funnel_acts') }}
    where advocacy_kind_code is not null

    union all

    select
        person_key,
        occurred_date,
        'conversion' as action_kind_code
    from {{ ref('int_conversion_people__tied') }}

),

-- One row per person. What happened later than the days allow did not happen here; an
-- action counts as the last step only if support came first, on the same day at latest.
dated as (

    select
        seen.person_key,
        max(seen.seen_date) as seen_date,
        max(supported.support_date) as support_date,
        min(actions.occurred_date) as action_date,
        min(case when actions.occurred_date >= supported.support_date then actions.occurred_date end)
            as supported_action_date,
        min(case
            when actions.occurred_date >= supported.support_date and actions.action_kind_code = 'conversion'
                then actions.occurred_date
        end) as supported_conversion_date
    from seen
    cross join thresholds
    left join supported
        on
            seen.person_key = supported.person_key
            and supported.support_date < {{ days_later('seen.seen_date', 'thresholds.progression_days') }}
    left join actions
        on
            seen.person_key = actions.person_key
            and actions.occurred_date >= seen.seen_date
            and actions.occurred_date < {{ days_later('seen.seen_date', 'thresholds.progression_days') }}
    group by seen.person_key

)

select * from dated
