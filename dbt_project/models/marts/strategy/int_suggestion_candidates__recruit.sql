{{ config(schema='intermediate', materialized='view', contract={'enforced': false}) }}
-- Recruit: somebody new, with whom nobody of us has spoken yet, cares about a theme.
with

thresholds as (

    select suggestion_interest_minimum_count
    from {{ ref('int_thresholds__pivoted') }}

),

people as (

    select
        week_start,
        person_key,
        reach_ratio
    from {{ ref('int_suggestion_people__judged') }}
    where is_new

),

recruited as (

    select
        topics.week_start,
        'recruit' as kind_code,
        topics.theme_code,
        topics.person_key,
        cast(null as varchar) as conversation_key,
        cast(null as varchar) as asset_key,
        'new_interest_in_theme' as reason_code,
        {{ cosine('topics.theme_turn_count', 'topics.square_sum', '1') }} as match_ratio,
        topics.theme_turn_count,
        topics.last_act_week,
        people.reach_ratio,
        false as is_done,
        false as is_leading
    from {{ ref('int_person_topics__weighed') }} as topics
    cross join thresholds
    inner join people
        on
            topics.week_start = people.week_start
            and topics.person_key = people.person_key
    where topics.theme_turn_count >= thresholds.suggestion_interest_minimum_count

)

select * from recruited
