with

source as (

    select * from {{ source('bluesky', 'likes') }}

),

latest as (

    {{ latest_version('source', ['post_uri', 'account_did']) }}

),

renamed as (

    select
        post_uri,
        account_did,
        account_handle,
        liked_at,
        indexed_at,
        _source_name as source_name,
        _exported_at as exported_at,
        _file_sha256 as file_sha256
    from latest

)

select * from renamed
