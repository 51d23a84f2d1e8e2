{{ config(schema='intermediate', contract={'enforced': false}) }}
-- Median days in a stage by Kaplan-Meier, per week: people who are still there enter
-- as "at least so long". A median of finished stays only would flatter a stuck step.
with

weeks as (

    select week_start
    from {{ ref('dim_weeks') }}

),

arrivals as (

    select
        person_key,
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

-- One row per week and stay that began in its window, as known when the week closed.
stays as (

    select
        weeks.week_start,
        arrivals.stage_number,
        {{ seconds_between(
            'arrivals.arrived_on',
            "least(coalesce(arrivals.left_on, date '9999-12-31'), " ~ days_later('weeks.week_start', 7) ~ ")"
        ) }} / 86400 as stay_days,
        coalesce(arrivals.left_on <= {{ days_later('weeks.week_start', 6) }}, false) as has_ended
    from weeks
    inner join rules
        on weeks.week_start between rules.valid_from and rules.valid_to
    inner join arrivals
        on
            arrivals.arrived_on <= {{ days_later('weeks.week_start', 6) }}
            and arrivals.arrived_on > {{ days_later('weeks.week_start', '6 - rules.window_days') }}

),

-- One row per week, stage and length of stay.
durations as (

    select
        week_start,
        stage_number,
        stay_days,
        count(*) as stay_count,
        count(case when has_ended then 1 end) as ended_count
    from stays
    group by
        week_start,
        stage_number,
        stay_days

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
        min(case when surviving_ratio <= 0.5 then stay_days end) as median_days_in_stage
    from surviving
    group by
        week_start,
        stage_number

)

select * from medianed
