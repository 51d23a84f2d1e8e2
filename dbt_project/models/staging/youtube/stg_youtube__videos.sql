with

source as (

    select * from {{ source('youtube', 'videos') }}

),

latest as (

    {{ latest_version('source', ['_source_name', 'video_id', '_period_start', '_period_end', '_exported_at']) }}

),

renamed as (

    select
        video_id,
        video_title,
        published_on,
        duration_seconds,
        view_count,
        watch_hours,
        subscriber_net_count,
        impression_count,
        click_through_rate,
        _source_name as source_name,
        _period_start as period_start,
        _period_end as period_end,
        _exported_at as exported_at,
        _file_sha256 as file_sha256
    from latest

)

select * from renamed
