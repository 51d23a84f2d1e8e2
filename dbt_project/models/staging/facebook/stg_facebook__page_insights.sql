with

source as (

    select * from {{ source('facebook', 'page_insights') }}

),

latest as (

    {{ latest_version('source', ['_source_name', 'activity_date', 'metric_name']) }}

),

renamed as (

    select
        activity_date,
        metric_name,
        metric_kind_code,
        metric_value,
        _source_name as source_name,
        _exported_at as exported_at,
        _file_sha256 as file_sha256
    from latest

)

select * from renamed
