with

outreach_log as (

    select
        entry_id,
        entry_kind_code,
        platform_code,
        nullif(trim(account_id), '') as account_id,
        contacted_at,
        nullif(trim(employee_code), '') as employee_code,
        nullif(trim(channel_name), '') as channel_name,
        nullif(trim(empowerment_code), '') as empowerment_code
    from {{ ref('stg_programme__outreach_log') }}
    where contacted_at < {{ week_end_at() }}

),

identified as (

    select
        entry_id,
        entry_kind_code,
        platform_code,
        {{ person_key('platform_code', 'account_id') }} as person_key,
        contacted_at,
        {{ local_date('contacted_at') }} as contacted_date,
        {{ reporting_week(local_date('contacted_at')) }} as contacted_week,
        employee_code,
        channel_name,
        empowerment_code
    from outreach_log

)

select * from identified
