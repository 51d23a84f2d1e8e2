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

-- One row per week, platform and person with a turn in the window.
windowed as (

    select
        weeks.week_start,
        directed.platform_code,
        directed.person_key,
        bool_or(directed.is_inbound) as has_inbound,
        bool_or(not directed.is_inbound) as has_outbound
    from weeks
    cross join thresholds
    inner join directed
        on
            directed.occurred_date < weeks.week_start + 7
            and directed.occurred_date >= weeks.week_start + 7 - thresholds.reciprocity_days
    group by
        weeks.week_start,
        directed.platform_code,
        directed.person_key

),

-- Each row once for its platform and once for all platforms together.
segmented as (

    select
        windowed.*,
        case when totals.is_total then 'all' else windowed.platform_code end as segment_code
    from windowed
    cross join (values (false), (true)) as totals (is_total)

),

counted as (

    select
        week_start,
        segment_code as platform_code,
        count(*) as inbound_person_count,
        count(*) filter (where has_outbound) as reciprocal_person_count
    from segmented
    where has_inbound
    group by
        week_start,
        segment_code

)

select * from counted
