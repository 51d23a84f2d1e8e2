{%- set shaped_models = [
    'int_x_days__shaped',
    'int_linkedin_days__shaped',
    'int_youtube_days__shaped',
    'int_meta_days__shaped',
    'int_tiktok_days__shaped',
] %}
{%- set columns = [
    'platform_code', 'source_name', 'activity_date', 'gained_count', 'lost_count',
    'impression_count', 'view_count', 'comment_count', 'share_count', 'reaction_count',
    'save_count', 'click_count', 'profile_visit_count', 'post_count', 'exported_at',
    'file_sha256',
] %}
-- What an account's own daily exports count: one row per account and day. Followers
-- lost are null where a platform does not report them. A further platform is one shaped
-- model and one line of the list above.
with

unioned as (
    {% for model in shaped_models %}
    select {{ columns | join(', ') }}
    from {{ ref(model) }}
    {{ 'union all' if not loop.last }}
    {%- endfor %}

)

select * from unioned
