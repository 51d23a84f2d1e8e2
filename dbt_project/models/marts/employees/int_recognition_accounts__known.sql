{{ config(schema='intermediate', contract={'enforced': false}) }}
-- Who takes part in each half-year's ranking, with which accounts, as the rosters said by
-- the moment until which it is known. Whoever takes no part any more keeps the place and has
-- no key: nobody is to be named by it.
with

rosters as (

    select * from {{ ref('int_recognition_rosters__known') }}

),

enrolled as (

    select
        period_start,
        period_end,
        frozen_on,
        is_frozen,
        view_code,
        known_at,
        employee_code,
        coalesce(max(opted_in_on), date '0001-01-01') as enrolled_on
    from rosters
    group by
        period_start,
        period_end,
        frozen_on,
        is_frozen,
        view_code,
        known_at,
        known_on,
        employee_code
    having
        bool_and(has_opted_in)
        and coalesce(min(opted_out_on), date '9999-12-31') > known_on

),

newest_files as (

    select
        period_start,
        view_code,
        source_name,
        file_sha256
    from rosters
    group by
        period_start,
        view_code,
        source_name,
        file_sha256

),

taking_part as (

    select
        employee_code,
        min(person_key) as person_key
    from {{ ref('int_employee_accounts__linked') }}
    group by employee_code

),

-- One row per view, account and employee who claims it.
claims as (

    select
        enrolled.period_start,
        enrolled.view_code,
        named.platform_code,
        named.account_id,
        enrolled.employee_code
    from enrolled
    inner join {{ ref('int_employee_accounts__named') }} as named
        on enrolled.employee_code = named.employee_code
    left join newest_files
        on
            enrolled.period_start = newest_files.period_start
            and enrolled.view_code = newest_files.view_code
            and named.source_name = newest_files.source_name
            and named.file_sha256 = newest_files.file_sha256
    where
        enrolled.enrolled_on <= least(enrolled.period_end, {{ days_later(built_week(), 6) }})
        and named.named_at < enrolled.known_at
        and (named.file_sha256 is null or newest_files.file_sha256 is not null)

),

claimed as (

    select
        period_start,
        view_code,
        platform_code,
        account_id,
        min(employee_code) as employee_code
    from claims
    group by
        period_start,
        view_code,
        platform_code,
        account_id

)

select
    enrolled.period_start,
    enrolled.period_end,
    enrolled.frozen_on,
    enrolled.is_frozen,
    enrolled.view_code,
    enrolled.known_at,
    enrolled.employee_code,
    enrolled.enrolled_on,
    claimed.platform_code,
    claimed.account_id,
    taking_part.person_key
from claimed
inner join enrolled
    on
        claimed.period_start = enrolled.period_start
        and claimed.view_code = enrolled.view_code
        and claimed.employee_code = enrolled.employee_code
left join taking_part
    on enrolled.employee_code = taking_part.employee_code
