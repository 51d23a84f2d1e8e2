-- Whose account it is: the person that claims make of it, by the rule that stands first
-- in the seed. Everybody else is the person of one account.
with

connected as (

    select
        account_person_key,
        person_key
    from {{ ref('int_people__connected') }}
    where account_count > 1 and not has_too_many_accounts

),

rules as (

    select
        rule_code,
        position_number,
        confidence_ratio
    from {{ ref('identity_rules') }}

),

claims as (

    select * from {{ ref('int_identity_claims__guarded') }}
    where guard_code is null

),

seen_accounts as (

    select
        account_person_key,
        account_id
    from {{ ref('int_accounts__seen') }}

),

-- An owner with one account links nothing.
linking_owners as (

    select owner_code
    from claims
    group by owner_code
    having count(distinct account_person_key) > 1

),

linked as (

    select
        connected.account_person_key,
        connected.person_key,
        claims.platform_code,
        coalesce(claims.account_id, seen_accounts.account_id) as account_id,
        claims.rule_code,
        rules.confidence_ratio,
        claims.decided_by,
        claims.decided_at
    from connected
    inner join claims
        on connected.account_person_key = claims.account_person_key
    inner join linking_owners
        on claims.owner_code = linking_owners.owner_code
    left join seen_accounts
        on connected.account_person_key = seen_accounts.account_person_key
    inner join rules
        on claims.rule_code = rules.rule_code
    qualify
        row_number() over (
            partition by connected.account_person_key
            order by
                rules.position_number, claims.decided_at, claims.owner_code, claims.file_sha256,
                claims.decided_by, claims.account_id nulls last
        ) = 1

)

select * from linked
