-- The turns that ask for something, judged by the windows of the reply promise. Silence
-- counts only once the window has passed before our eyes.
with

turns as (

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
        observed_seconds
    from {{ ref('int_inbound_turns__answered') }}
    where needs_reply

),

thresholds as (

    select
        short_reply_hours,
        long_reply_hours
    from {{ ref('int_thresholds__pivoted') }}

),

judged as (

    select
        turns.*,
        coalesce(reply_seconds <= thresholds.short_reply_hours * 3600, false) as is_answered_24h,
        coalesce(reply_seconds <= thresholds.long_reply_hours * 3600, false) as is_answered_72h,
        observed_seconds >= thresholds.short_reply_hours * 3600 as is_mature_24h,
        observed_seconds >= thresholds.long_reply_hours * 3600 as is_mature_72h
    from turns
    cross join thresholds

)

select * from judged
