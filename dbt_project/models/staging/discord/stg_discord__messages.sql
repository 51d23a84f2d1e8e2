with

source as (

    select * from {{ source('discord', 'messages') }}

),

latest as (

    {{ latest_version('source', [discord_message_id()]) }}

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
