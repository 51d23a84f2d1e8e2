-- Which account a claim means. An id decides alone; a handle counts where exactly one seen
-- account bears it.
with

claims as (

    select * from {{ ref('int_identity_claims__gathered') }}

),

handles as (

    select
        platform_code,
        lower(account_handle) as account_handle,
        min(account_person_key) as account_person_key,
        count(*) as account_count
    from {{ ref('int_accounts__seen') }}
    where account_handle is not null
    group by
        platform_code,
        lower(account_handle)

),

-- Same grain: a handle is one row.
resolved as (

    select
        claims.*,
        case
            when claims.account_id is not null
                then {{ surrogate_key(['claims.platform_code', 'claims.account_id']) }}
            when handles.account_count = 1 then handles.account_person_key
        end as account_person_key,
        case
            when claims.account_id is not null or handles.account_count = 1
                then cast(null as varchar)
            when handles.account_count > 1 then 'ambiguous_handle'
            else 'unseen_handle'
        end as guard_code
    from claims
    left join handles
        on
            claims.account_id is null
            and claims.platform_code = handles.platform_code
            and lower(claims.account_handle) = handles.account_handle

)

select * from resolved
