with

source as (

    select * from {{ source('mastodon', 'archived_posts') }}

),

latest as (

    {{ latest_version('source', ['post_uri']) }}

),

renamed as (

    select
        post_uri,
        account_uri,
        posted_at,
        post_url,
        warning_text,
        post_text,
        reply_to_post_uri,
        conversation_uri,
        _source_name as source_name,
        _exported_at as exported_at,
        _file_sha256 as file_sha256
    from latest

)

select * from renamed
