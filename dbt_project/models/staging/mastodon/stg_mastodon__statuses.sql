with

source as (

    select * from {{ source('mastodon', 'statuses') }}

),

latest as (

    {{ latest_version('source', ['_source_name', 'post_uri', '_exported_at']) }}

),

renamed as (

    select
        post_uri,
        status_id,
        posted_at,
        edited_at,
        visibility_code,
        account_uri,
        account_name,
        display_name,
        is_bot,
        post_url,
        warning_text,
        post_text,
        language_code,
        reply_to_status_id,
        boosted_post_uri,
        quoted_post_uri,
        reply_count,
        boost_count,
        like_count,
        quote_count,
        _source_name as source_name,
        _exported_at as exported_at,
        _file_sha256 as file_sha256
    from latest

)

select * from renamed
