-- A withdrawn comment is a placeholder without words and author: no act of anybody. What
-- an account said before it was deleted may stay, and is nobody's.
with

reddit_submissions as (

    select * from {{ ref('stg_reddit__submissions') }}

),

reddit_comments as (

    select * from {{ ref('stg_reddit__comments') }}

),

reddit_turns as (

    select
        fullname as source_id,
        fullname as thread_id,
        cast(null as varchar) as parent_id,
        true as is_root,
        author_name,
        author_fullname,
        title_text,
        body_text,
        created_at,
        score_count,
        source_name,
        exported_at,
        file_sha256
    from reddit_submissions

    union all

    select
        fullname as source_id,
        link_fullname as thread_id,
        parent_fullname as parent_id,
        false as is_root,
        author_name,
        author_fullname,
        cast(null as varchar) as title_text,
        body_text,
        created_at,
        score_count,
        source_name,
        exported_at,
        file_sha256
    from reddit_comments

),

-- Crawls of before 2018 know a name only; another row of the same name may know more.
shaped as (

    select
        'reddit' as platform_code,
        source_id,
        thread_id,
        parent_id,
        is_root,
        case
            when author_name <> '[deleted]'
                then coalesce(
                    author_fullname,
                    max(author_fullname) over (partition by author_name),
                    'name/' || lower(author_name)
                )
        end as account_id,
        nullif(author_name, '[deleted]') as account_handle,
        cast(null as varchar) as display_name,
        false as is_flagged_admin,
        title_text,
        body_text,
        created_at as occurred_at,
        score_count as like_count,
        source_name,
        exported_at,
        file_sha256
    from reddit_turns
    where
        not (
            coalesce(author_name, '[deleted]') = '[deleted]'
            and coalesce(body_text, '') in ('[deleted]', '[removed]')
        )

)

select * from shaped
