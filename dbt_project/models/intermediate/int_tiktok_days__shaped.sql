-- TikTok reports the stock of followers, not how many came and went.
select
    'tiktok' as platform_code,
    source_name,
    activity_date,
    cast(null as bigint) as gained_count,
    cast(null as bigint) as lost_count,
    cast(null as bigint) as impression_count,
    view_count,
    comment_count,
    share_count,
    like_count as reaction_count,
    cast(null as bigint) as save_count,
    cast(null as bigint) as click_count,
    profile_view_count as profile_visit_count,
    cast(null as bigint) as post_count,
    exported_at,
    file_sha256
from {{ ref('stg_tiktok__daily_overview') }}
