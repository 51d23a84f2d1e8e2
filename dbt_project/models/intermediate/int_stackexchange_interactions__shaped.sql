-- Questions open threads, answers and comments follow. Ids begin anew on each site: those of
-- posts are told apart by their source, those of people by the host of their address. An
-- owner that does not exist any more is nobody.
with

questions as (

    select * from {{ ref('stg_stackexchange__questions') }}

),

answers as (

    select * from {{ ref('stg_stackexchange__answers') }}

),

comments as (

    select * from {{ ref('stg_stackexchange__comments') }}

),

turns as (

    select
        'post/' || question_id as turn_id,
        question_id,
        cast(null as varchar) as parent_turn_id,
        owner_id,
        owner_url,
        owner_name,
        title_text,
        body_text,
        created_at,
        score_count,
        source_name,
        exported_at,
        file_sha256
    from questions

    union all

    select
        'post/' || answer_id as turn_id,
        question_id,
        'post/' || question_id as parent_turn_id,
        owner_id,
        owner_url,
        owner_name,
        cast(null as varchar) as title_text,
        body_text,
        created_at,
        score_count,
        source_name,
        exported_at,
        file_sha256
    from answers

    union all

    select
        'comment/' || comments.comment_id as turn_id,
        coalesce(answers.question_id, comments.post_id) as question_id,
        'post/' || comments.post_id as parent_turn_id,
        comments.owner_id,
        comments.owner_url,
        comments.owner_name,
        cast(null as varchar) as title_text,
        comments.body_text,
        comments.created_at,
        comments.score_count,
        comments.source_name,
        comments.exported_at,
        comments.file_sha256
    from comments
    left join answers
        on
            comments.source_name = answers.source_name
            and comments.post_id = answers.answer_id

),

shaped as (

    select
        'stackexchange' as platform_code,
        source_name || '/' || turn_id as source_id,
        source_name || '/post/' || question_id as thread_id,
        source_name || '/' || parent_turn_id as parent_id,
        parent_turn_id is null as is_root,
        coalesce({{ extract_pattern('owner_url', '^https?://([^/]+)/') }}, source_name)
        || '/' || owner_id as account_id,
        case when owner_id is not null then owner_name end as account_handle,
        case when owner_id is not null then owner_name end as display_name,
        false as is_flagged_admin,
        title_text,
        body_text,
        created_at as occurred_at,
        score_count as like_count,
        source_name,
        exported_at,
        file_sha256
    from turns

)

select * from shaped
