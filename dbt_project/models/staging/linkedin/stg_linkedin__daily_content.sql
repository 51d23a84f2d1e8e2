with

source as (

    select * from {{ source('linkedin', 'daily_content') }}

),

latest as (

    {{ latest_version('source', ['_source_name', 'activity_date']) }}

),

renamed as (

    select
        activity_date,
        impression_organic_count,
        impression_sponsored_count,
        impression_count,
        unique_impression_organic_count,
        click_organic_count,
        click_sponsored_count,
        click_count,
        reaction_organic_count,
        reaction_sponsored_count,
        reaction_count,
        comment_organic_count,
        comment_sponsored_count,
        comment_count,
        repost_organic_count,
        repost_sponsored_count,
        repost_count,
        engagement_rate_organic,
        engagement_rate_sponsored,
        engagement_rate,
        _source_name as source_name,
        _exported_at as exported_at,
        _file_sha256 as file_sha256
    from latest

)

select * from renamed
