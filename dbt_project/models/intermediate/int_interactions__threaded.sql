{{ config(materialized='view') }}
-- Who answered whom. A parent that was withdrawn, or lies outside the exports, is
-- unknown: the reply stays, its parent is null.
with

interactions as (

    select * from {{ ref('int_interactions__identified') }}

),

people as (

    select
        person_key,
        actor_class_code
    from {{ ref('int_people__identified') }}

),

-- A person bears another handle on every platform. Only what we answer is asked for it.
accounts as (

    select
        account_person_key,
        account_handle,
        first_name
    from {{ ref('int_accounts__identified') }}

),

repeats as (

    select interaction_key
    from {{ ref('int_interactions__repeated') }}

),

-- Same grain: a parent, a person, an account and a repeat are one row each.
threaded as (

    select
        interactions.interaction_key,
        interactions.platform_code,
        interactions.person_key,
        coalesce(people.actor_class_code, 'unknown') as actor_class_code,
        interactions.verb_code,
        interactions.thread_key,
        parents.interaction_key as parent_interaction_key,
        parents.person_key as parent_person_key,
        case
            when parents.interaction_key is not null
                then coalesce(parent_people.actor_class_code, 'unknown')
        end as parent_class_code,
        parent_accounts.account_handle as parent_handle,
        parent_accounts.first_name as parent_first_name,
        interactions.text_key,
        interactions.full_text_key,
        interactions.like_count,
        coalesce(interactions.is_overheard, false) as is_overheard,
        interactions.occurred_at,
        interactions.occurred_date,
        interactions.occurred_week,
        repeats.interaction_key is not null as is_repeat
    from interactions
    left join people
        on interactions.person_key = people.person_key
    left join interactions as parents
        on interactions.parent_interaction_key = parents.interaction_key
    left join people as parent_people
        on parents.person_key = parent_people.person_key
    left join accounts as parent_accounts
        on
            case when people.actor_class_code in ('org', 'employee') then parents.account_person_key end
            = parent_accounts.account_person_key
    left join repeats
        on interactions.interaction_key = repeats.interaction_key

)

select * from threaded
