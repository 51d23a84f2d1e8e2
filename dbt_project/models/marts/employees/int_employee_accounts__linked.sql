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
        employee_code,
        platform_code,
        nullif(trim(account_id), '') as account_id,
        lower(nullif(trim(account_handle), '')) as account_handle
    from {{ ref('stg_programme__employee_roster') }}

    union

    select
        employee_code,
        platform_code,
        account_id,
        lower(account_handle) as account_handle
    from {{ ref('int_accounts__declared') }}
    where actor_class_code = 'employee'

),

seen_handles as (

    select
        platform_code,
        lower(account_handle) as account_handle,
        min(account_id) as account_id
    from {{ ref('int_accounts__identified') }}
    where account_handle is not null
    group by
        platform_code,
        lower(account_handle)
    having count(*) = 1

),

people as (

    select
        account_person_key,
        person_key
    from {{ ref('int_people__linked') }}

),

-- Same grain: a handle that one account bears is one row.
resolved as (

    select
        enrolled.employee_code,
        enrolled.enrolled_on,
        named.platform_code,
        coalesce(named.account_id, seen_handles.account_id, named.account_handle) as account_id,
        named.account_handle
    from named
    inner join enrolled
        on named.employee_code = enrolled.employee_code
    left join seen_handles
        on
            named.account_id is null
            and named.platform_code = seen_handles.platform_code
            and named.account_handle = seen_handles.account_handle
    where
        named.platform_code is not null
        and coalesce(named.account_id, named.account_handle) is not null

),

-- One row per account.
claimed as (

    select
        platform_code,
        account_id,
        {{ person_key('platform_code', 'account_id') }} as account_person_key,
        min(employee_code) as employee_code,
        max(account_handle) as account_handle
    from resolved
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
        claimed.account_person_key
    from claimed
    inner join enrolled
        on claimed.employee_code = enrolled.employee_code
    left join people
        on claimed.account_person_key = people.account_person_key

)

select * from linked
