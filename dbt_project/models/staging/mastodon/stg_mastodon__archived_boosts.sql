with

source as (

    select * from {{ source('mastodon', 'archived_boosts') }}

),

latest as (

    {{ latest_version('source', ['boost_uri']) }}

),

renamed as (

    select
        boost_uri,
        account_uri,
        boosted_at,
        post_uri,
        _source_name as source_name,
        _exported_at as exported_at,
        _file_sha256 as file_sha256
    from latest

)

select * from renamed
