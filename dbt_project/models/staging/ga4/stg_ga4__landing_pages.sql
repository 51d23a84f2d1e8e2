with

source as (

    select * from {{ source('ga4', 'landing_pages') }}

),

latest as (

    {{ latest_version('source', ['_source_name', 'property_name', 'segment_name', 'landing_page_url', 'coalesce(range_start, _period_start)', 'coalesce(range_end, _period_end)']) }}

),

renamed as (

    select
        landing_page_url,
        session_count,
        active_user_count,
        engaged_session_count,
        engagement_rate,
        key_event_count,
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
