-- Posts of anybody from answers of the API, and our own from archives, as turns of
-- conversations. A repost says nothing of its own. Analytics of an account name nobody:
-- their posts are no turns.
with recursive

archived_accounts as (

    select
        file_sha256,
        account_id,
        account_handle,
        display_name
    from {{ ref('stg_x__archived_accounts') }}

),

of_both_formats as (

    select
        1 as format_rank,
        post_id as source_id,
        reply_to_post_id as parent_id,
        account_id,
        account_handle,
        display_name,
        post_text,
        posted_at,
        like_count,
        source_name,
        exported_at,
        file_sha256
    from {{ ref('stg_x__searched_posts') }}
    where reposted_post_id is null

    union all

    select
        2 as format_rank,
        posts.post_id as source_id,
        posts.reply_to_post_id as parent_id,
        archived_accounts.account_id,
        archived_accounts.account_handle,
        archived_accounts.display_name,
        posts.post_text,
        posts.posted_at,
        posts.like_count,
        posts.source_name,
        posts.exported_at,
        posts.file_sha256
    from {{ ref('stg_x__archived_posts') }} as posts
    inner join archived_accounts
        on posts.file_sha256 = archived_accounts.file_sha256
    where not {{ is_x_repost('posts.post_text') }}

),

-- One row per post, whatever files and sources hold it.
turns as (

    select *
    from of_both_formats
    qualify
        row_number() over (
            partition by source_id
            order by exported_at desc, format_rank, source_name, file_sha256 desc
        ) = 1

),

{{ thread_roots('turns') }},

shaped as (

    select
        'x' as platform_code,
        turns.source_id,
        thread_roots.root_id as thread_id,
        turns.parent_id,
        turns.parent_id is null as is_root,
        turns.account_id,
        turns.account_handle,
        turns.display_name,
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
