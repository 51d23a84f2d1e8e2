with

source as (

    select * from {{ source('tiktok', 'videos') }}

),

latest as (

    {{ latest_version('source', ['_source_name', 'video_id', '_exported_at']) }}

),

renamed as (

    select
        video_id,
        account_handle,
        posted_at,
        video_url,
        post_day_text,
        window_end_text,
        video_title,
        view_count,
        like_count,
        comment_count,
        share_count,
        save_count,
        _source_name as source_name,
        _exported_at as exported_at,
        _file_sha256 as file_sha256
    from latest

)

select * from renamed
