with

source as (

    select * from {{ source('facebook', 'post_insights') }}

),

latest as (

    {{ latest_version('source', ['_source_name', 'post_id', '_exported_at']) }}

),

renamed as (

    select
        post_id,
        permalink_url,
        message_text,
        post_type_name,
        countries_text,
        languages_text,
        posted_at,
        audience_text,
        reach_count,
        organic_reach_count,
        paid_reach_count,
        impression_count,
        organic_impression_count,
        paid_impression_count,
        engaged_user_count,
        clicking_user_count,
        click_count,
        negative_user_count,
        negative_feedback_count,
        fan_impression_count,
        fan_reach_count,
        fan_paid_impression_count,
        fan_paid_reach_count,
        fan_engaged_user_count,
        average_view_milliseconds,
        organic_full_view_count,
        organic_full_viewer_count,
        paid_full_view_count,
        paid_full_viewer_count,
        video_milliseconds,
        organic_video_view_count,
        organic_video_viewer_count,
        paid_video_view_count,
        paid_video_viewer_count,
        _source_name as source_name,
        _exported_at as exported_at,
        _file_sha256 as file_sha256
    from latest

)

select * from renamed
