with

source as (

    select * from {{ source('facebook', 'videos') }}

),

latest as (

    {{ latest_version('source', ['_source_name', 'video_asset_id', '_exported_at']) }}

),

renamed as (

    select
        video_asset_id,
        page_id,
        page_name,
        title_text,
        description_text,
        duration_seconds,
        posted_at,
        permalink_url,
        data_comment_text,
        date_label_text,
        view_count,
        reach_count,
        three_second_view_count,
        one_minute_view_count,
        reaction_count,
        comment_count,
        share_count,
        _source_name as source_name,
        _exported_at as exported_at,
        _file_sha256 as file_sha256
    from latest

)

select * from renamed
