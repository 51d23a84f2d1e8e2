-- Turns that stand as a placeholder today, as the last export that held them whole gave
-- them. They are nobody's acts any more; what was counted before is told by them.
with

withdrawn as (

    select
        gone.platform_code,
        gone.object_id
    from {{ ref('int_objects__gone') }} as gone
    left join {{ ref('int_interactions__unioned') }} as interactions
        on gone.interaction_key = interactions.interaction_key
    where
        gone.object_kind_code = 'interaction'
        and interactions.interaction_key is null

),

latest as (

    select versions.*
    from {{ ref('stg_landing__withdrawable_turns') }} as versions
    inner join withdrawn
        on
            versions.platform_code = withdrawn.platform_code
            and versions.source_id = withdrawn.object_id
    qualify
        row_number() over (
            partition by versions.platform_code, versions.source_id
            order by versions.exported_at desc, versions.file_sha256 desc, versions.row_number desc
        ) = 1

),

topic_posts as (

    select
        topic_id,
        post_number,
        min(post_id) as post_id
    from {{ ref('stg_discourse__posts') }}
    group by
        topic_id,
        post_number

),

-- Same grain: a topic has one post of a number.
answering as (

    select
        latest.platform_code,
        latest.source_id,
        latest.thread_id,
        coalesce(latest.parent_id, topic_posts.post_id) as parent_id,
        latest.is_root,
        nullif(latest.account_id, '') as account_id,
        latest.title_text,
        latest.body_text,
        latest.occurred_at
    from latest
    left join topic_posts
        on
            latest.topic_id = topic_posts.topic_id
            and latest.parent_post_number = topic_posts.post_number

)

select
    platform_code,
    source_id,
    {{ turn_keys() }},
    is_root,
    account_id,
    {{ person_key('platform_code', 'account_id') }} as account_person_key,
    title_text,
    body_text,
    occurred_at,
    {{ local_date('occurred_at') }} as occurred_date
from answering
