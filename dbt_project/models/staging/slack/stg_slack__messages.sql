with

source as (

    select * from {{ source('slack', 'messages') }}

),

latest as (

    {{ latest_version('source', ['_source_name', 'coalesce(channel_id, channel_name)', 'message_ts']) }}

),

renamed as (

    select
        message_ts,
        created_at,
        channel_name,
        channel_id,
        user_id,
        bot_id,
        subtype_code,
        body_text,
        thread_ts,
        reply_count,
        reaction_counts_json,
        edited_at,
        _source_name as source_name,
        _exported_at as exported_at,
        _file_sha256 as file_sha256
    from latest

)

select * from renamed
