with

source as (

    select * from {{ source('ga4', 'report_rows') }}

),

latest as (

    {{ latest_version('source', ['_source_name', 'table_number', 'dimension_name', 'dimension_value', 'metric_name', '_period_start', '_period_end']) }}

),

renamed as (

    select
        table_number,
        dimension_name,
        dimension_value,
        metric_name,
        metric_value,
        _source_name as source_name,
        _period_start as period_start,
        _period_end as period_end,
        _exported_at as exported_at,
        _file_sha256 as file_sha256
    from latest

)

select * from renamed
