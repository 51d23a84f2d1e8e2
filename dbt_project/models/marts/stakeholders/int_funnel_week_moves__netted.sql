{{ config(schema='intermediate', contract={'enforced': false}) }}
-- Where each mover stood when the week began and where when it ended: one row per
-- person and week with a net change. Up on Tuesday and back on Friday is no move.
with

transitions as (

    select
        person_key,
        moved_on,
        moved_week,
        from_stage_number,
        to_stage_number
    from {{ ref('fct_funnel_transitions') }}

),

numbered as (

    select
        person_key,
        moved_week,
        from_stage_number,
        to_stage_number,
        row_number() over (
            partition by person_key, moved_week
            order by moved_on
        ) as first_number,
        row_number() over (
            partition by person_key, moved_week
            order by moved_on desc
        ) as last_number
    from transitions

),

netted as (

    select
        person_key,
        moved_week as week_start,
        max(case when first_number = 1 then from_stage_number end) as from_stage_number,
        max(case when last_number = 1 then to_stage_number end) as to_stage_number
    from numbered
    group by
        person_key,
        moved_week

)

select * from netted
where from_stage_number is distinct from to_stage_number
