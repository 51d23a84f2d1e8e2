{%- set shaped_models = [
    'int_facebook_posts__shaped',
    'int_instagram_posts__shaped',
    'int_x_posts__shaped',
    'int_linkedin_posts__shaped',
    'int_youtube_posts__shaped',
    'int_tiktok_posts__shaped',
    'int_mastodon_posts__shaped',
    'int_bluesky_posts__shaped',
    'int_tool_posts__shaped',
] %}
{%- set columns = [
    'platform_code', 'source_name', 'post_id', 'source_account_id', 'source_account_handle',
    'post_text', 'posted_at', 'posted_date', 'is_boosted', 'comment_count', 'share_count',
    'reaction_count', 'save_count', 'click_count', 'follow_count', 'profile_visit_count',
    'impression_count', 'view_count', 'reach_count', 'observed_at', 'file_sha256',
] %}
-- All platforms in one shape: one row per post and export, counters from publication to
-- the export. Null means that the platform does not report it, never none. Exposure
-- stays apart by kind: impressions, views and reach are never added. A further platform
-- is one shaped model and one line of the list above.
with

unioned as (
    {% for model in shaped_models %}
    select {{ columns | join(', ') }}
    from {{ ref(model) }}
    {{ 'union all' if not loop.last }}
    {%- endfor %}

)

select * from unioned
