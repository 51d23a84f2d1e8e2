-- What was deleted counts for nobody any more; its observations stay.
with

posts as (

    select
        post_key,
        platform_code,
        account_key,
        posted_week,
        comment_count,
        share_count,
        reaction_count,
        save_count,
        click_count,
        interaction_count,
        impression_count,
        view_count,
        reach_count,
        is_mature
    from {{ ref('int_posts__latest') }}
    where gone_at is null

)

select * from posts
