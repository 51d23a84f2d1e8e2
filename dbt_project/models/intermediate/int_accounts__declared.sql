-- The newest line of an account wins; a file that names a handle twice would otherwise
-- count its posts twice.
with

owned_accounts as (

    select
        platform_code,
        nullif(trim(account_id), '') as account_id,
        nullif(trim(account_handle), '') as account_handle,
        nullif(trim(account_name), '') as account_name,
        actor_class_code,
        nullif(trim(employee_code), '') as employee_code,
        nullif(trim(source_name), '') as source_name,
        valid_from,
        first_exported_at
    from {{ ref('stg_programme__owned_accounts') }}

),

platforms as (

    select
        platform_code,
        platform_kind_code
    from {{ ref('platforms') }}

),

keyed as (

    select
        {{ surrogate_key([
            'owned_accounts.platform_code',
            'lower(coalesce(owned_accounts.account_handle, owned_accounts.account_id))',
        ]) }} as account_key,
        owned_accounts.platform_code,
        platforms.platform_kind_code,
        owned_accounts.account_id,
        coalesce(owned_accounts.account_handle, owned_accounts.account_id) as account_handle,
        owned_accounts.account_name,
        owned_accounts.actor_class_code,
        owned_accounts.employee_code,
        owned_accounts.source_name,
        owned_accounts.valid_from,
        owned_accounts.first_exported_at
    from owned_accounts
    left join platforms
        on owned_accounts.platform_code = platforms.platform_code

),

latest as (

    select *
    from keyed
    qualify
        row_number() over (
            partition by account_key
            order by valid_from desc nulls last, account_id nulls last, source_name nulls last
        ) = 1

)

select * from latest
