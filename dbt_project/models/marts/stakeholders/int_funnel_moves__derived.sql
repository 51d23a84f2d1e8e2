{{ config(schema='intermediate', contract={'enforced': false}, materialized='view') }}
-- Promote at once, demote at the monthly review: between two reviews a person's stage
-- is the highest level since the last one; a review sets it to the level that holds.
with

people as (

    select
        person_number,
        person_key
    from {{ ref('int_funnel_people__numbered') }}

),

days as (

    select
        person_number,
        evaluated_on,
        is_review,
        level_number,
        is_participating,
        is_identified,
        is_activated,
        is_nurtured,
        is_empowered,
        lag(level_number) over (
            partition by person_number
            order by evaluated_on
        ) as earlier_level_number,
        max(case when is_activated or is_nurtured or is_empowered then 1 else 0 end) over (
            partition by person_number
            order by evaluated_on
            rows between unbounded preceding and current row
        ) = 1 as has_org_evidence
    from {{ ref('fct_funnel_days') }}

),

-- The level at the end of a month takes effect on the first of the next; a day's own
-- level on the day, also on the last of a month: there a reply by somebody else can
-- raise it. On a first of the month the review comes before the day's acts. A day no
-- higher than the one listed before it raises nobody.
effective as (

    select
        person_number,
        evaluated_on as moved_on,
        1 as step_number,
        level_number,
        is_participating,
        is_identified,
        is_activated,
        is_nurtured,
        is_empowered,
        has_org_evidence
    from days
    where level_number > coalesce(earlier_level_number, -1)

    union all

    select
        person_number,
        {{ days_later('evaluated_on', 1) }} as moved_on,
        0 as step_number,
        level_number,
        is_participating,
        is_identified,
        is_activated,
        is_nurtured,
        is_empowered,
        has_org_evidence
    from days
    where is_review

),

held as (

    select
        person_number,
        moved_on,
        lead(moved_on) over of_month as next_moved_on,
        max(level_number) over (of_month rows between unbounded preceding and current row) as stage_number,
        is_participating,
        is_identified,
        is_activated,
        is_nurtured,
        is_empowered,
        has_org_evidence
    from effective
    window of_month as (
        partition by person_number, {{ month_start('moved_on') }}
        order by moved_on, step_number
    )

),

-- One row per person and day: what holds when the day ends.
compared as (

    select
        person_number,
        moved_on,
        lag(stage_number) over (partition by person_number order by moved_on)
            as from_stage_number,
        stage_number as to_stage_number,
        is_participating,
        is_identified,
        is_activated,
        is_nurtured,
        is_empowered,
        has_org_evidence
    from held
    where next_moved_on is distinct from moved_on

),

moved as (

    select
        compared.*,
        case
            when coalesce(to_stage_number, -1) > coalesce(from_stage_number, -1) then 'up'
            else 'down'
        end as direction_code
    from compared
    where to_stage_number is distinct from from_stage_number

),

described as (

    select
        people.person_key,
        moved.person_number,
        moved.moved_on,
        moved.from_stage_number,
        moved.to_stage_number,
        moved.direction_code,
        moved.direction_code = 'up'
        and moved.to_stage_number = 6
        and not moved.has_org_evidence as is_organic,
        moved.direction_code = 'up'
        and (
            (coalesce(moved.from_stage_number, -1) < 1 and moved.to_stage_number > 1
                and not moved.is_participating)
            or (coalesce(moved.from_stage_number, -1) < 2 and moved.to_stage_number > 2
                and not moved.is_identified)
            or (coalesce(moved.from_stage_number, -1) < 3 and moved.to_stage_number > 3
                and not moved.is_activated)
            or (coalesce(moved.from_stage_number, -1) < 4 and moved.to_stage_number > 4
                and not moved.is_nurtured)
            or (coalesce(moved.from_stage_number, -1) < 5 and moved.to_stage_number > 5
                and not moved.is_empowered)
        ) as has_skipped
    from moved
    inner join people
        on moved.person_number = people.person_number

)

select * from described
