-- Which claims link nobody: those on the address of a desk, and those on an address that
-- more names share than one person has.
with

claims as (

    select * from {{ ref('int_identity_claims__standing') }}

),

accounts as (

    select
        account_person_key,
        {{ bare_name('display_name') }} as name
    from {{ ref('int_accounts__seen') }}

),

thresholds as (

    select email_name_maximum
    from {{ ref('int_thresholds__pivoted') }}

),

-- One row per address and name under which a file knows it; kinds are counted apart,
-- because one person may well have a code, a name and a number in the CRM.
names as (

    select
        email_hash,
        'person' as kind_code,
        person_code as name
    from {{ ref('stg_programme__people_links') }}

    union

    select
        email_hash,
        'employee' as kind_code,
        employee_code as name
    from {{ ref('stg_programme__employee_roster') }}

    union

    select
        email as email_hash,
        'contact' as kind_code,
        record_id as name
    from {{ ref('stg_hubspot__contacts') }}

    union

    select
        substr(claims.owner_code, 7) as email_hash,
        'account' as kind_code,
        accounts.name
    from claims
    inner join accounts
        on claims.account_person_key = accounts.account_person_key
    where claims.owner_code like 'email/%'

),

counted as (

    select
        email_hash,
        kind_code,
        count(distinct name) as name_count
    from names
    where email_hash is not null
    group by
        email_hash,
        kind_code

),

crowded as (

    select 'email/' || counted.email_hash as owner_code
    from counted
    cross join thresholds
    where counted.name_count > thresholds.email_name_maximum
    group by counted.email_hash

),

shared as (

    select owner_code
    from claims
    where is_shared_inbox
    group by owner_code

),

guarded as (

    select
        claims.rule_code,
        claims.owner_code,
        claims.platform_code,
        claims.account_id,
        claims.account_handle,
        claims.account_person_key,
        claims.decided_by,
        claims.decided_at,
        claims.file_sha256,
        case
            when claims.guard_code is not null then claims.guard_code
            when shared.owner_code is not null then 'shared_inbox'
            when crowded.owner_code is not null then 'many_names'
        end as guard_code
    from claims
    left join shared
        on claims.owner_code = shared.owner_code
    left join crowded
        on claims.owner_code = crowded.owner_code

)

select * from guarded
