-- Two exports of one page, matched by day: either may be missing. LinkedIn does not say
-- how many followers left.
with

linkedin_content as (

    select * from {{ ref('stg_linkedin__daily_content') }}

),

linkedin_followers as (

    select * from {{ ref('stg_linkedin__daily_followers') }}

),

shaped as (

    select
        'linkedin' as platform_code,
        coalesce(linkedin_content.source_name, linkedin_followers.source_name) as source_name,
        coalesce(linkedin_content.activity_date, linkedin_followers.activity_date) as activity_date,
        linkedin_followers.follow_count as gained_count,
        cast(null as bigint) as lost_count,
        linkedin_content.impression_count,
        cast(null as bigint) as view_count,
        linkedin_content.comment_count,
        linkedin_content.repost_count as share_count,
        linkedin_content.reaction_count,
        cast(null as bigint) as save_count,
        linkedin_content.click_count,
        cast(null as bigint) as profile_visit_count,
        cast(null as bigint) as post_count,
        coalesce(linkedin_content.exported_at, linkedin_followers.exported_at) as exported_at,
        coalesce(linkedin_content.file_sha256, linkedin_followers.file_sha256) as file_sha256
    from linkedin_content
    full outer join linkedin_followers
        on
            linkedin_content.source_name = linkedin_followers.source_name
            and linkedin_content.activity_date = linkedin_followers.activity_date

)

select * from shaped
