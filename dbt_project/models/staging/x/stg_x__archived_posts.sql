with

source as (

    select * from {{ source('x', 'archived_posts') }}

),

latest as (

    {{ latest_version('source', ['_source_name', 'post_id', '_exported_at']) }}

),

renamed as (

    select
        post_id,
        posted_at,
        post_text,
        reply_to_post_id,
        reply_to_account_id,
        reply_to_handle,
        language_code,
        like_count,
        repost_count,
        _source_name as source_name,
        _exported_at as exported_at,
        _file_sha256 as file_sha256
    from latest

)

select * from renamed
