{%- set exposures = {'impressions': 'impression_count', 'views': 'view_count', 'reach': 'reach_count'} %}
-- Rates are sums over sums. A post enters a rate only where its platform reports what the
-- rate counts; where none does, the rate is null and not zero. Posts that were read late
-- are in the rates, for a year filled in afterwards has no others, and counted beside them.
with

posts as (

    select * from {{ ref('fct_post_engagement') }}

),

weeks as (

    select week_start
    from {{ ref('dim_weeks') }}

),

-- One row per week and account.
counted as (

    select
        posts.posted_week as week_start,
        posts.platform_code,
        posts.account_key,
        count(*) as post_count,
        count(*) filter (where posts.is_mature) as mature_post_count,
        count(*) filter (where posts.is_read_late and posts.interaction_count is not null)
            as late_post_count,
        {%- for metric in ['comment', 'share', 'reaction'] %}
        cast(sum(posts.{{ metric }}_count) as bigint) as {{ metric }}_count,
        count(posts.{{ metric }}_count) as {{ metric }}_post_count,
        {%- endfor %}
        cast(sum({{ sum_reported(['posts.comment_count', 'posts.share_count']) }}) as bigint)
            as deep_interaction_count,
        cast(sum(
            case when posts.comment_count is not null or posts.share_count is not null then posts.interaction_count end
        ) as bigint) as deep_base_count,
        cast(sum(posts.interaction_count) as bigint) as interaction_count,
        cast(max(posts.interaction_count) as bigint) as top_post_interaction_count,
        {%- for kind, exposure in exposures.items() %}
        cast(sum(posts.interaction_count) filter (where posts.{{ exposure }} is not null) as bigint)
            as {{ kind }}_interaction_count,
        cast(sum(posts.{{ exposure }}) filter (where posts.interaction_count is not null) as bigint)
            as {{ exposure }}
            {{- ',' if not loop.last }}
        {%- endfor %}
    from posts
    inner join weeks
        on posts.posted_week = weeks.week_start
    group by
        posts.posted_week,
        posts.platform_code,
        posts.account_key

),

rated as (

    select
        week_start,
        platform_code,
        account_key,
        post_count,
        mature_post_count,
        late_post_count,
        comment_count,
        comment_post_count,
        {{ safe_ratio('comment_count', 'comment_post_count') }} as conversation_rate,
        share_count,
        share_post_count,
        {{ safe_ratio('share_count', 'share_post_count') }} as amplification_rate,
        reaction_count,
        reaction_post_count,
        {{ safe_ratio('reaction_count', 'reaction_post_count') }} as applause_rate,
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
        {{ safe_ratio('top_post_interaction_count', 'interaction_count') }} as top_post_ratio
    from counted

)

select * from rated
