-- Which lead or download is of a person that we know: the CRM holds the address that a
-- decision or a list ties to one person's accounts. Everything else is tied to nobody.
with

conversions as (

    select
        conversion_key,
        kind_code,
        occurred_at,
        record_id
    from {{ ref('int_conversions__gathered') }}
    where record_id is not null

),

addresses as (

    select
        record_id,
        min('email/' || email) as owner_code
    from {{ ref('int_leads__unioned') }}
    where email is not null
    group by record_id
    having count(distinct email) = 1

),

links as (

    select
        account_person_key,
        person_key
    from {{ ref('int_people__linked') }}

),

claims as (

    select
        claims.owner_code,
        coalesce(links.person_key, claims.account_person_key) as person_key
    from {{ ref('int_identity_claims__guarded') }} as claims
    left join links
        on claims.account_person_key = links.account_person_key
    where claims.guard_code is null

),

-- An address that leads to two people is nobody's.
owners as (

    select
        owner_code,
        min(person_key) as person_key
    from claims
    group by owner_code
    having count(distinct person_key) = 1

),

tied as (

    select
        conversions.conversion_key,
        conversions.kind_code,
        conversions.occurred_at,
        {{ local_date('conversions.occurred_at') }} as occurred_date,
        owners.person_key
    from conversions
    inner join addresses
        on conversions.record_id = addresses.record_id
    inner join owners
        on addresses.owner_code = owners.owner_code

)

select * from tied
