with

source as (

    select * from {{ source('slack', 'channels') }}

),

latest as (

    {{ latest_version('source', ['_source_name', 'channel_id']) }}

),

renamed as (

    select
        channel_id,
        channel_name,
        created_at,
        is_archived,
        is_general,
        purpose_text,
        is_private,
        is_direct,
        _source_name as source_name,
        _exported_at as exported_at,
        _file_sha256 as file_sha256
    from latest

)

select * from renamed
