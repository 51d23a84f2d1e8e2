with

source as (

    select * from {{ source('tiktok', 'daily_overview') }}

),

latest as (

    {{ latest_version('source', ['_source_name', 'activity_date']) }}

),

renamed as (

    select
        activity_date,
        view_count,
        profile_view_count,
        like_count,
        comment_count,
        share_count,
        _source_name as source_name,
        _exported_at as exported_at,
        _file_sha256 as file_sha256
    from latest

)

select * from renamed
