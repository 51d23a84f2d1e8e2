{{ config(schema='intermediate', contract={'enforced': false}) }}
-- Accounts of employees who take part: those that the roster or the list of our accounts
-- names by id, or by a handle that one account bears. An account that two employees claim
-- belongs to the first of them by code, so that no act counts twice.
with

enrolled as (

    select
        employee_code,
        enrolled_on
    from {{ ref('int_employees__enrolled') }}

),

named as (

    select
        source_name,
        file_sha256,
        employee_code,
        platform_code,
        account_id,
        account_handle,
        min(named_at) over (partition by employee_code, platform_code, account_id) as first_named_at
    from {{ ref('int_employee_accounts__named') }}

),

newest_rosters as (

    select
        source_name,
        file_sha256
    from {{ ref('stg_programme__employee_roster') }}
    group by
        source_name,
        file_sha256

),

people as (

    select
        account_person_key,
        person_key
    from {{ ref('int_people__linked') }}

),

-- What the newest rosters and the list of our accounts say.
standing as (

    select
        named.employee_code,
        named.platform_code,
        named.account_id,
        named.account_handle,
        named.first_named_at
    from named
    inner join enrolled
        on named.employee_code = enrolled.employee_code
    left join newest_rosters
        on
            named.source_name = newest_rosters.source_name
            and named.file_sha256 = newest_rosters.file_sha256
    where named.file_sha256 is null or newest_rosters.file_sha256 is not null

),

-- One row per account.
claimed as (

    select
        platform_code,
        account_id,
        {{ person_key('platform_code', 'account_id') }} as account_person_key,
        min(employee_code) as employee_code,
        max(account_handle) as account_handle,
        min_by(first_named_at, employee_code) as first_named_at
    from standing
    group by
        platform_code,
        account_id

),

-- Same grain: an account has one person, and an employee one key whatever the accounts.
linked as (

    select
        claimed.employee_code,
        enrolled.enrolled_on,
        min(coalesce(people.person_key, claimed.account_person_key))
            over (partition by claimed.employee_code) as person_key,
        claimed.platform_code,
        claimed.account_id,
        claimed.account_handle,
        claimed.account_person_key,
        claimed.first_named_at
    from claimed
    inner join enrolled
        on claimed.employee_code = enrolled.employee_code
    left join people
        on claimed.account_person_key = people.account_person_key

)

select * from linked
