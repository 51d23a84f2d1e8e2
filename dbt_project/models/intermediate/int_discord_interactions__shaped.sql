-- The table of an export says nothing of who answered whom: each message stands alone, and
-- the union marks them as overheard, so that nobody is held to have left them unanswered.
with

messages as (

    select * from {{ ref('stg_discord__messages') }}

),

numbered as (

    select distinct
        source_name,
        author_id,
        body_text,
        {{ minute_start('sent_at') }} as sent_minute
    from messages
    where message_id is not null

),

-- Older versions of the exporter write neither id nor seconds: the same message stands in
-- a newer export with both.
told_once as (

    select messages.*
    from messages
    left join numbered
        on
            messages.message_id is null
            and messages.source_name = numbered.source_name
            and messages.author_id = numbered.author_id
            and messages.body_text is not distinct from numbered.body_text
            and messages.sent_at = numbered.sent_minute
    where numbered.sent_minute is null

),

shaped as (

    select
        'discord' as platform_code,
        {{ discord_message_id() }} as source_id,
        {{ discord_message_id() }} as thread_id,
        cast(null as varchar) as parent_id,
        true as is_root,
        author_id as account_id,
        author_name as account_handle,
        cast(null as varchar) as display_name,
        false as is_flagged_admin,
        cast(null as varchar) as title_text,
        body_text,
        sent_at as occurred_at,
        -- 'heart (3),tada (1)'; a blank says that nobody reacted.
        cast(
            coalesce(
                {{ total_of_matches('reactions_text', '\\(([0-9]+)\\)') }},
                0
            ) as bigint
        ) as like_count,
        source_name,
        exported_at,
        file_sha256
    from told_once

)

select * from shaped
