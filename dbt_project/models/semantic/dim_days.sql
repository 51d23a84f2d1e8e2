-- Days from the first week with data to the end of the reporting week.
with

weeks as (

    select
        min(week_start) as first_week,
        max(week_start) as last_week
    from {{ ref('dim_weeks') }}

),

days as (

    {{ days_between(
        '(select first_week from weeks)',
        '(select ' ~ days_later('last_week', 6) ~ ' from weeks)'
    ) }}

)

select
    day as date_day,
    {{ reporting_week('day') }} as week_start,
    {{ month_start('day') }} as month_start
from days
