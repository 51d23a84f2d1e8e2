{%- set native_models = [
    'int_reddit_interactions__shaped',
    'int_youtube_interactions__shaped',
    'int_x_interactions__shaped',
    'int_bluesky_interactions__shaped',
] %}
-- Acts that only a listening tool heard (ADR 0007). What a native source of the same
-- platform knows by its id is that act already, whoever wrote it; two tools that heard
-- one act are one act; a repost says nothing new. A platform whose native acts listening
-- tools may hear as well is one line of the list above.
with

mentions as (

    select * from {{ ref('int_mentions__unioned') }}
    where
        account_id is not null
        and not is_repost

),

platforms as (

    select platform_code
    from {{ ref('platforms') }}

),

native_acts as (
    {% for model in native_models %}
    select
        platform_code,
        source_id,
        account_id,
        account_handle
    from {{ ref(model) }}
    {{ 'union all' if not loop.last }}
    {%- endfor %}

),

native_ids as (

    select
        platform_code,
        {{ id_of_native('platform_code', 'source_id') }} as source_id
    from native_acts

    union

    select
        platform_code,
        {{ id_of_native('platform_code', 'post_id') }} as source_id
    from {{ ref('int_posts__unioned') }}

),

-- A native source may know by a stable id whom a tool knows by handle only; so may
-- another mention.
handles as (

    select
        platform_code,
        lower(account_handle) as handle,
        min(account_id) as account_id
    from native_acts
    where
        account_handle is not null
        and account_id is not null
    group by
        platform_code,
        lower(account_handle)

),

own_ids as (

    select
        platform_code,
        lower(author_handle) as handle,
        min(account_id) as account_id
    from mentions
    where
        author_handle is not null
        and account_id not like 'name/%'
    group by
        platform_code,
        lower(author_handle)

),

heard_once as (

    select mentions.*
    from mentions
    inner join platforms
        on mentions.platform_code = platforms.platform_code
    left join native_ids
        on
            mentions.platform_code = native_ids.platform_code
            and mentions.source_id = native_ids.source_id
    where native_ids.source_id is null
    qualify
        row_number() over (
            partition by mentions.platform_code, mentions.source_id
            order by
                mentions.tool_rank,
                mentions.exported_at desc,
                mentions.file_sha256 desc,
                mentions.mention_id
        ) = 1

),

answered as (

    select
        heard_once.*,
        {{ id_of_url('heard_once.platform_code', 'heard_once.reply_to_url') }} as answered_id,
        case
            when heard_once.platform_code = 'reddit'
                then 't3_' || {{ extract_pattern('heard_once.mention_url', '/comments/([0-9a-z]+)') }}
            else {{ id_of_url('heard_once.platform_code', 'heard_once.thread_url') }}
        end as opened_id
    from heard_once

),

shaped as (

    select
        answered.platform_code,
        answered.source_id,
        coalesce(answered.opened_id, answered.answered_id, answered.source_id) as thread_id,
        coalesce(
            answered.answered_id,
            nullif(answered.opened_id, answered.source_id)
        ) as parent_id,
        coalesce(answered.answered_id, nullif(answered.opened_id, answered.source_id)) is null
        and not answered.is_reply as is_root,
        coalesce(handles.account_id, own_ids.account_id, answered.account_id) as account_id,
        answered.author_handle as account_handle,
        cast(null as varchar) as display_name,
        false as is_flagged_admin,
        answered.title_text,
        answered.body_text,
        answered.occurred_at,
        cast(answered.like_count as bigint) as like_count,
        answered.source_name,
        answered.exported_at,
        answered.file_sha256
    from answered
    left join handles
        on
            answered.platform_code = handles.platform_code
            and lower(answered.author_handle) = handles.handle
    left join own_ids
        on
            answered.platform_code = own_ids.platform_code
            and lower(answered.author_handle) = own_ids.handle

)

select * from shaped
