with

topic_days as (

    select
        day as mentioned_on,
        theme_code,
        mention_count,
        author_count,
        capped_mention_count,
        usual_daily_mentions,
        burst_score,
        is_burst
    from {{ ref('int_topic_days__scored') }}

)

select * from topic_days
