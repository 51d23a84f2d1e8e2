-- People who spoke to the organisation in the 28 days that end with a week, and those of
-- them to whom it also spoke in that time.
with

interactions as (

    select
        platform_code,
        person_key,
        parent_person_key,
        actor_class_code,
        occurred_date,
        is_addressed_to_org
    from {{ ref('int_interactions__classified') }}

),

weeks as (

    select week_start
    from {{ ref('int_weeks__listed') }}

),

thresholds as (

    select reciprocity_days
    from {{ ref('int_thresholds__pivoted') }}

),

directed as (

    select
        platform_code,
        person_key,
        occurred_date,
        true as is_inbound
    from interactions
    where is_addressed_to_org and person_key is not null

    union all

    select
        platform_code,
        parent_person_key as person_key,
        occurred_date,
        false as is_inbound
    from interactions
    where
        actor_class_code in ('org', 'employee')
        and parent_person_key is not null

),

-- One row per platform, person and span of weeks in whose windows their turns lie: those
-- of one week mostly share it.
spans as (

    select
        directed.platform_code,
        directed.person_key,
        {{ reporting_week('directed.occurred_date') }} as first_week,
        {{ window_left_week('directed.occurred_date', 'thresholds.reciprocity_days') }} as left_week,
        bool_or(directed.is_inbound) as has_inbound,
        bool_or(not directed.is_inbound) as has_outbound
    from directed
    cross join thresholds
    group by
        directed.platform_code,
        directed.person_key,
        first_week,
        left_week

),

-- One row per week, platform and person with a turn in the window.
platform_windows as (

    select
        weeks.week_start,
        spans.platform_code,
        spans.person_key,
        bool_or(spans.has_inbound) as has_inbound,
        bool_or(spans.has_outbound) as has_outbound
    from spans
    inner join weeks
        on
            spans.first_week <= weeks.week_start
            and spans.left_week > weeks.week_start
    group by
        weeks.week_start,
        spans.platform_code,
        spans.person_key

),

-- Over all platforms somebody who spoke on two is one person, answered if we spoke to
-- them on either.
windowed as (

    select
        week_start,
        platform_code,
        has_inbound,
        has_outbound
    from platform_windows

    union all

    select
        week_start,
        'all' as platform_code,
        bool_or(has_inbound) as has_inbound,
        bool_or(has_outbound) as has_outbound
    from platform_windows
    group by
        week_start,
        person_key

),

counted as (

    select
        week_start,
        platform_code,
        count(*) as inbound_person_count,
        count(*) filter (where has_outbound) as reciprocal_person_count
    from windowed
    where has_inbound
    group by
        week_start,
        platform_code

)

select * from counted
