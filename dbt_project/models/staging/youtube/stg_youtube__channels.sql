with

source as (

    select * from {{ source('youtube', 'channels') }}

),

latest as (

    {{ latest_version('source', ['_source_name', 'channel_id', '_exported_at']) }}

),

renamed as (

    select
        channel_id,
        channel_name,
        channel_handle,
        subscriber_count,
        is_subscriber_count_hidden,
        view_count,
        video_count,
        _source_name as source_name,
        _exported_at as exported_at,
        _file_sha256 as file_sha256
    from latest

)

select * from renamed
