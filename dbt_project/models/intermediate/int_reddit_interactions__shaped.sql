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
nameless as (

    select author_name
    from reddit_turns
    where
        author_fullname is null
        and author_name <> '[deleted]'
    group by author_name

),

known_names as (

    select
        reddit_turns.author_name,
        max(reddit_turns.author_fullname) as author_fullname
    from reddit_turns
    inner join nameless
        on reddit_turns.author_name = nameless.author_name
    group by reddit_turns.author_name

),

-- Same grain: a name is one row.
shaped as (

    select
        'reddit' as platform_code,
        reddit_turns.source_id,
        reddit_turns.thread_id,
        reddit_turns.parent_id,
        reddit_turns.is_root,
        case
            when reddit_turns.author_name <> '[deleted]'
                then coalesce(
                    reddit_turns.author_fullname,
                    known_names.author_fullname,
                    'name/' || lower(reddit_turns.author_name)
                )
        end as account_id,
        nullif(reddit_turns.author_name, '[deleted]') as account_handle,
        cast(null as varchar) as display_name,
        false as is_flagged_admin,
        reddit_turns.title_text,
        reddit_turns.body_text,
        reddit_turns.created_at as occurred_at,
        reddit_turns.score_count as like_count,
        reddit_turns.source_name,
        reddit_turns.exported_at,
        reddit_turns.file_sha256
    from reddit_turns
    left join known_names
        on reddit_turns.author_name = known_names.author_name
    where
        not (
            coalesce(reddit_turns.author_name, '[deleted]') = '[deleted]'
            and coalesce(reddit_turns.body_text, '') in ('[deleted]', '[removed]')
        )

)

select * from shaped
