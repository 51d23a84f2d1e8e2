with

source as (

    select * from {{ source('x', 'daily_overview') }}

),

latest as (

    {{ latest_version('source', ['_source_name', 'activity_date']) }}

),

renamed as (

    select
        activity_date,
        impression_count,
        engagement_count,
        like_count,
        reply_count,
        repost_count,
        follow_count,
        unfollow_count,
        bookmark_count,
        share_count,
        profile_visit_count,
        post_count,
        video_view_count,
        media_view_count,
        _source_name as source_name,
        _exported_at as exported_at,
        _file_sha256 as file_sha256
    from latest

)

select * from renamed
