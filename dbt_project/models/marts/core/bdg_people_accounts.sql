-- A link is a row with its rule, never a merged person: it can be taken back. Without
-- links an account is its own person.
with

accounts as (

    select
        account_person_key,
        platform_code,
        account_id
    from {{ ref('int_accounts__seen') }}

),

links as (

    select * from {{ ref('int_people__linked') }}

),

people as (

    select person_key
    from {{ ref('int_people__identified') }}

),

-- One row per account: those seen, and those that a link alone knows.
known as (

    select
        coalesce(links.person_key, accounts.account_person_key) as person_key,
        coalesce(accounts.account_person_key, links.account_person_key) as account_person_key,
        coalesce(accounts.platform_code, links.platform_code) as platform_code,
        coalesce(accounts.account_id, links.account_id) as account_id,
        coalesce(links.rule_code, 'same_account') as rule_code,
        coalesce(links.confidence_ratio, cast(1.0 as double)) as confidence_ratio,
        links.decided_by,
        links.decided_at
    from accounts
    full outer join links
        on accounts.account_person_key = links.account_person_key

),

linked as (

    select
        known.person_key,
        known.account_person_key,
        known.platform_code,
        {{ hash_of('known.account_id') }} as account_id_hash,
        known.rule_code,
        known.confidence_ratio,
        known.decided_by,
        known.decided_at
    from known
    inner join people
        on known.person_key = people.person_key

)

select * from linked
