-- Which claims still stand. Of decisions on an account and an owner the later one does;
-- who was taken away last is linked by no rule until somebody links him again.
with

claims as (

    select * from {{ ref('int_identity_claims__resolved') }}

),

decisions as (

    select * from {{ ref('int_identity_decisions__numbered') }}

),

last_links as (

    select
        account_person_key,
        max(decision_number) filter (where action_code = 'link') as link_number,
        max(decision_number) filter (where action_code = 'unlink') as unlink_number,
        max(decision_number) filter (where action_code = 'unlink' and owner_code is null)
            as alone_number
    from decisions
    group by account_person_key

),

by_owner as (

    select
        account_person_key,
        owner_code,
        max(decision_number) filter (where action_code = 'link') as link_number,
        max(decision_number) filter (where action_code = 'unlink') as unlink_number
    from decisions
    where owner_code is not null
    group by
        account_person_key,
        owner_code

),

standing as (

    select
        claims.rule_code,
        claims.owner_code,
        claims.platform_code,
        claims.account_id,
        claims.account_handle,
        claims.account_person_key,
        claims.decided_by,
        claims.decided_at,
        claims.is_shared_inbox,
        claims.file_sha256,
        claims.guard_code
    from claims
    left join last_links
        on claims.account_person_key = last_links.account_person_key
    left join by_owner
        on
            claims.account_person_key = by_owner.account_person_key
            and claims.owner_code = by_owner.owner_code
    where
        claims.action_code = 'link'
        and case
            when claims.rule_code = 'declared_link'
                then coalesce(by_owner.link_number, 1)
                    > greatest(
                        coalesce(by_owner.unlink_number, 0),
                        coalesce(last_links.alone_number, 0)
                    )
            else coalesce(last_links.link_number, 0) >= coalesce(last_links.unlink_number, 0)
        end

)

select * from standing
