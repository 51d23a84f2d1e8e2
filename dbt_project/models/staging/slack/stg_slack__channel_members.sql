with

source as (

    select * from {{ source('slack', 'channel_members') }}

),

latest as (

    {{ latest_version('source', ['_source_name', "coalesce(channel_id, '')", 'user_id']) }}

),

renamed as (

    select
        user_id,
        channel_id,
        _source_name as source_name,
        _exported_at as exported_at,
        _file_sha256 as file_sha256
    from latest

)

select * from renamed
