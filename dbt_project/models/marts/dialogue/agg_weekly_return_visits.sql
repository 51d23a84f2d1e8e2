-- Who spoke to us came back to us: of the people with a turn to us in a week, those with
-- another on a later day within 28. A week is judged once its 28 days have passed.
with

turns as (

    select
        platform_code,
        person_key,
        occurred_week,
        occurred_date
    from {{ ref('fct_interactions') }}
    where
        is_addressed_to_org
        and actor_class_code = 'stakeholder'
        and person_key is not null

),

thresholds as (

    select return_visit_days
    from {{ ref('int_thresholds__pivoted') }}

),

-- One row per platform, person and day; each once more for all platforms together.
days as (

    select
        platform_code,
        person_key,
        occurred_week,
        occurred_date
    from turns
    group by
        platform_code,
        person_key,
        occurred_week,
        occurred_date

    union all

    select
        'all' as platform_code,
        person_key,
        occurred_week,
        occurred_date
    from turns
    group by
        person_key,
        occurred_week,
        occurred_date

),

followed as (

    select
        *,
        lead(occurred_date) over (
            partition by platform_code, person_key
            order by occurred_date
        ) as next_on
    from days

),

-- One row per week, platform and person: the first day of the week, and the next after it,
-- which is the earliest of the next days.
visits as (

    select
        occurred_week as week_start,
        platform_code,
        person_key,
        min(occurred_date) as visited_on,
        min(next_on) as next_on
    from followed
    group by
        occurred_week,
        platform_code,
        person_key

),

returned as (

    select
        visits.week_start,
        visits.platform_code,
        coalesce(
            visits.next_on <= {{ days_later('visits.visited_on', 'thresholds.return_visit_days') }},
            false
        ) as has_returned
    from visits
    cross join thresholds

),

counted as (

    select
        returned.week_start,
        returned.platform_code,
        count(*) as inbound_person_count,
        count(case when returned.has_returned then 1 end) as returned_person_count,
        bool_and({{ days_later('returned.week_start', 'thresholds.return_visit_days') }} <= {{ built_week() }})
            as is_mature
    from returned
    cross join thresholds
    group by
        returned.week_start,
        returned.platform_code

),

rated as (

    select
        week_start,
        platform_code,
        inbound_person_count,
        returned_person_count,
        case
            when is_mature
                then {{ safe_ratio('returned_person_count', 'inbound_person_count') }}
        end as return_visit_ratio,
        is_mature
    from counted

)

select * from rated
