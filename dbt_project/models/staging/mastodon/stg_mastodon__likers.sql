with

source as (

    select * from {{ source('mastodon', 'likers') }}

),

latest as (

    {{ latest_version('source', ['post_uri', 'account_uri']) }}

),

renamed as (

    select
        post_uri,
        account_uri,
        account_name,
        _source_name as source_name,
        _exported_at as exported_at,
        _file_sha256 as file_sha256
    from latest

)

select * from renamed
