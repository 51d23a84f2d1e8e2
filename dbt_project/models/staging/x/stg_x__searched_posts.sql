with

source as (

    select * from {{ source('x', 'searched_posts') }}

),

latest as (

    {{ latest_version('source', ['_source_name', 'post_id', '_exported_at']) }}

),

renamed as (

    select
        post_id,
        posted_at,
        post_text,
        is_truncated,
        language_code,
        account_id,
        account_handle,
        display_name,
        is_protected,
        follower_count,
        reposted_post_id,
        quoted_post_id,
        reply_to_post_id,
        reply_to_account_id,
        like_count,
        repost_count,
        _source_name as source_name,
        _exported_at as exported_at,
        _file_sha256 as file_sha256
    from latest

)

select * from renamed
