with

source as (

    select * from {{ source('bluesky', 'posts') }}

),

latest as (

    {{ latest_version('source', ['_source_name', 'post_uri', '_exported_at']) }}

),

renamed as (

    select
        post_uri,
        account_did,
        account_handle,
        display_name,
        post_text,
        posted_at,
        indexed_at,
        reply_to_post_uri,
        root_post_uri,
        quoted_post_uri,
        reply_count,
        repost_count,
        like_count,
        quote_count,
        bookmark_count,
        _source_name as source_name,
        _exported_at as exported_at,
        _file_sha256 as file_sha256
    from latest

)

select * from renamed
