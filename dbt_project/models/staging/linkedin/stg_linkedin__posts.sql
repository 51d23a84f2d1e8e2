with

source as (

    select * from {{ source('linkedin', 'posts') }}

),

latest as (

    {{ latest_version('source', ['_source_name', 'post_url', '_exported_at']) }}

),

renamed as (

    select
        post_title_text,
        post_url,
        post_type_name,
        campaign_name,
        created_on,
        audience_name,
        impression_count,
        view_count,
        offsite_view_count,
        click_count,
        click_through_rate,
        like_count,
        comment_count,
        repost_count,
        follow_count,
        engagement_rate,
        content_type_name,
        _source_name as source_name,
        _exported_at as exported_at,
        _file_sha256 as file_sha256
    from latest

)

select * from renamed
