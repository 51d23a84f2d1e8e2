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
    -- What we did after the week is not of it; who asked to be left alone since then is heard.
    where
        contacted_at < {{ week_end_at() }}
        or (entry_kind_code = 'opt_out' and contacted_at < {{ as_of() }})

),

links as (

    select
        account_person_key,
        person_key
    from {{ ref('int_people__linked') }}

),

keyed as (

    select
        outreach_log.*,
        {{ person_key('platform_code', 'account_id') }} as account_person_key
    from outreach_log

),

-- Same grain: an account has one person.
identified as (

    select
        entry_id,
        entry_kind_code,
        platform_code,
        coalesce(links.person_key, keyed.account_person_key) as person_key,
        contacted_at,
        {{ local_date('contacted_at') }} as contacted_date,
        {{ reporting_week(local_date('contacted_at')) }} as contacted_week,
        employee_code,
        channel_name,
        empowerment_code
    from keyed
    left join links
        on keyed.account_person_key = links.account_person_key

)

select * from identified
