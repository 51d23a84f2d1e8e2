-- Statuses of anybody from answers of the API, and our own from archives, as turns of
-- conversations. A boost says nothing of its own. A reply names what it answers by the
-- number that the asked server gives it; the uri is the same everywhere.
with recursive

statuses as (

    select * from {{ ref('stg_mastodon__statuses') }}
    where boosted_post_uri is null

),

numbered as (

    select
        source_name,
        status_id,
        max(post_uri) as post_uri
    from statuses
    group by
        source_name,
        status_id

),

of_both_formats as (

    select
        1 as format_rank,
        statuses.post_uri as source_id,
        case
            when statuses.reply_to_status_id is not null
                then coalesce(numbered.post_uri, statuses.source_name || '/' || statuses.reply_to_status_id)
        end as parent_id,
        statuses.account_uri,
        statuses.account_name,
        statuses.display_name,
        statuses.post_text,
        statuses.posted_at,
        statuses.like_count,
        statuses.source_name,
        statuses.exported_at,
        statuses.file_sha256
    from statuses
    left join numbered
        on
            statuses.source_name = numbered.source_name
            and statuses.reply_to_status_id = numbered.status_id

    union all

    select
        2 as format_rank,
        post_uri as source_id,
        reply_to_post_uri as parent_id,
        account_uri,
        {{ extract_pattern('account_uri', '/([^/@]+)$') }} as account_name,
        cast(null as varchar) as display_name,
        post_text,
        posted_at,
        cast(null as bigint) as like_count,
        source_name,
        exported_at,
        file_sha256
    from {{ ref('stg_mastodon__archived_posts') }}

),

-- One row per status, whatever servers and files hold it; an archive never knows more.
turns as (

    select *
    from of_both_formats
    qualify
        row_number() over (
            partition by source_id
            order by format_rank, exported_at desc, source_name, file_sha256 desc
        ) = 1

),

{{ thread_roots('turns') }},

shaped as (

    select
        'mastodon' as platform_code,
        turns.source_id,
        thread_roots.root_id as thread_id,
        turns.parent_id,
        turns.parent_id is null as is_root,
        turns.account_uri as account_id,
        {{ fediverse_handle('turns.account_name', 'turns.account_uri') }} as account_handle,
        nullif(turns.display_name, '') as display_name,
        false as is_flagged_admin,
        cast(null as varchar) as title_text,
        turns.post_text as body_text,
        turns.posted_at as occurred_at,
        turns.like_count,
        turns.source_name,
        turns.exported_at,
        turns.file_sha256
    from turns
    inner join thread_roots
        on turns.source_id = thread_roots.source_id

)

select * from shaped
