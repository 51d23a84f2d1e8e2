-- Only the day of a post is stated; the moment stands in its id.
select
    'x' as platform_code,
    source_name,
    post_id,
    cast(null as varchar) as source_account_id,
    {{ extract_pattern('post_url', '(?:x|twitter)\\.com/([^/]+)/status/') }} as source_account_handle,
    post_text,
    {{ moment_of_id('post_id', 'posted_on', 1288834974657) }} as posted_at,
    {{ local_date(moment_of_id('post_id', 'posted_on', 1288834974657)) }} as posted_date,
    cast(null as boolean) as is_boosted,
    reply_count as comment_count,
    {{ sum_reported(['share_count', 'repost_count']) }} as share_count,
    like_count as reaction_count,
    bookmark_count as save_count,
    {{ sum_reported(['url_click_count', 'hashtag_click_count', 'permalink_click_count']) }} as click_count,
    follow_count,
    profile_visit_count,
    impression_count,
    cast(null as bigint) as view_count,
    cast(null as bigint) as reach_count,
    exported_at as observed_at,
    file_sha256
from {{ ref('stg_x__posts') }}
