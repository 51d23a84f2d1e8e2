select
    'x' as platform_code,
    source_name,
    activity_date,
    follow_count as gained_count,
    unfollow_count as lost_count,
    impression_count,
    cast(null as bigint) as view_count,
    reply_count as comment_count,
    {{ sum_reported(['share_count', 'repost_count']) }} as share_count,
    like_count as reaction_count,
    bookmark_count as save_count,
    cast(null as bigint) as click_count,
    profile_visit_count,
    post_count,
    exported_at,
    file_sha256
from {{ ref('stg_x__daily_overview') }}
