with

requests as (

    select
        occurred_week as week_start,
        platform_code,
        is_answered_24h,
        is_answered_72h,
        is_mature_24h,
        is_mature_72h
    from {{ ref('int_reply_requests__answered') }}

),

-- Each row once for its platform and once for all platforms together.
segmented as (

    {{ platforms_and_all('requests') }}

),

counted as (

    select
        week_start,
        segment_code as platform_code,
        count(*) as reply_request_count,
        count(*) filter (where is_mature_24h) as mature_24h_count,
        count(*) filter (where is_mature_24h and is_answered_24h) as answered_24h_count,
        count(*) filter (where is_mature_72h) as mature_72h_count,
        count(*) filter (where is_mature_72h and is_answered_72h) as answered_72h_count
    from segmented
    group by
        week_start,
        segment_code

)

select * from counted
