-- What people talk about, bursts first. The usual week is the median of the eight weeks
-- before, so that one loud week does not raise it.
with

topics as (

    select *
    from {{ ref('agg_weekly_topics') }}

),

themes as (

    select
        week_start,
        theme_code,
        theme_name
    from {{ ref('agg_weekly_alignment') }}
    where week_start = {{ built_week() }}

),

usual as (

    select
        theme_code,
        round({{ median_of('mention_count') }}, 9) as usual_weekly_mentions
    from topics
    where
        week_start < {{ built_week() }}
        and week_start >= {{ days_earlier(built_week(), 56) }}
    group by theme_code

),

joined as (

    select
        topics.week_start,
        topics.theme_code,
        coalesce(themes.theme_name, topics.theme_code) as theme_name,
        topics.mention_count,
        previous.mention_count as previous_mention_count,
        topics.author_count,
        usual.usual_weekly_mentions,
        topics.burst_score,
        coalesce(topics.is_burst, false) as is_burst,
        topics.burst_on,
        topics.net_sentiment,
        topics.scored_ratio,
        topics.question_count,
        topics.request_count,
        topics.complaint_count,
        topics.praise_count
    from topics
    left join themes
        on topics.theme_code = themes.theme_code
    left join topics as previous
        on
            topics.theme_code = previous.theme_code
            and {{ days_earlier('topics.week_start', 7) }} = previous.week_start
    left join usual
        on topics.theme_code = usual.theme_code
    where topics.week_start = {{ built_week() }}

),

ranked as (

    select
        week_start,
        row_number() over (
            order by
                is_burst desc,
                case when is_burst then burst_score end desc nulls last,
                mention_count desc,
                theme_code
        ) as rank,
        theme_code,
        theme_name,
        mention_count,
        previous_mention_count,
        author_count,
        usual_weekly_mentions,
        burst_score,
        is_burst,
        burst_on,
        net_sentiment,
        scored_ratio,
        question_count,
        request_count,
        complaint_count,
        praise_count
    from joined

)

select * from ranked
