with

source as (

    select * from {{ source('youtube', 'daily_videos') }}

),

latest as (

    {{ latest_version('source', ['_source_name', 'video_id', 'activity_date']) }}

),

renamed as (

    select
        activity_date,
        video_id,
        video_title,
        published_on,
        view_count,
        _source_name as source_name,
        _exported_at as exported_at,
        _file_sha256 as file_sha256
    from latest

)

select * from renamed
