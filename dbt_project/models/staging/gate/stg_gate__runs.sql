-- Folders of runs that died have numbers too; here a week's runs count from 1 without
-- gaps, so that a week that was repeated reads like one that went through at once.
with

source as (

    select * from {{ source('gate', 'runs') }}

),

numbered as (

    select
        run_key as record_key,
        week_start,
        build_id,
        verdict_code,
        check_count,
        passed_count,
        row_number() over (partition by week_start order by run_number, run_key)
            as run_number,
        row_number() over (
            partition by week_start order by run_number desc, run_key desc
        ) = 1 as is_latest_run
    from source
    where week_start <= {{ built_week() }}

)

select
    {{ surrogate_key(['week_start', 'run_number', 'build_id']) }} as run_key,
    *
from numbered
