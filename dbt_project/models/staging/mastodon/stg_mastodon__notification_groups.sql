with

source as (

    select * from {{ source('mastodon', 'notification_groups') }}

),

latest as (

    {{ latest_version('source', ['_source_name', 'group_key']) }}

),

renamed as (

    select
        group_key,
        notification_code,
        notification_count,
        latest_at,
        status_id,
        _source_name as source_name,
        _exported_at as exported_at,
        _file_sha256 as file_sha256
    from latest

)

select * from renamed
