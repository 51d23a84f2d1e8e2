-- A link is a row with its rule, never a merged person: it can be taken back.
with

people as (

    select
        person_key,
        platform_code,
        account_id
    from {{ ref('int_people__identified') }}

),

linked as (

    select
        person_key,
        platform_code,
        md5(account_id) as account_id_hash,
        'same_account' as rule_code,
        cast(1.0 as double) as confidence_ratio
    from people

)

select * from linked
