{{ config(schema='intermediate', contract={'enforced': false}) }}
-- Until which moment each half-year is known, seen twice: frozen ends with the freeze,
-- current with the build. Before the freeze both are the same.
with

thresholds as (

    select recognition_freeze_days
    from {{ ref('int_thresholds__pivoted') }}

),

periods as (

    select
        {{ halfyear_start('weeks.week_start') }} as period_start,
        {{ halfyear_end('weeks.week_start') }} as period_end,
        {{ days_later(halfyear_end('weeks.week_start'), 'max(thresholds.recognition_freeze_days)') }} as frozen_on
    from {{ ref('dim_weeks') }} as weeks
    cross join thresholds
    group by
        {{ halfyear_start('weeks.week_start') }},
        {{ halfyear_end('weeks.week_start') }}

),

dated as (

    select
        *,
        {{ local_midnight(days_later('frozen_on', 1)) }} as freeze_at
    from periods

)

select
    period_start,
    period_end,
    frozen_on,
    {{ as_of() }} >= freeze_at as is_frozen,
    'frozen' as view_code,
    least(freeze_at, {{ as_of() }}) as known_at,
    least(frozen_on, {{ local_date(as_of()) }}) as known_on
from dated

union all

select
    period_start,
    period_end,
    frozen_on,
    {{ as_of() }} >= freeze_at as is_frozen,
    'current' as view_code,
    {{ as_of() }} as known_at,
    {{ local_date(as_of()) }} as known_on
from dated
