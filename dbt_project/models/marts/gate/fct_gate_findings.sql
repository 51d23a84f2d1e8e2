with

runs as (

    select * from {{ ref('stg_gate__runs') }}

),

findings as (

    select * from {{ ref('stg_gate__findings') }}

)

select
    {{ surrogate_key(['runs.run_key', 'findings.check_code']) }} as finding_key,
    runs.run_key,
    runs.week_start,
    runs.run_number,
    runs.is_latest_run,
    runs.verdict_code,
    findings.position_number,
    findings.suite_code,
    findings.check_code,
    findings.severity_code,
    findings.state_code,
    findings.state_code <> 'passed' as is_finding,
    findings.severity_code = 'critical' and findings.state_code in ('failed', 'broken')
        as is_blocking,
    case when findings.state_code <> 'passed' then findings.offending_count end
        as offending_count,
    findings.waived_until_date
from runs
inner join findings
    on runs.record_key = findings.record_key
