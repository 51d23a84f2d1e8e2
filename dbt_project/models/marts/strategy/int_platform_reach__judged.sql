{{ config(schema='intermediate', contract={'enforced': false}) }}
-- Where can we be heard? On our own ground, and where we spoke in the weeks before.
with

thresholds as (

    select suggestion_interest_weeks
    from {{ ref('int_thresholds__pivoted') }}

),

weeks as (

    select
        week_start,
        max(closed_on) as closed_on
    from {{ ref('int_suggestion_themes__dated') }}
    group by week_start

),

spoken as (

    select
        platform_code,
        occurred_week
    from {{ ref('fct_interactions') }}
    where
        actor_class_code in ('org', 'employee')
        and occurred_at < {{ observed_until() }}
    group by
        platform_code,
        occurred_week

),

-- One row per week and platform.
reached as (

    select
        weeks.week_start,
        spoken.platform_code
    from weeks
    cross join thresholds
    inner join spoken
        on
            spoken.occurred_week <= weeks.week_start
            and spoken.occurred_week
            > {{ days_later('weeks.week_start', '-7 * thresholds.suggestion_interest_weeks') }}
    group by
        weeks.week_start,
        spoken.platform_code

)

select * from reached
