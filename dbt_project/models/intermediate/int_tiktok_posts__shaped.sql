-- Photos count as videos do. What a platform calls favourites are saves.
select
    'tiktok' as platform_code,
    source_name,
    video_id as post_id,
    cast(null as varchar) as source_account_id,
    account_handle as source_account_handle,
    video_title as post_text,
    posted_at,
    {{ local_date('posted_at') }} as posted_date,
    cast(null as boolean) as is_boosted,
    comment_count,
    share_count,
    like_count as reaction_count,
    save_count,
    cast(null as bigint) as click_count,
    cast(null as bigint) as follow_count,
    cast(null as bigint) as profile_visit_count,
    cast(null as bigint) as impression_count,
    view_count,
    cast(null as bigint) as reach_count,
    exported_at as observed_at,
    file_sha256
from {{ ref('stg_tiktok__videos') }}
