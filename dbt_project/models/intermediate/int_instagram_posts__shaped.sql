-- Followers gained are counted per post; clicks on it are not.
select
    'instagram' as platform_code,
    source_name,
    post_id,
    account_id as source_account_id,
    account_username as source_account_handle,
    description_text as post_text,
    posted_at,
    {{ local_date('posted_at') }} as posted_date,
    cast(null as boolean) as is_boosted,
    comment_count,
    share_count,
    like_count as reaction_count,
    save_count,
    cast(null as bigint) as click_count,
    follow_count,
    cast(null as bigint) as profile_visit_count,
    cast(null as bigint) as impression_count,
    view_count,
    reach_count,
    exported_at as observed_at,
    file_sha256
from {{ ref('stg_instagram__posts') }}
