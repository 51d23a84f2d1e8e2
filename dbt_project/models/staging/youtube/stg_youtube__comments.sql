with

source as (

    select * from {{ source('youtube', 'comments') }}

),

latest as (

    {{ latest_version('source', ['comment_id']) }}

),

renamed as (

    select
        comment_id,
        parent_comment_id,
        video_id,
        author_channel_id,
        author_name,
        original_text,
        display_text,
        like_count,
        created_at,
        updated_at,
        _source_name as source_name,
        _exported_at as exported_at,
        _file_sha256 as file_sha256
    from latest

)

select * from renamed
