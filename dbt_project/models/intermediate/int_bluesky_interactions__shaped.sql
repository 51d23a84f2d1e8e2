-- Posts of anybody as turns of conversations. The program of an author sets the moment
-- and may lie; a post is never younger than the server knows it. A repost is no turn.
with

latest as (

    select *
    from {{ ref('stg_bluesky__posts') }}
    qualify
        row_number() over (
            partition by post_uri
            order by exported_at desc, source_name, file_sha256 desc
        ) = 1

),

shaped as (

    select
        'bluesky' as platform_code,
        post_uri as source_id,
        coalesce(root_post_uri, reply_to_post_uri, post_uri) as thread_id,
        reply_to_post_uri as parent_id,
        reply_to_post_uri is null as is_root,
        account_did as account_id,
        account_handle,
        nullif(display_name, '') as display_name,
        false as is_flagged_admin,
        cast(null as varchar) as title_text,
        post_text as body_text,
        least(posted_at, indexed_at) as occurred_at,
        like_count,
        source_name,
        exported_at,
        file_sha256
    from latest

)

select * from shaped
