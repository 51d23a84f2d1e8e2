-- What is gone is marked here and leaves the current counts; observations and earlier
-- builds keep it.
with

gone as (

    select * from {{ ref('int_objects__gone') }}
    where created_at < {{ week_end_at() }}

),

posts as (

    select
        platform_code,
        post_id,
        min(post_key) as post_key
    from {{ ref('int_posts__latest') }}
    group by
        platform_code,
        post_id

),

-- Same grain: a post of a platform is one row.
marked as (

    select
        {{ surrogate_key(['gone.platform_code', 'gone.object_kind_code', 'gone.object_id']) }}
            as deletion_key,
        gone.platform_code,
        gone.object_kind_code,
        gone.interaction_key,
        posts.post_key,
        gone.deletion_code,
        {{ reporting_week(local_date('gone.created_at')) }} as created_week,
        gone.last_seen_at,
        gone.gone_at,
        gone.source_name,
        gone.contract_code,
        gone.file_sha256
    from gone
    left join posts
        on
            gone.object_kind_code = 'post'
            and gone.platform_code = posts.platform_code
            and gone.object_id = posts.post_id

)

select * from marked
