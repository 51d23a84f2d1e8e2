-- All platforms in one shape: one row per post and export, counters from publication to
-- the export. Null means that the platform does not report it, never none. Exposure
-- stays apart by kind: impressions, views and reach are never added.
with

facebook as (

    select
        'facebook' as platform_code,
        source_name,
        post_id,
        page_id as source_account_id,
        cast(null as varchar) as source_account_handle,
        concat_ws(chr(10), nullif(title_text, description_text), description_text) as post_text,
        posted_at,
        {{ local_date('posted_at') }} as posted_date,
        case
            when funded_status_name is not null
                then lower(funded_status_name) not in ('', 'organic', 'not funded', 'none')
        end as is_boosted,
        comment_count,
        share_count,
        reaction_count,
        cast(null as bigint) as save_count,
        click_count,
        cast(null as bigint) as follow_count,
        cast(null as bigint) as profile_visit_count,
        impression_count,
        view_count,
        reach_count,
        exported_at as observed_at,
        file_sha256
    from {{ ref('stg_facebook__posts') }}

),

instagram as (

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

),

x as (

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

),

linkedin as (

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

),

youtube as (

    select
        'youtube' as platform_code,
        source_name,
        video_id as post_id,
        cast(null as varchar) as source_account_id,
        cast(null as varchar) as source_account_handle,
        video_title as post_text,
        cast(published_on as timestamp) as posted_at,
        published_on as posted_date,
        cast(null as boolean) as is_boosted,
        cast(null as bigint) as comment_count,
        cast(null as bigint) as share_count,
        cast(null as bigint) as reaction_count,
        cast(null as bigint) as save_count,
        cast(null as bigint) as click_count,
        follow_count,
        cast(null as bigint) as profile_visit_count,
        impression_count,
        view_count,
        cast(null as bigint) as reach_count,
        observed_at,
        file_sha256
    from {{ ref('int_youtube_videos__summed') }}

),

unioned as (

    select * from facebook

    union all

    select * from instagram

    union all

    select * from x

    union all

    select * from linkedin

    union all

    select * from youtube

)

select * from unioned
where posted_date < {{ built_week() }} + 7
