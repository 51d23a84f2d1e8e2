{{ config(schema='intermediate', contract={'enforced': false}) }}
{%- set ratios = [
    ('conversation_rate', 'comment_count', 'comment_post_count'),
    ('amplification_rate', 'share_count', 'share_post_count'),
    ('applause_rate', 'reaction_count', 'reaction_post_count'),
    ('deep_engagement_ratio', 'deep_interaction_count', 'deep_base_count'),
    ('engagement_rate_impressions', 'impressions_interaction_count', 'impression_count'),
    ('engagement_rate_views', 'views_interaction_count', 'view_count'),
    ('engagement_rate_reach', 'reach_interaction_count', 'reach_count'),
] %}
-- What audiences did with our posts, per account and over all of them. A rate over all
-- accounts is the sum of their numerators over the sum of their denominators.
with

engagement as (

    select *
    from {{ ref('agg_weekly_engagement') }}

),

accounts as (

    select
        account_key,
        account_handle
    from {{ ref('dim_accounts') }}

),

post_engagement as (

    select
        platform_code,
        posted_week,
        {{ sum_reported(['click_count', 'save_count', 'profile_visit_count']) }} as interest_count,
        impression_count,
        is_mature,
        is_read_late
    from {{ ref('fct_post_engagement') }}
    where
        impression_count is not null
        and (click_count is not null or save_count is not null or profile_visit_count is not null)

),

weeks as (

    select week_start
    from {{ ref('dim_weeks') }}

),

-- Each account's row twice: once for itself, once for the whole.
segments as (

    select
        engagement.*,
        'account' as segment_kind_code,
        engagement.platform_code || '|' || accounts.account_handle as segment_code
    from engagement
    inner join accounts
        on engagement.account_key = accounts.account_key

    union all

    select
        engagement.*,
        'all' as segment_kind_code,
        'all' as segment_code
    from engagement

),

post_segments as (

    select
        post_engagement.*,
        'platform' as segment_kind_code,
        platform_code as segment_code
    from post_engagement

    union all

    select
        post_engagement.*,
        'all' as segment_kind_code,
        'all' as segment_code
    from post_engagement

),

summed as (

    {%- for metric_id, numerator, denominator in ratios %}
    select
        '{{ metric_id }}' as metric_id,
        week_start,
        segment_kind_code,
        segment_code,
        -- A numerator counts only beside its denominator, and the other way round.
        sum(case when {{ denominator }} is not null then {{ numerator }} end) as numerator,
        sum(case when {{ numerator }} is not null then {{ denominator }} end) as denominator,
        sum(case when {{ numerator }} is not null then post_count end) as n,
        sum(case when {{ numerator }} is not null then post_count - mature_post_count end) = 0
            as is_mature,
        sum(case when {{ numerator }} is not null then late_post_count end) as late_post_count
    from segments
    group by
        week_start,
        segment_kind_code,
        segment_code

    union all
    {% endfor %}
    select
        'interest_rate' as metric_id,
        post_segments.posted_week as week_start,
        post_segments.segment_kind_code,
        post_segments.segment_code,
        sum(post_segments.interest_count) as numerator,
        sum(post_segments.impression_count) as denominator,
        count(*) as n,
        count(case when post_segments.is_mature then 1 end) = count(*) as is_mature,
        count(case when post_segments.is_read_late then 1 end) as late_post_count
    from post_segments
    inner join weeks
        on post_segments.posted_week = weeks.week_start
    group by
        post_segments.posted_week,
        post_segments.segment_kind_code,
        post_segments.segment_code

),

melted as (

    select
        metric_id,
        week_start,
        segment_kind_code,
        segment_code,
        {{ safe_ratio('numerator', 'denominator') }} as value,
        cast(numerator as double) as numerator,
        cast(denominator as double) as denominator,
        cast(n as bigint) as n,
        cast(null as double) as coverage_ratio,
        coalesce(is_mature, false) as is_mature,
        cast(late_post_count as bigint) as late_post_count
    from summed
    where denominator is not null

)

select * from melted
