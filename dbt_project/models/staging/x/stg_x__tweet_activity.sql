with

source as (

    select * from {{ source('x', 'tweet_activity') }}

),

latest as (

    {{ latest_version('source', ['_source_name', 'post_id', '_exported_at']) }}

),

renamed as (

    select
        post_id,
        post_url,
        posted_at,
        posted_at_text,
        post_text,
        impression_count,
        engagement_count,
        engagement_rate,
        repost_count,
        reply_count,
        like_count,
        profile_visit_count,
        url_click_count,
        hashtag_click_count,
        detail_expand_count,
        permalink_click_count,
        follow_count,
        media_view_count,
        media_engagement_count,
        promoted_impression_count,
        promoted_engagement_count,
        _source_name as source_name,
        _exported_at as exported_at,
        _file_sha256 as file_sha256
    from latest

)

select * from renamed
