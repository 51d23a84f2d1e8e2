with

source as (

    select * from {{ source('discord', 'messages') }}

),

latest as (

    {{ latest_version('source', ["coalesce(message_id, " ~ hash_of("concat_ws('|', channel_id, author_id, cast(sent_at as varchar), body_text)") ~ ")"]) }}

),

renamed as (

    select
        message_id,
        author_id,
        author_name,
        sent_at,
        body_text,
        attachments_text,
        reactions_text,
        channel_id,
        channel_name,
        _source_name as source_name,
        _exported_at as exported_at,
        _file_sha256 as file_sha256
    from latest

)

select * from renamed
