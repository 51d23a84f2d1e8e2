{{ config(schema='intermediate', contract={'enforced': false}) }}
-- Promote at once, demote at the monthly review: between two reviews a person's stage
-- is the highest level since the last one; a review sets it to the level that holds.
with

days as (

    select
        person_key,
        evaluated_on,
        is_review,
        level_number,
        is_participating,
        is_identified,
        is_activated,
        is_nurtured,
        is_empowered,
        max(case when is_activated or is_nurtured or is_empowered then 1 else 0 end) over (
            partition by person_key
            order by evaluated_on
            rows between unbounded preceding and current row
        ) = 1 as has_org_evidence
    from {{ ref('fct_funnel_days') }}

),

-- The level at the end of a month takes effect on the first of the next; a day's own
-- level on the day, also on the last of a month: there a reply by somebody else can
-- raise it. On a first of the month the review comes before the day's acts.
effective as (

    select
        person_key,
        evaluated_on,
        evaluated_on as moved_on,
        1 as step_number,
        level_number
    from days
    where level_number is not null or not is_review

    union all

    select
        person_key,
        evaluated_on,
        {{ days_later('evaluated_on', 1) }} as moved_on,
        0 as step_number,
        level_number
    from days
    where is_review

),

held as (

    select
        person_key,
        evaluated_on,
        moved_on,
        step_number,
        max(level_number) over (
            partition by person_key, {{ month_start('moved_on') }}
            order by moved_on, step_number
            rows between unbounded preceding and current row
        ) as stage_number
    from effective

),

-- One row per person and day: what holds when the day ends.
settled as (

    select
        person_key,
        evaluated_on,
        moved_on,
        stage_number
    from held
    qualify row_number() over (
        partition by person_key, moved_on
        order by step_number desc
    ) = 1

),

compared as (

    select
        person_key,
        evaluated_on,
        moved_on,
        lag(stage_number) over (partition by person_key order by moved_on)
            as from_stage_number,
        stage_number as to_stage_number
    from settled

),

moved as (

    select
        person_key,
        evaluated_on,
        moved_on,
        from_stage_number,
        to_stage_number,
        case
            when coalesce(to_stage_number, -1) > coalesce(from_stage_number, -1) then 'up'
            else 'down'
        end as direction_code
    from compared
    where to_stage_number is distinct from from_stage_number

),

described as (

    select
        moved.person_key,
        moved.moved_on,
        moved.from_stage_number,
        moved.to_stage_number,
        moved.direction_code,
        moved.direction_code = 'up'
        and moved.to_stage_number = 6
        and not days.has_org_evidence as is_organic,
        moved.direction_code = 'up'
        and (
            (coalesce(moved.from_stage_number, -1) < 1 and moved.to_stage_number > 1
                and not days.is_participating)
            or (coalesce(moved.from_stage_number, -1) < 2 and moved.to_stage_number > 2
                and not days.is_identified)
            or (coalesce(moved.from_stage_number, -1) < 3 and moved.to_stage_number > 3
                and not days.is_activated)
            or (coalesce(moved.from_stage_number, -1) < 4 and moved.to_stage_number > 4
                and not days.is_nurtured)
            or (coalesce(moved.from_stage_number, -1) < 5 and moved.to_stage_number > 5
                and not days.is_empowered)
        ) as has_skipped
    from moved
    inner join days
        on
            moved.person_key = days.person_key
            and moved.evaluated_on = days.evaluated_on

)

select * from described
