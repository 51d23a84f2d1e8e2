with

runs as (

    select * from {{ ref('stg_gate__runs') }}

),

findings as (

    select * from {{ ref('fct_gate_findings') }}

),

-- Per week and check: how it ended, and whether it ever fired.
endings as (

    select
        week_start,
        check_code,
        bool_or(is_finding) as has_fired,
        bool_or(is_finding and is_latest_run) as is_open,
        bool_or(is_blocking and is_latest_run) as is_blocking,
        bool_or(state_code = 'waived' and is_latest_run) as is_waived,
        bool_or(is_latest_run) as is_asked
    from findings
    group by week_start, check_code

),

weeks as (

    select
        week_start,
        max(run_number) as run_count,
        sum(case when verdict_code = 'blocked' then 1 else 0 end) as blocked_run_count,
        max(case when run_number = 1 then verdict_code end) as first_verdict_code,
        max(case when is_latest_run then verdict_code end) as verdict_code
    from runs
    group by week_start

),

-- The week that was judged before, whichever that was.
ordered as (

    select
        week_start,
        lag(week_start) over (order by week_start) as earlier_week_start
    from weeks

),

compared as (

    select
        endings.*,
        coalesce(earlier.is_open, false) as was_open
    from endings
    inner join ordered
        on endings.week_start = ordered.week_start
    left join endings as earlier
        on
            ordered.earlier_week_start = earlier.week_start
            and endings.check_code = earlier.check_code

),

counted as (

    select
        week_start,
        sum(case when is_asked then 1 else 0 end) as check_count,
        sum(case when is_open then 1 else 0 end) as open_count,
        sum(case when is_blocking then 1 else 0 end) as blocking_count,
        sum(case when is_waived then 1 else 0 end) as waived_count,
        sum(case when is_open and not was_open then 1 else 0 end) as opened_count,
        sum(case when was_open and is_asked and not is_open then 1 else 0 end)
            as closed_count,
        sum(case when has_fired and is_asked and not is_open then 1 else 0 end)
            as mended_count
    from compared
    group by week_start

)

select
    weeks.week_start,
    weeks.first_verdict_code,
    weeks.verdict_code,
    weeks.verdict_code <> 'blocked' as is_publishable,
    weeks.run_count,
    cast(weeks.blocked_run_count as bigint) as blocked_run_count,
    cast(coalesce(counted.check_count, 0) as bigint) as check_count,
    cast(coalesce(counted.check_count - counted.open_count, 0) as bigint) as passed_count,
    cast(coalesce(counted.open_count, 0) as bigint) as open_count,
    cast(coalesce(counted.blocking_count, 0) as bigint) as blocking_count,
    cast(coalesce(counted.waived_count, 0) as bigint) as waived_count,
    cast(coalesce(counted.opened_count, 0) as bigint) as opened_count,
    cast(coalesce(counted.closed_count, 0) as bigint) as closed_count,
    cast(coalesce(counted.mended_count, 0) as bigint) as mended_count,
    {{ safe_ratio('counted.check_count - counted.open_count', 'counted.check_count') }}
        as passed_ratio
from weeks
left join counted
    on weeks.week_start = counted.week_start
