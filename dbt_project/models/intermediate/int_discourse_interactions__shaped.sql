-- A withdrawn post is a placeholder without words, and type 3 a note of what was done to the
-- topic: no act of anybody.
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

-- A reply to the topic names no post: it answers the first one.
shaped as (

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
        posts.like_count,
        posts.source_name,
        posts.exported_at,
        posts.file_sha256
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
        and coalesce(posts.post_type_code, '1') <> '3'

)

select * from shaped
