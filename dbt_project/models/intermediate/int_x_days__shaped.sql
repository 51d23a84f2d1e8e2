-- Of a day that both kinds of files count, the analytics of today are believed.
with

of_both_formats as (

    select
        1 as format_rank,
        source_name,
        activity_date,
        follow_count as gained_count,
        unfollow_count as lost_count,
        impression_count,
        reply_count as comment_count,
        {{ sum_reported(['share_count', 'repost_count']) }} as share_count,
        like_count as reaction_count,
        bookmark_count as save_count,
        cast(null as bigint) as click_count,
        profile_visit_count,
        post_count,
        exported_at,
        file_sha256
    from {{ ref('stg_x__daily_overview') }}

    union all

    -- Follows by way of a post are not all followers gained: not reported.
    select
        2 as format_rank,
        source_name,
        activity_date,
        cast(null as bigint) as gained_count,
        cast(null as bigint) as lost_count,
        impression_count,
        reply_count as comment_count,
        repost_count as share_count,
        like_count as reaction_count,
        cast(null as bigint) as save_count,
        {{ sum_reported(['url_click_count', 'hashtag_click_count', 'permalink_click_count']) }} as click_count,
        profile_visit_count,
        post_count,
        exported_at,
        file_sha256
    from {{ ref('stg_x__daily_activity') }}

),

shaped as (

    select
        'x' as platform_code,
        source_name,
        activity_date,
        gained_count,
        lost_count,
        impression_count,
        cast(null as bigint) as view_count,
        comment_count,
        share_count,
        reaction_count,
        save_count,
        click_count,
        profile_visit_count,
        post_count,
        exported_at,
        file_sha256
    from of_both_formats
    qualify
        row_number() over (
            partition by source_name, activity_date
            order by format_rank
        ) = 1

)

select * from shaped
