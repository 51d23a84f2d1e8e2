with

source as (

    select * from {{ source('x', 'posts') }}

),

latest as (

    {{ latest_version('source', ['_source_name', 'post_id', '_exported_at']) }}

),

renamed as (

    select
        post_id,
        posted_on,
        post_text,
        post_url,
        impression_count,
        like_count,
        engagement_count,
        bookmark_count,
        share_count,
        follow_count,
        reply_count,
        repost_count,
        profile_visit_count,
        detail_expand_count,
        url_click_count,
        hashtag_click_count,
        permalink_click_count,
        _source_name as source_name,
        _exported_at as exported_at,
        _file_sha256 as file_sha256
    from latest

)

select * from renamed
