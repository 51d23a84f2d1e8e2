{{ config(schema='intermediate', contract={'enforced': false}) }}
-- Which accounts were said to be whose, by which file and when: rosters, each as it was
-- handed in, and the list of our accounts since the first that has the account. A handle
-- counts where one account bears it.
with

named as (

    select
        source_name,
        file_sha256,
        exported_at as named_at,
        employee_code,
        platform_code,
        account_id,
        account_handle
    from {{ ref('stg_landing__employee_rosters') }}

    union

    select
        cast(null as varchar) as source_name,
        cast(null as varchar) as file_sha256,
        first_exported_at as named_at,
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

)

-- Same grain: a handle that one account bears is one row.
select
    named.source_name,
    named.file_sha256,
    named.named_at,
    named.employee_code,
    named.platform_code,
    coalesce(named.account_id, seen_handles.account_id, named.account_handle) as account_id,
    named.account_handle
from named
left join seen_handles
    on
        named.account_id is null
        and named.platform_code = seen_handles.platform_code
        and named.account_handle = seen_handles.account_handle
where
    named.employee_code is not null
    and named.platform_code is not null
    and coalesce(named.account_id, named.account_handle) is not null
