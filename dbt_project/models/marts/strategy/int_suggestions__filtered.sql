{{ config(schema='intermediate', materialized='view', contract={'enforced': false}) }}
-- Each candidate with the first reason that keeps it off the list, if any. An erased
-- person has no row among people any more and is not approached either.
with

thresholds as (

    select suggestion_decline_days
    from {{ ref('int_thresholds__pivoted') }}

),

suggestions as (

    select * from {{ ref('int_suggestions__scored') }}

),

people as (

    select
        week_start,
        person_key,
        actor_class_code,
        has_opted_out,
        is_contacted,
        is_negative
    from {{ ref('int_suggestion_people__judged') }}

),

responses as (

    select * from {{ ref('int_suggestion_responses__matched') }}

),

-- One row per suggestion that an answer to the same pair of subject and theme bears on.
answered as (

    select
        suggestions.suggestion_key,
        bool_or(responses.response_code = 'declined') as is_declined,
        bool_or(responses.response_code in ('accepted', 'done')) as is_taken
    from suggestions
    cross join thresholds
    inner join responses
        on
            suggestions.kind_code = responses.kind_code
            and {{ suggestion_subject('suggestions') }} = responses.subject_key
            and suggestions.theme_code = responses.theme_code
    where
        responses.suggested_week < suggestions.week_start
        and responses.responded_on <= suggestions.closed_on
        and (responses.replaced_on is null or responses.replaced_on > suggestions.closed_on)
        and suggestions.closed_on
        < {{ days_later('responses.responded_on', 'thresholds.suggestion_decline_days') }}
    group by suggestions.suggestion_key

),

filtered as (

    select
        suggestions.*,
        case
            when suggestions.person_key is not null and people.actor_class_code is null then 'erased'
            when suggestions.person_key is not null and people.actor_class_code <> 'stakeholder'
                then 'staff_or_bot'
            when people.has_opted_out then 'opted_out'
            when suggestions.is_leading then 'already_leads'
            when suggestions.is_done or answered.is_taken then 'already_done'
            when people.is_contacted then 'contacted_lately'
            when people.is_negative then 'negative_sentiment'
            when answered.is_declined then 'declined'
            when suggestions.reach_ratio = 0 then 'out_of_reach'
            when suggestions.score <= 0 then 'no_weight'
        end as filter_code
    from suggestions
    left join people
        on
            suggestions.week_start = people.week_start
            and suggestions.person_key = people.person_key
    left join answered
        on suggestions.suggestion_key = answered.suggestion_key

)

select * from filtered
