with

source as (

    select * from {{ source('ga4', 'report_rows') }}

),

latest as (

    {{ latest_version('source', ['_source_name', 'property_name', 'segment_name', 'table_number', 'dimension_name', 'dimension_value', 'metric_name', 'coalesce(range_start, _period_start)', 'coalesce(range_end, _period_end)']) }}

),

renamed as (

    select
        table_number,
        dimension_name,
        dimension_value,
        metric_name,
        metric_value,
        -- A by-date report names days, a snapshot counts them from the start of its range.
        case
            when dimension_name = 'Nth day'
                then {{ days_later('coalesce(range_start, _period_start)', 'try_cast(dimension_value as integer)') }}
            when dimension_name = 'Date'
                then {{ date_of_digits('dimension_value') }}
        end as activity_date,
        property_name,
        segment_name,
        _source_name as source_name,
        coalesce(range_start, _period_start) as period_start,
        coalesce(range_end, _period_end) as period_end,
        _exported_at as exported_at,
        _file_sha256 as file_sha256
    from latest

)

select * from renamed
