-- Links that are not made, for whoever keeps the file of links to look at.
with

claims as (

    select * from {{ ref('int_identity_claims__guarded') }}

),

connected as (

    select * from {{ ref('int_people__connected') }}

),

refused as (

    select
        claims.*,
        coalesce(
            claims.guard_code,
            case when connected.has_too_many_accounts then 'too_many_accounts' end
        ) as reason_code,
        coalesce(connected.account_count, 0) as account_count
    from claims
    left join connected
        on
            claims.guard_code is null
            and claims.account_person_key = connected.account_person_key

),

listed as (

    select
        {{ surrogate_key(['owner_code', 'platform_code', 'account_id', 'lower(account_handle)', 'rule_code']) }}
            as guard_key,
        reason_code as guard_code,
        rule_code,
        {{ surrogate_key(['owner_code']) }} as owner_key,
        platform_code,
        max(account_person_key) as account_person_key,
        max(account_handle) as account_handle,
        max(account_count) as account_count,
        max(decided_at) as decided_at,
        max(file_sha256) as file_sha256
    from refused
    where reason_code is not null
    group by
        owner_code,
        platform_code,
        account_id,
        lower(account_handle),
        rule_code,
        reason_code

)

select * from listed
