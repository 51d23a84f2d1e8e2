{{ config(schema='intermediate', contract={'enforced': false}) }}
-- Each arrival at a stage from below, followed until the same person reached a higher
-- stage or left this one: cohorts are people, never sizes divided by sizes.
with

transitions as (

    select
        person_key,
        moved_on,
        from_stage_number,
        to_stage_number,
        direction_code
    from {{ ref('fct_funnel_transitions') }}

),

stayed as (

    select
        person_key,
        moved_on,
        to_stage_number,
        direction_code,
        lead(moved_on) over (partition by person_key order by moved_on) as left_on
    from transitions

),

arrivals as (

    select
        person_key,
        to_stage_number as stage_number,
        moved_on as arrived_on,
        left_on
    from stayed
    where
        direction_code = 'up'
        and to_stage_number is not null

),

-- One row per arrival: the later moves of the person collapse to the first higher one.
followed as (

    select
        arrivals.person_key,
        arrivals.stage_number,
        arrivals.arrived_on,
        arrivals.left_on,
        min(transitions.moved_on) as moved_higher_on
    from arrivals
    left join transitions
        on
            arrivals.person_key = transitions.person_key
            and transitions.moved_on > arrivals.arrived_on
            and transitions.to_stage_number > arrivals.stage_number
    group by
        arrivals.person_key,
        arrivals.stage_number,
        arrivals.arrived_on,
        arrivals.left_on

)

select * from followed
