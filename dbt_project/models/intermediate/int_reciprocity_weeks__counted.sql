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

-- Each turn once for its platform and once for all platforms together.
segmented as (

    select
        case when totals.is_total then 'all' else directed.platform_code end as platform_code,
        directed.person_key,
        directed.occurred_date,
        directed.is_inbound
    from directed
    cross join (values (false), (true)) as totals (is_total)

),

-- One row per week, platform and person with a turn in the window. Over all platforms
-- somebody who spoke on two is one person, answered if we spoke to them on either.
windowed as (

    select
        weeks.week_start,
        segmented.platform_code,
        segmented.person_key,
        bool_or(segmented.is_inbound) as has_inbound,
        bool_or(not segmented.is_inbound) as has_outbound
    from weeks
    cross join thresholds
    inner join segmented
        on
            segmented.occurred_date < {{ days_later('weeks.week_start', 7) }}
            and segmented.occurred_date >= {{ days_later('weeks.week_start', '7 - thresholds.reciprocity_days') }}
    group by
        weeks.week_start,
        segmented.platform_code,
        segmented.person_key

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
