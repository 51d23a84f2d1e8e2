-- Figures of the scorecard, counted again straight from the facts by another way than
-- the one that made them.
with

scorecard as (

    select
        week_start,
        metric_id,
        value
    from {{ ref('fct_metric_weeks') }}
    where
        segment_kind_code = 'all'
        and week_start = {{ built_week() }}

),

interactions as (

    select
        interaction_key,
        person_key,
        thread_key,
        actor_class_code,
        sentiment_code,
        is_repeat
    from {{ ref('fct_interactions') }}
    where occurred_week = {{ built_week() }}

),

stakeholder_turns as (

    select
        count(*) as mention_count,
        count(distinct person_key) as author_count,
        count(case when sentiment_code = 'positive' then 1 end)
        - count(case when sentiment_code = 'negative' then 1 end) as net_count,
        count(sentiment_code) as scored_count
    from interactions
    where
        actor_class_code = 'stakeholder'
        -- A text pasted again on the same day is no further mention.
        and not is_repeat

),

conversions as (

    select
        count(case when kind_code = 'lead' then 1 end) as lead_count,
        count(case when kind_code = 'download' then 1 end) as download_count,
        count(*) as conversion_count
    from {{ ref('fct_conversions') }}
    where occurred_week = {{ built_week() }}

),

advocates as (

    select
        count(case when stage_code = 'advocate' then 1 end) as stage_count,
        cast(sum(case when stage_code = 'advocate' then recounted_member_count end) as bigint)
            as advocate_count
    from {{ ref('audit_funnel_flow') }}
    where week_start = {{ built_week() }}

),

followers as (

    select cast(sum(closing_count - opening_count) as bigint) as net_count
    from {{ ref('agg_weekly_followers') }}
    where week_start = {{ built_week() }}

),

requests as (

    select
        count(case when is_mature_24h and is_answered_24h then 1 end) as answered_count,
        count(case when is_mature_24h then 1 end) as mature_count
    from {{ ref('fct_reply_requests') }}
    where occurred_week = {{ built_week() }}

),

recomputed as (

    select 'mention_volume' as metric_id, cast(mention_count as double) as recomputed_value
    from stakeholder_turns
    union all
    select 'unique_authors', cast(author_count as double) from stakeholder_turns
    union all
    select 'net_sentiment', round({{ safe_ratio('net_count', 'scored_count') }}, 9) from stakeholder_turns
    union all
    select 'leads', cast(lead_count as double) from conversions
    union all
    select 'downloads', cast(download_count as double) from conversions
    union all
    select 'actions_taken', cast(conversion_count as double) from conversions
    union all
    select 'advocates', cast(advocate_count as double) from advocates
    union all
    select 'follower_net', cast(net_count as double) from followers
    union all
    select 'response_rate_24h', round({{ safe_ratio('answered_count', 'mature_count') }}, 9) from requests

),

-- A metric that withholds its value, as for want of readable texts, has nothing to agree.
compared as (

    select
        {{ surrogate_key([built_week(), 'recomputed.metric_id']) }} as reconciliation_key,
        {{ built_week() }} as week_start,
        recomputed.metric_id,
        scorecard.value as reported_value,
        recomputed.recomputed_value,
        round(scorecard.value - recomputed.recomputed_value, 9) as difference_value,
        coalesce(abs(scorecard.value - recomputed.recomputed_value) < 0.000001, scorecard.value is null)
            as is_reconciled
    from recomputed
    left join scorecard
        on recomputed.metric_id = scorecard.metric_id

)

select * from compared
