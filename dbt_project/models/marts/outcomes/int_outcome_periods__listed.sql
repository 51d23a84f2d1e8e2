{{ config(schema='intermediate', contract={'enforced': false}) }}
-- Months for which outcomes are stated, and the weeks of which the usual week of a month is
-- made: a week belongs to the month of its Thursday. A month that is not over is a preview.
with

thresholds as (

    select outcome_history_months
    from {{ ref('int_thresholds__pivoted') }}

),

weeks as (

    select week_start
    from {{ ref('dim_weeks') }}

),

first_week as (

    select min(week_start) as first_day
    from weeks

),

months as (

    select {{ month_start('week_start') }} as month_start
    from weeks

    union

    select {{ month_start(days_later('week_start', 6)) }} as month_start
    from weeks

),

recent as (

    select month_start
    from months
    cross join thresholds
    qualify
        row_number() over (order by month_start desc)
        <= max(thresholds.outcome_history_months) over ()

),

periods as (

    select
        'month' as period_kind_code,
        recent.month_start as period_start,
        {{ days_later(month_end('recent.month_start'), 1) }} as period_end,
        recent.month_start
    from recent

    union all

    select
        'week' as period_kind_code,
        weeks.week_start as period_start,
        {{ days_later('weeks.week_start', 7) }} as period_end,
        recent.month_start
    from weeks
    inner join recent
        on {{ month_start(days_later('weeks.week_start', 3)) }} = recent.month_start

)

select
    periods.period_kind_code,
    periods.period_start,
    periods.period_end,
    periods.month_start,
    periods.period_start < first_week.first_day as is_partial,
    periods.period_end > {{ days_later(built_week(), 7) }} as is_preview
from periods
cross join first_week
