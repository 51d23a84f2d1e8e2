-- Exports of one page, or of one member, matched by day: any may be missing. LinkedIn does
-- not say how many followers left. A source that holds a page and a member is the page's.
with

linkedin_content as (

    select * from {{ ref('stg_linkedin__daily_content') }}

),

linkedin_followers as (

    select * from {{ ref('stg_linkedin__daily_followers') }}

),

linkedin_visitors as (

    select * from {{ ref('stg_linkedin__daily_visitors') }}

),

member_content as (

    select * from {{ ref('stg_linkedin__daily_member_content') }}

),

member_followers as (

    select * from {{ ref('stg_linkedin__daily_member_followers') }}

),

page_days as (

    select
        coalesce(
            linkedin_content.source_name, linkedin_followers.source_name,
            linkedin_visitors.source_name
        ) as source_name,
        coalesce(
            linkedin_content.activity_date, linkedin_followers.activity_date,
            linkedin_visitors.activity_date
        ) as activity_date,
        linkedin_followers.follow_count as gained_count,
        linkedin_content.impression_count,
        linkedin_content.comment_count,
        linkedin_content.repost_count as share_count,
        linkedin_content.reaction_count,
        linkedin_content.click_count,
        linkedin_visitors.total_page_view_count as profile_visit_count,
        coalesce(
            linkedin_content.exported_at, linkedin_followers.exported_at,
            linkedin_visitors.exported_at
        ) as exported_at,
        coalesce(
            linkedin_content.file_sha256, linkedin_followers.file_sha256,
            linkedin_visitors.file_sha256
        ) as file_sha256
    from linkedin_content
    full outer join linkedin_followers
        on
            linkedin_content.source_name = linkedin_followers.source_name
            and linkedin_content.activity_date = linkedin_followers.activity_date
    full outer join linkedin_visitors
        on
            coalesce(linkedin_content.source_name, linkedin_followers.source_name)
            = linkedin_visitors.source_name
            and coalesce(linkedin_content.activity_date, linkedin_followers.activity_date)
            = linkedin_visitors.activity_date

),

member_days as (

    select
        coalesce(member_content.source_name, member_followers.source_name) as source_name,
        coalesce(member_content.activity_date, member_followers.activity_date) as activity_date,
        member_followers.follow_count as gained_count,
        member_content.impression_count,
        coalesce(member_content.exported_at, member_followers.exported_at) as exported_at,
        coalesce(member_content.file_sha256, member_followers.file_sha256) as file_sha256
    from member_content
    full outer join member_followers
        on
            member_content.source_name = member_followers.source_name
            and member_content.activity_date = member_followers.activity_date

),

pages as (

    select source_name
    from page_days
    group by source_name

),

days as (

    select * from page_days

    union all

    select
        member_days.source_name,
        member_days.activity_date,
        member_days.gained_count,
        member_days.impression_count,
        cast(null as bigint) as comment_count,
        cast(null as bigint) as share_count,
        cast(null as bigint) as reaction_count,
        cast(null as bigint) as click_count,
        cast(null as bigint) as profile_visit_count,
        member_days.exported_at,
        member_days.file_sha256
    from member_days
    left join pages
        on member_days.source_name = pages.source_name
    where pages.source_name is null

),

shaped as (

    select
        'linkedin' as platform_code,
        source_name,
        activity_date,
        gained_count,
        cast(null as bigint) as lost_count,
        impression_count,
        cast(null as bigint) as view_count,
        comment_count,
        share_count,
        reaction_count,
        cast(null as bigint) as save_count,
        click_count,
        profile_visit_count,
        cast(null as bigint) as post_count,
        exported_at,
        file_sha256
    from days

)

select * from shaped
