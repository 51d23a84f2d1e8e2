-- What people say in public channels. Joining, programs and other notes of Slack itself are
-- no contributions. An export names a channel, the API its id: one message, one act.
with

messages as (

    select * from {{ ref('stg_slack__messages') }}

),

channels as (

    select
        source_name,
        channel_id,
        channel_name
    from {{ ref('stg_slack__channels') }}
    qualify
        row_number() over (
            partition by source_name, channel_name
            order by exported_at desc, channel_id desc
        ) = 1

),

users as (

    select
        source_name,
        user_id,
        username,
        display_name,
        is_admin,
        is_bot
    from {{ ref('stg_slack__users') }}

),

placed as (

    select
        messages.*,
        coalesce(
            messages.channel_id, channels.channel_id, messages.source_name || '/' || messages.channel_name,
            messages.source_name
        ) as place_id
    from messages
    left join channels
        on
            messages.source_name = channels.source_name
            and messages.channel_name = channels.channel_name
    where
        messages.bot_id is null
        and coalesce(messages.subtype_code, '') in ('', 'thread_broadcast', 'me_message', 'file_share')

),

latest as (

    select *
    from placed
    qualify
        row_number() over (
            partition by place_id, message_ts
            order by exported_at desc, file_sha256 desc
        ) = 1

),

shaped as (

    select
        'slack' as platform_code,
        latest.place_id || '/' || latest.message_ts as source_id,
        latest.place_id || '/' || coalesce(latest.thread_ts, latest.message_ts) as thread_id,
        case
            when latest.thread_ts <> latest.message_ts then latest.place_id || '/' || latest.thread_ts
        end as parent_id,
        coalesce(latest.thread_ts = latest.message_ts, true) as is_root,
        latest.user_id as account_id,
        users.username as account_handle,
        users.display_name,
        coalesce(users.is_admin, false) as is_flagged_admin,
        cast(null as varchar) as title_text,
        latest.body_text,
        latest.created_at as occurred_at,
        -- Slack lists reactions only where there are some.
        cast(
            coalesce({{ json_array_total('latest.reaction_counts_json') }}, 0)
            as bigint
        ) as like_count,
        latest.source_name,
        latest.exported_at,
        latest.file_sha256
    from latest
    left join users
        on
            latest.source_name = users.source_name
            and latest.user_id = users.user_id
    where not coalesce(users.is_bot, false)

)

select * from shaped
