with

source as (

    select * from {{ source('bluesky', 'notifications') }}

),

latest as (

    {{ latest_version('source', ['notification_uri']) }}

),

renamed as (

    select
        notification_uri,
        notification_code,
        account_did,
        account_handle,
        post_uri,
        indexed_at,
        _source_name as source_name,
        _exported_at as exported_at,
        _file_sha256 as file_sha256
    from latest

)

select * from renamed
