{{ config(materialized='view') }}
-- Acts of people: whoever has several accounts is one person.
with

interactions as (

    select * from {{ ref('int_interactions__keyed') }}

),

links as (

    select
        account_person_key,
        person_key
    from {{ ref('int_people__linked') }}

)

-- Same grain: an account has one person.
select
    interactions.*,
    coalesce(links.person_key, interactions.account_person_key) as person_key
from interactions
left join links
    on interactions.account_person_key = links.account_person_key
