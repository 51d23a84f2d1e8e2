with

source as (

    select * from {{ source('linkedin', 'daily_member_content') }}

),

latest as (

    {{ latest_version('source', ['_source_name', 'activity_date']) }}

),

renamed as (

    select
        activity_date,
        impression_count,
        engagement_count,
        _source_name as source_name,
        _exported_at as exported_at,
        _file_sha256 as file_sha256
    from latest

)

select * from renamed
