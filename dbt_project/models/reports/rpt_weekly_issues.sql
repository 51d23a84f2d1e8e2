-- What stakeholders talked about in the reporting week, largest issue first; a theme that
-- bursts comes before every theme that does not.
with

topics as (

    select * from {{ ref('agg_weekly_topics') }}

),

themes as (

    select
        theme_code,
        max(theme_name) as theme_name
    from {{ ref('stg_programme__strategy_themes') }}
    group by theme_code

),

earlier_topics as (

    select
        theme_code,
        mention_count
    from topics
    where week_start = {{ built_week() }} - 7

),

named as (

    select
        topics.week_start,
        topics.theme_code,
        coalesce(themes.theme_name, topics.theme_code) as theme_name,
        topics.mention_count,
        coalesce(earlier_topics.mention_count, 0) as previous_mention_count,
        topics.author_count,
        round(7 * topics.usual_daily_mentions, 6) as usual_weekly_mentions,
        topics.burst_score,
        topics.is_burst,
        topics.burst_on,
        topics.net_sentiment,
        topics.scored_ratio,
        topics.question_count,
        topics.request_count,
        topics.complaint_count,
        topics.praise_count,
        topics.positive_count,
        topics.neutral_count,
        topics.negative_count
    from topics
    left join themes
        on topics.theme_code = themes.theme_code
    left join earlier_topics
        on topics.theme_code = earlier_topics.theme_code
    where
        topics.week_start = {{ built_week() }}
        and topics.mention_count > 0

),

ranked as (

    select
        cast(
            row_number() over (
                order by
                    is_burst desc nulls last,
                    mention_count desc,
                    theme_code asc
            ) as integer
        ) as rank,
        named.*
    from named

)

select * from ranked
