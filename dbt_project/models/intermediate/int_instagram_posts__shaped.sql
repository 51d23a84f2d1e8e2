-- In the month in which views came, all were 0 though people were reached: not reported.
-- Followers gained are counted per post; clicks on it only on stories. Some exports of
-- posts hold stories too: where one moment has both, the export of posts counts.
with

posts as (

    select * from {{ ref('stg_instagram__posts') }}

),

stories as (

    select * from {{ ref('stg_instagram__stories') }}

),

shaped as (

    select
        'instagram' as platform_code,
        source_name,
        post_id,
        account_id as source_account_id,
        account_username as source_account_handle,
        description_text as post_text,
        posted_at,
        {{ local_date('posted_at') }} as posted_date,
        cast(null as boolean) as is_boosted,
        comment_count,
        share_count,
        like_count as reaction_count,
        save_count,
        cast(null as bigint) as click_count,
        follow_count,
        cast(null as bigint) as profile_visit_count,
        cast(null as bigint) as impression_count,
        case when view_count > 0 or coalesce(reach_count, 0) = 0 then view_count end as view_count,
        reach_count,
        exported_at as observed_at,
        file_sha256,
        false as is_story
    from posts

    union all

    -- Replies to a story are private messages, no comments.
    select
        'instagram' as platform_code,
        source_name,
        story_id as post_id,
        account_id as source_account_id,
        account_username as source_account_handle,
        description_text as post_text,
        posted_at,
        {{ local_date('posted_at') }} as posted_date,
        cast(null as boolean) as is_boosted,
        cast(null as bigint) as comment_count,
        share_count,
        like_count as reaction_count,
        cast(null as bigint) as save_count,
        link_click_count as click_count,
        follow_count,
        profile_visit_count,
        cast(null as bigint) as impression_count,
        case when view_count > 0 or coalesce(reach_count, 0) = 0 then view_count end as view_count,
        reach_count,
        exported_at as observed_at,
        file_sha256,
        true as is_story
    from stories

),

preferred as (

    select *
    from shaped
    qualify
        row_number() over (
            partition by source_name, post_id, observed_at
            order by is_story, file_sha256
        ) = 1

)

select * from preferred
