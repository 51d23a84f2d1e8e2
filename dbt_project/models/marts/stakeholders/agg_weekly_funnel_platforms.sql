-- The funnel by home platform. Everybody has one home, the platform of most acts, so the
-- platforms add up to the funnel.
with

weeks as (

    select week_start
    from {{ ref('dim_weeks') }}

),

stays as (

    select
        person_key,
        stage_number,
        first_week,
        last_week
    from {{ ref('int_person_stages__dated') }}

),

people as (

    select
        person_key,
        platform_code
    from {{ ref('dim_people') }}

),

stages as (

    select
        stage_number,
        stage_code
    from {{ ref('funnel_stages') }}

),

-- One row per platform, stage and stretch of weeks.
grouped as (

    select
        people.platform_code,
        stays.stage_number,
        stays.first_week,
        stays.last_week,
        count(*) as member_count
    from stays
    inner join people
        on stays.person_key = people.person_key
    group by
        people.platform_code,
        stays.stage_number,
        stays.first_week,
        stays.last_week

),

-- One row per platform, stage and week in which somebody comes or goes.
changes as (

    select
        platform_code,
        stage_number,
        first_week as changed_week,
        sum(member_count) as member_change
    from grouped
    group by
        platform_code,
        stage_number,
        first_week

    union all

    select
        platform_code,
        stage_number,
        {{ days_later('last_week', 7) }} as changed_week,
        -sum(member_count) as member_change
    from grouped
    group by
        platform_code,
        stage_number,
        last_week

),

counted as (

    select
        weeks.week_start,
        changes.platform_code,
        changes.stage_number,
        cast(sum(changes.member_change) as bigint) as member_count
    from weeks
    inner join changes
        on weeks.week_start >= changes.changed_week
    group by
        weeks.week_start,
        changes.platform_code,
        changes.stage_number

),

named as (

    select
        counted.week_start,
        counted.platform_code,
        counted.stage_number,
        stages.stage_code,
        counted.member_count
    from counted
    inner join stages
        on counted.stage_number = stages.stage_number
    where counted.member_count > 0

)

select * from named
