-- What an account's own daily exports count: one row per account and day. Followers
-- lost are null where a platform does not report them.
with

x_overview as (

    select * from {{ ref('stg_x__daily_overview') }}

),

linkedin_content as (

    select * from {{ ref('stg_linkedin__daily_content') }}

),

linkedin_followers as (

    select * from {{ ref('stg_linkedin__daily_followers') }}

),

youtube_totals as (

    select * from {{ ref('stg_youtube__daily_totals') }}

),

accounts as (

    select
        platform_code,
        source_name,
        min(account_key) as account_key
    from {{ ref('int_accounts__declared') }}
    where
        platform_kind_code = 'channel'
        and source_name is not null
    group by
        platform_code,
        source_name

),

unioned as (

    select
        'x' as platform_code,
        source_name,
        activity_date,
        follow_count as gained_count,
        unfollow_count as lost_count,
        impression_count,
        cast(null as bigint) as view_count,
        reply_count as comment_count,
        {{ sum_reported(['share_count', 'repost_count']) }} as share_count,
        like_count as reaction_count,
        bookmark_count as save_count,
        cast(null as bigint) as click_count,
        profile_visit_count,
        post_count,
        exported_at,
        file_sha256
    from x_overview

    union all

    -- Two exports of one page, matched by day: either may be missing.
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

    union all

    select
        'youtube' as platform_code,
        source_name,
        activity_date,
        cast(null as bigint) as gained_count,
        cast(null as bigint) as lost_count,
        cast(null as bigint) as impression_count,
        view_count,
        cast(null as bigint) as comment_count,
        cast(null as bigint) as share_count,
        cast(null as bigint) as reaction_count,
        cast(null as bigint) as save_count,
        cast(null as bigint) as click_count,
        cast(null as bigint) as profile_visit_count,
        cast(null as bigint) as post_count,
        exported_at,
        file_sha256
    from youtube_totals

),

attributed as (

    select
        coalesce(
            accounts.account_key,
            {{ surrogate_key(['unioned.platform_code', 'lower(unioned.source_name)']) }}
        ) as account_key,
        unioned.*,
        {{ reporting_week('unioned.activity_date') }} as activity_week
    from unioned
    left join accounts
        on
            unioned.platform_code = accounts.platform_code
            and unioned.source_name = accounts.source_name
    where unioned.activity_date < {{ built_week() }} + 7

)

select * from attributed
