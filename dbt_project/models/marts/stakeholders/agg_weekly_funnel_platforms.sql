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

counted as (

    select
        weeks.week_start,
        people.platform_code,
        stays.stage_number,
        count(*) as member_count
    from weeks
    inner join stays
        on weeks.week_start between stays.first_week and stays.last_week
    inner join people
        on stays.person_key = people.person_key
    group by
        weeks.week_start,
        people.platform_code,
        stays.stage_number

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

)

select * from named
