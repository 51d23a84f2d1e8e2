{%- set post_metrics = [
    'comment_count', 'share_count', 'reaction_count', 'save_count', 'click_count',
    'follow_count', 'profile_visit_count', 'impression_count', 'view_count', 'reach_count',
] %}
{%- set account_metrics = [
    'gained_count', 'lost_count', 'impression_count', 'view_count', 'comment_count',
    'share_count', 'reaction_count', 'save_count', 'click_count', 'profile_visit_count',
    'post_count',
] %}
{%- set video_metrics = ['view_count', 'impression_count', 'watch_hours', 'subscriber_net_count'] %}
{%- set page_metrics = [
    'session_count', 'active_user_count', 'engaged_session_count', 'key_event_count',
] %}
-- One row per observed value. What a platform does not report has no row.
with

posts as (

    select * from {{ ref('int_posts__attributed') }}

),

-- A post of a channel has one key whatever window counted it.
video_keys as (

    select distinct
        post_key,
        source_name,
        post_id
    from posts
    where platform_code = 'youtube'

),

videos as (

    select
        video_keys.post_key,
        videos.*
    from {{ ref('stg_youtube__videos') }} as videos
    inner join video_keys
        on
            videos.source_name = video_keys.source_name
            and videos.video_id = video_keys.post_id
    where
        videos.period_start is not null
        and videos.period_start < {{ days_later(built_week(), 7) }}

),

account_days as (

    select * from {{ ref('int_account_days__attributed') }}

),

follower_counts as (

    select * from {{ ref('int_follower_counts__unioned') }}

),

landing_pages as (

    select * from {{ ref('stg_ga4__landing_pages') }}
    where period_start is null or period_start < {{ days_later(built_week(), 7) }}

),

unpivoted as (
    {% for metric in post_metrics %}
    select
        platform_code,
        'post' as object_kind_code,
        post_key as object_key,
        '{{ metric }}' as metric_code,
        posted_date as period_start,
        cast(null as date) as period_end,
        cast({{ metric }} as double) as value,
        observed_at,
        file_sha256
    from posts
    where {{ metric }} is not null and platform_code <> 'youtube'

    union all
    {% endfor %}
    {%- for metric in video_metrics %}
    select
        'youtube' as platform_code,
        'post' as object_kind_code,
        post_key as object_key,
        '{{ metric }}' as metric_code,
        period_start,
        period_end,
        cast({{ metric }} as double) as value,
        exported_at as observed_at,
        file_sha256
    from videos
    where {{ metric }} is not null

    union all
    {% endfor %}
    {%- for metric in account_metrics %}
    select
        platform_code,
        'account' as object_kind_code,
        account_key as object_key,
        '{{ metric }}' as metric_code,
        activity_date as period_start,
        activity_date as period_end,
        cast({{ metric }} as double) as value,
        exported_at as observed_at,
        file_sha256
    from account_days
    where {{ metric }} is not null

    union all
    {% endfor %}
    {%- for metric in page_metrics %}
    select
        'website' as platform_code,
        'page' as object_kind_code,
        {{ surrogate_key(['source_name', 'property_name', 'segment_name', 'landing_page_url']) }} as object_key,
        '{{ metric }}' as metric_code,
        period_start,
        period_end,
        cast({{ metric }} as double) as value,
        exported_at as observed_at,
        file_sha256
    from landing_pages
    where {{ metric }} is not null

    union all
    {% endfor %}
    select
        platform_code,
        'account' as object_kind_code,
        account_key as object_key,
        'follower_count' as metric_code,
        counted_on as period_start,
        counted_on as period_end,
        cast(follower_count as double) as value,
        exported_at as observed_at,
        file_sha256
    from follower_counts
    where follower_count is not null

)

select * from unpivoted
