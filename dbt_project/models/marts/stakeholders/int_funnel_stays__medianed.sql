{{ config(schema='intermediate', contract={'enforced': false}) }}
{#- What did not end leaves with its window: least() passes over null. #}
{%- set left_of_unended = 'least(' ~ window_left_week('arrivals.arrived_on', 'rules.window_days')
    ~ ', ' ~ reporting_week('arrivals.left_on') ~ ')' %}
-- Median days in a stage by Kaplan-Meier, per week: people who are still there enter
-- as "at least so long". A median of finished stays only would flatter a stuck step.
with

weeks as (

    select week_start
    from {{ ref('dim_weeks') }}

),

arrivals as (

    select
        stage_number,
        arrived_on,
        left_on
    from {{ ref('int_funnel_arrivals__followed') }}

),

rules as (

    select
        window_days,
        valid_from,
        valid_to
    from {{ ref('dim_funnel_rules') }}
    where rule_id = 'median_stay'

),

-- Stays that are alike in weeks and days, counted. One that ended has its length, from the
-- week of its end on; one that goes on, as long as it does, is a day longer every day.
spans as (

    select
        rules.valid_from,
        arrivals.stage_number,
        {{ day_count_between('arrivals.arrived_on', 'arrivals.left_on') }} as ended_days,
        cast(null as date) as arrived_on,
        {{ reporting_week('arrivals.left_on') }} as first_week,
        {{ window_left_week('arrivals.arrived_on', 'rules.window_days') }} as left_week,
        count(*) as stay_count
    from arrivals
    cross join rules
    where arrivals.left_on is not null
    group by
        rules.valid_from,
        arrivals.stage_number,
        {{ day_count_between('arrivals.arrived_on', 'arrivals.left_on') }},
        {{ reporting_week('arrivals.left_on') }},
        {{ window_left_week('arrivals.arrived_on', 'rules.window_days') }}

    union all

    select
        rules.valid_from,
        arrivals.stage_number,
        cast(null as bigint) as ended_days,
        arrivals.arrived_on,
        {{ reporting_week('arrivals.arrived_on') }} as first_week,
        {{ left_of_unended }} as left_week,
        count(*) as stay_count
    from arrivals
    cross join rules
    group by
        rules.valid_from,
        arrivals.stage_number,
        arrivals.arrived_on,
        {{ left_of_unended }}

),

-- One row per week, stage and length of stay, as known when the week closed.
durations as (

    select
        weeks.week_start,
        spans.stage_number,
        coalesce(
            spans.ended_days,
            {{ day_count_between('spans.arrived_on', days_later('weeks.week_start', 7)) }}
        ) as stay_days,
        cast(sum(spans.stay_count) as bigint) as stay_count,
        cast(sum(case when spans.ended_days is null then 0 else spans.stay_count end) as bigint) as ended_count
    from weeks
    inner join rules
        on weeks.week_start between rules.valid_from and rules.valid_to
    inner join spans
        on
            rules.valid_from = spans.valid_from
            and weeks.week_start >= spans.first_week
            and weeks.week_start < spans.left_week
    group by
        weeks.week_start,
        spans.stage_number,
        coalesce(
            spans.ended_days,
            {{ day_count_between('spans.arrived_on', days_later('weeks.week_start', 7)) }}
        )

),

at_risk as (

    select
        week_start,
        stage_number,
        stay_days,
        ended_count,
        sum(stay_count) over (
            partition by week_start, stage_number
            order by stay_days desc
            rows between unbounded preceding and current row
        ) as at_risk_count
    from durations

),

surviving as (

    select
        week_start,
        stage_number,
        stay_days,
        case
            when
                max(case when ended_count = at_risk_count then 1 else 0 end) over (
                    partition by week_start, stage_number
                    order by stay_days
                    rows between unbounded preceding and current row
                ) = 1
                then 0.0
            else round(exp(sum(case
                when ended_count < at_risk_count
                    then ln(1.0 - cast(ended_count as double) / at_risk_count)
                else 0.0
            end) over (
                partition by week_start, stage_number
                order by stay_days
                rows between unbounded preceding and current row
            )), 9)
        end as surviving_ratio
    from at_risk

),

medianed as (

    select
        week_start,
        stage_number,
        cast(min(case when surviving_ratio <= 0.5 then stay_days end) as double) as median_days_in_stage
    from surviving
    group by
        week_start,
        stage_number

)

select * from medianed
