with

source as (

    select * from {{ source('linkedin', 'member_discovery') }}

),

latest as (

    {{ latest_version('source', ['_source_name', 'metric_name', 'range_text', '_exported_at']) }}

),

renamed as (

    select
        metric_name,
        range_text,
        metric_value,
        _source_name as source_name,
        _period_start as period_start,
        _period_end as period_end,
        _exported_at as exported_at,
        _file_sha256 as file_sha256
    from latest

)

select * from renamed
