-- What each person did and in which tone, in the window that ends with the week. Whole
-- ten-thousandths and whole days: sums of doubles depend on the order of the rows.
with

thresholds as (

    select aspine_window_days
    from {{ ref('int_thresholds__pivoted') }}

),

acts as (

    select
        interactions.person_key,
        interactions.verb_code,
        interactions.occurred_date,
        interactions.text_key,
        cast(round(interactions.compound_score * 10000) as bigint) as compound_points,
        cast({{ day_count_between(
            days_later(built_week(), '7 - thresholds.aspine_window_days'), 'interactions.occurred_date'
        ) }} as bigint) as day_number
    from {{ ref('int_interactions__classified') }} as interactions
    cross join thresholds
    where
        interactions.actor_class_code = 'stakeholder'
        and interactions.person_key is not null
        and interactions.occurred_at < {{ observed_until() }}
        and interactions.occurred_date
        >= {{ days_later(built_week(), '7 - thresholds.aspine_window_days') }}

),

summed as (

    select
        person_key,
        count(*) filter (where verb_code = 'create') as create_count,
        count(*) filter (where verb_code = 'reply') as reply_count,
        count(distinct occurred_date) as active_day_count,
        count(text_key) as text_count,
        count(compound_points) as scored_text_count,
        cast(sum(compound_points) as bigint) as compound_points,
        -- For the least-squares slope.
        cast(sum(day_number) filter (where compound_points is not null) as bigint) as day_sum,
        cast(sum(day_number * day_number) filter (where compound_points is not null) as bigint)
            as day_square_sum,
        cast(sum(day_number * compound_points) as bigint) as day_points_sum
    from acts
    group by person_key

)

select * from summed
