{{ config(schema='intermediate', contract={'enforced': false}) }}
-- From which week's close to which a person stood on a stage: what the net moves of
-- weeks leave behind.
with

week_moves as (

    select
        person_key,
        week_start,
        to_stage_number
    from {{ ref('int_funnel_week_moves__netted') }}

),

dated as (

    select
        person_key,
        to_stage_number as stage_number,
        week_start as first_week,
        coalesce(
            {{ days_earlier('lead(week_start) over (partition by person_key order by week_start)', 7) }},
            date '9999-12-27'
        ) as last_week
    from week_moves

)

select * from dated
where stage_number is not null
