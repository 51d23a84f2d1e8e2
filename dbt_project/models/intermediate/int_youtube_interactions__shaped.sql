-- A comment on a video opens a thread; all replies answer the comment that opened it. A
-- name that begins with @ is the handle.
with

threads as (

    select * from {{ ref('stg_youtube__comment_threads') }}

),

replies as (

    select * from {{ ref('stg_youtube__comments') }}

),

turns as (

    select
        comment_id as source_id,
        comment_id as thread_id,
        cast(null as varchar) as parent_id,
        true as is_root,
        author_channel_id,
        author_name,
        coalesce(original_text, display_text) as body_text,
        created_at,
        like_count,
        source_name,
        exported_at,
        file_sha256
    from threads

    union all

    select
        comment_id as source_id,
        parent_comment_id as thread_id,
        parent_comment_id as parent_id,
        false as is_root,
        author_channel_id,
        author_name,
        coalesce(original_text, display_text) as body_text,
        created_at,
        like_count,
        source_name,
        exported_at,
        file_sha256
    from replies

),

shaped as (

    select
        'youtube' as platform_code,
        source_id,
        thread_id,
        parent_id,
        is_root,
        author_channel_id as account_id,
        {{ extract_pattern('author_name', '^@(.+)$') }} as account_handle,
        case when author_name not like '@%' then author_name end as display_name,
        false as is_flagged_admin,
        cast(null as varchar) as title_text,
        body_text,
        created_at as occurred_at,
        like_count,
        source_name,
        exported_at,
        file_sha256
    from turns
    qualify
        row_number() over (
            partition by source_id
            order by exported_at desc, is_root desc, file_sha256 desc
        ) = 1

)

select * from shaped
