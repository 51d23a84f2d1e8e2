with

source as (

    select * from {{ source('x', 'daily_activity') }}

),

latest as (

    {{ latest_version('source', ['_source_name', 'activity_date']) }}

),

renamed as (

    select
        activity_date,
        post_count,
        impression_count,
        engagement_count,
        engagement_rate,
        repost_count,
        reply_count,
        like_count,
        profile_visit_count,
        url_click_count,
        hashtag_click_count,
        permalink_click_count,
        follow_count,
        _source_name as source_name,
        _exported_at as exported_at,
        _file_sha256 as file_sha256
    from latest

)

select * from renamed
