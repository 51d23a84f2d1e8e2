with

needs as (

    select
        interaction_key,
        platform_code,
        person_key,
        thread_key,
        asked_at,
        asked_week,
        theme_code,
        is_question,
        is_request,
        is_complaint,
        is_addressed_to_org,
        state_code,
        first_answered_at,
        answered_by_code,
        closed_at,
        closed_how_code,
        -- Whole days.
        cast((age_seconds - age_seconds % 86400) / 86400 as bigint) as age_days
    from {{ ref('int_needs__followed') }}

)

select * from needs
