with

expectations as (

    select
        interaction_key,
        platform_code,
        person_key,
        thread_key,
        occurred_at,
        occurred_week,
        theme_code,
        due_date,
        due_source_code,
        state_code,
        replied_at,
        thanked_at,
        renewed_at
    from {{ ref('int_expectations__judged') }}

)

select * from expectations
