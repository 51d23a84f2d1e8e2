with

requests as (

    select
        interaction_key,
        platform_code,
        person_key,
        thread_key,
        occurred_at,
        occurred_week,
        theme_code,
        answered_at,
        reply_seconds,
        is_answered_24h,
        is_answered_72h,
        is_mature_24h,
        is_mature_72h
    from {{ ref('int_reply_requests__answered') }}

)

select * from requests
