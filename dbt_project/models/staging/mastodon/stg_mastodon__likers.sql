with

source as (

    select * from {{ source('mastodon', 'likers') }}

),

known as (

    select
        *,
        min(_exported_at) over (partition by post_uri, account_uri) as first_exported_at
    from source

),

latest as (

    {{ latest_version('known', ['post_uri', 'account_uri']) }}

),

renamed as (

    select
        post_uri,
        account_uri,
        account_name,
        first_exported_at,
        _source_name as source_name,
        _exported_at as exported_at,
        _file_sha256 as file_sha256
    from latest

)

select * from renamed
