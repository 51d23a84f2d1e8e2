-- Only the day of a post is stated; the moment stands in the activity number of its
-- address. No video and a video without views both say 0 views.
select
    'linkedin' as platform_code,
    source_name,
    coalesce({{ extract_pattern('post_url', '([0-9]{15,})') }}, post_url) as post_id,
    cast(null as varchar) as source_account_id,
    cast(null as varchar) as source_account_handle,
    post_title_text as post_text,
    {{ moment_of_id(extract_pattern('post_url', '([0-9]{15,})'), 'created_on', 0) }} as posted_at,
    created_on as posted_date,
    cast(null as boolean) as is_boosted,
    comment_count,
    repost_count as share_count,
    like_count as reaction_count,
    cast(null as bigint) as save_count,
    click_count,
    follow_count,
    cast(null as bigint) as profile_visit_count,
    impression_count,
    nullif(view_count, 0) as view_count,
    cast(null as bigint) as reach_count,
    exported_at as observed_at,
    file_sha256
from {{ ref('stg_linkedin__posts') }}
