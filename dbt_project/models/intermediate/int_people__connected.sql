-- Accounts that claims connect, however many steps apart. The smallest account key is the
-- person's, so that an account without links keeps its own, and an unlinked one gets it
-- back. More accounts on one platform than a person has are not one person.
with recursive

claims as (

    select
        owner_code,
        platform_code,
        account_person_key
    from {{ ref('int_identity_claims__guarded') }}
    where guard_code is null
    group by
        owner_code,
        platform_code,
        account_person_key

),

thresholds as (

    select person_platform_account_maximum
    from {{ ref('int_thresholds__pivoted') }}

),

owners as (

    select
        owner_code,
        min(account_person_key) as first_key
    from claims
    group by owner_code

),

-- A star to the first account of each owner connects as well as all pairs.
edges as (

    select
        claims.account_person_key as one_key,
        owners.first_key as other_key
    from claims
    inner join owners
        on claims.owner_code = owners.owner_code

    union

    select
        owners.first_key as one_key,
        claims.account_person_key as other_key
    from claims
    inner join owners
        on claims.owner_code = owners.owner_code

),

reached as (

    select
        one_key as account_person_key,
        other_key as reached_key
    from edges

    union

    select
        reached.account_person_key,
        edges.other_key as reached_key
    from reached
    inner join edges
        on reached.reached_key = edges.one_key

),

accounts as (

    select
        account_person_key,
        max(platform_code) as platform_code
    from claims
    group by account_person_key

),

people as (

    select
        reached.account_person_key,
        accounts.platform_code,
        min(reached.reached_key) as person_key
    from reached
    inner join accounts
        on reached.account_person_key = accounts.account_person_key
    group by
        reached.account_person_key,
        accounts.platform_code

),

counted as (

    select
        people.*,
        count(*) over (partition by person_key) as account_count,
        count(*) over (partition by person_key, platform_code) as platform_account_count
    from people

),

guarded as (

    select
        counted.account_person_key,
        counted.platform_code,
        counted.person_key,
        counted.account_count,
        max(counted.platform_account_count) over (partition by counted.person_key)
        > thresholds.person_platform_account_maximum as has_too_many_accounts
    from counted
    cross join thresholds

)

select * from guarded
