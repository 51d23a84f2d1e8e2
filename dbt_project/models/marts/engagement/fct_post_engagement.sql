{%- set exposures = {'impressions': 'impression_count', 'views': 'view_count', 'reach': 'reach_count'} %}
-- Each post at about a week of age, so that weeks can be compared, or as it was first read
-- after that, which its row says. What was deleted counts for nobody any more; its
-- observations stay. One rate for each kind of exposure: showings and people are never added.
with

posts as (

    select
        post_key,
        platform_code,
        account_key,
        posted_week,
        comment_count,
        share_count,
        reaction_count,
        save_count,
        click_count,
        profile_visit_count,
        {{ sum_reported(['comment_count', 'share_count']) }} as deep_interaction_count,
        interaction_count,
        impression_count,
        view_count,
        reach_count,
        is_mature,
        is_read_late,
        reading_age_days
    from {{ ref('int_posts__matured') }}
    where gone_at is null

),

rated as (

    select
        post_key,
        platform_code,
        account_key,
        posted_week,
        comment_count,
        share_count,
        reaction_count,
        save_count,
        click_count,
        profile_visit_count,
        deep_interaction_count,
        interaction_count,
        {{ safe_ratio('deep_interaction_count', 'interaction_count') }} as deep_engagement_ratio,
        impression_count,
        view_count,
        reach_count,
        {%- for kind, exposure in exposures.items() %}
        {{ safe_ratio('interaction_count', exposure) }} as engagement_rate_{{ kind }},
        {%- endfor %}
        is_mature,
        is_read_late,
        reading_age_days
    from posts

)

select * from rated
