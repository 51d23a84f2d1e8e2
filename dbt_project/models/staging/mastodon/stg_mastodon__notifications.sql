with

source as (

    select * from {{ source('mastodon', 'notifications') }}

),

latest as (

    {{ latest_version('source', ['_source_name', 'notification_id']) }}

),

renamed as (

    select
        notification_id,
        notification_code,
        notified_at,
        account_uri,
        account_name,
        post_uri,
        visibility_code,
        _source_name as source_name,
        _exported_at as exported_at,
        _file_sha256 as file_sha256
    from latest

)

select * from renamed
