with

people as (

    select
        person_key,
        platform_code,
        actor_class_code,
        account_count,
        first_active_at,
        last_active_at,
        interaction_count
    from {{ ref('int_people__identified') }}

)

select * from people
