-- Discourse and Reddit in one shape. A withdrawn post is a placeholder without words;
-- it is no act of anybody, and neither are replies that come after the week.
with

discourse_posts as (

    select * from {{ ref('stg_discourse__posts') }}

),

discourse_topics as (

    select
        topic_id,
        title_text
    from {{ ref('stg_discourse__topics') }}

),

reddit_submissions as (

    select * from {{ ref('stg_reddit__submissions') }}

),

reddit_comments as (

    select * from {{ ref('stg_reddit__comments') }}

),

-- A reply to the topic names no post: it answers the first one.
discourse as (

    select
        'discourse' as platform_code,
        posts.post_id as source_id,
        'topic/' || posts.topic_id as thread_id,
        case when posts.post_number > 1 then parents.post_id end as parent_id,
        posts.post_number = 1 as is_root,
        posts.user_id as account_id,
        posts.username as account_handle,
        posts.display_name,
        coalesce(posts.is_admin, false) as is_flagged_admin,
        case when posts.post_number = 1 then topics.title_text end as title_text,
        posts.post_text as body_text,
        posts.created_at as occurred_at,
        posts.like_count
    from discourse_posts as posts
    left join discourse_topics as topics
        on posts.topic_id = topics.topic_id
    left join discourse_posts as parents
        on
            posts.topic_id = parents.topic_id
            and coalesce(posts.reply_to_post_number, 1) = parents.post_number
    where
        posts.deleted_at is null
        and not coalesce(posts.is_user_deleted, false)

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
        score_count
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
        score_count
    from reddit_comments

),

-- Crawls of before 2018 know a name only; another row of the same name may know more.
reddit as (

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
        score_count as like_count
    from reddit_turns
    where
        not (
            coalesce(author_name, '[deleted]') = '[deleted]'
            and coalesce(body_text, '') in ('[deleted]', '[removed]')
        )

),

unioned as (

    select * from discourse

    union all

    select * from reddit

),

keyed as (

    select
        {{ surrogate_key(['platform_code', 'source_id']) }} as interaction_key,
        platform_code,
        {{ surrogate_key(['platform_code', "'thread'", 'thread_id']) }} as thread_key,
        case
            when parent_id is not null
                then {{ surrogate_key(['platform_code', 'parent_id']) }}
        end as parent_interaction_key,
        case when is_root then 'create' else 'reply' end as verb_code,
        nullif(account_id, '') as account_id,
        account_handle,
        display_name,
        is_flagged_admin,
        {{ person_key('platform_code', "nullif(account_id, '')") }} as person_key,
        md5(coalesce(nullif(body_text, ''), title_text)) as text_key,
        nullif(concat_ws(chr(10), title_text, body_text), '') as full_text,
        like_count,
        occurred_at,
        {{ local_date('occurred_at') }} as occurred_date,
        {{ reporting_week(local_date('occurred_at')) }} as occurred_week
    from unioned
    where occurred_at < {{ week_end_at() }}

)

select * from keyed
