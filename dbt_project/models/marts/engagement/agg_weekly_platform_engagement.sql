{%- set rates = {'comment': 'conversation_rate', 'share': 'amplification_rate', 'reaction': 'applause_rate'} %}
{%- set exposures = {'impressions': 'impression_count', 'views': 'view_count', 'reach': 'reach_count'} %}
-- The engagement of a whole platform: sums over all posts of all accounts there. A post of
-- less than seven days is counted, but no rate is made of it: it would look weak.
with

posts as (

    select *
    from {{ ref('fct_post_engagement') }}

),

weeks as (

    select week_start
    from {{ ref('dim_weeks') }}

),

-- Ranks by response among the mature posts, for the concentration.
ranked as (

    select
        posts.*,
        case when posts.is_mature and posts.interaction_count is not null then row_number() over (
            partition by posts.posted_week, posts.platform_code, posts.is_mature
            order by posts.interaction_count nulls last, posts.post_key
        ) end as interaction_rank
    from posts
    inner join weeks
        on posts.posted_week = weeks.week_start

),

-- One row per week and platform.
counted as (

    select
        posted_week as week_start,
        platform_code,
        count(distinct account_key) as account_count,
        count(*) as post_count,
        count(case when is_mature then 1 end) as mature_post_count,
        count(case when is_read_late and interaction_count is not null then 1 end) as late_post_count,
        {%- for metric in rates %}
        cast(sum(case when is_mature then {{ metric }}_count end) as bigint) as {{ metric }}_count,
        count(case when is_mature then {{ metric }}_count end) as {{ metric }}_base_count,
        count(case when is_mature and {{ metric }}_count > 0 then 1 end) as {{ metric }}_post_count,
        {%- endfor %}
        cast(sum(case when is_mature then deep_interaction_count end) as bigint)
            as deep_interaction_count,
        cast(sum(case when is_mature and deep_interaction_count is not null then interaction_count end) as bigint)
            as deep_base_count,
        cast(sum(case when is_mature then interaction_count end) as bigint) as interaction_count,
        count(interaction_rank) as interaction_base_count,
        cast(sum(interaction_count * interaction_rank) as bigint) as ranked_interaction_count,
        max(case when is_mature then interaction_count end) as top_post_interaction_count,
        {%- for kind, exposure in exposures.items() %}
        cast(sum(case when is_mature and {{ exposure }} is not null then interaction_count end) as bigint)
            as {{ kind }}_interaction_count,
        cast(sum(case when is_mature and interaction_count is not null then {{ exposure }} end) as bigint)
            as {{ exposure }}
            {{- ',' if not loop.last }}
        {%- endfor %}
    from ranked
    group by
        posted_week,
        platform_code

),

rated as (

    select
        week_start,
        platform_code,
        account_count,
        post_count,
        mature_post_count,
        late_post_count,
        post_count = mature_post_count as is_mature,
        {%- for metric, rate in rates.items() %}
        {{ metric }}_count,
        {{ metric }}_base_count,
        {{ safe_ratio(metric ~ '_count', metric ~ '_base_count') }} as {{ rate }},
        {{ metric }}_post_count,
        {{ safe_ratio(metric ~ '_post_count', metric ~ '_base_count') }} as {{ metric }}_post_ratio,
        {%- endfor %}
        deep_interaction_count,
        deep_base_count,
        interaction_count,
        {{ safe_ratio('deep_interaction_count', 'deep_base_count') }} as deep_engagement_ratio,
        {%- for kind, exposure in exposures.items() %}
        {{ kind }}_interaction_count,
        {{ exposure }},
        {{ safe_ratio(kind ~ '_interaction_count', exposure) }} as engagement_rate_{{ kind }},
        {%- endfor %}
        top_post_interaction_count,
        {{ safe_ratio('top_post_interaction_count', 'interaction_count') }} as top_post_ratio,
        {{ safe_ratio(
            '2 * ranked_interaction_count - (interaction_base_count + 1) * interaction_count',
            'interaction_base_count * interaction_count',
        ) }} as interaction_gini
    from counted

)

select * from rated
