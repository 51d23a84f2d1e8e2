with

source as (

    select * from {{ source('linkedin', 'daily_visitors') }}

),

latest as (

    {{ latest_version('source', ['_source_name', 'activity_date']) }}

),

renamed as (

    select
        activity_date,
        overview_page_view_desktop_count,
        overview_page_view_mobile_count,
        overview_page_view_count,
        overview_unique_visitor_desktop_count,
        overview_unique_visitor_mobile_count,
        overview_unique_visitor_count,
        life_page_view_desktop_count,
        life_page_view_mobile_count,
        life_page_view_count,
        life_unique_visitor_desktop_count,
        life_unique_visitor_mobile_count,
        life_unique_visitor_count,
        jobs_page_view_desktop_count,
        jobs_page_view_mobile_count,
        jobs_page_view_count,
        jobs_unique_visitor_desktop_count,
        jobs_unique_visitor_mobile_count,
        jobs_unique_visitor_count,
        total_page_view_desktop_count,
        total_page_view_mobile_count,
        total_page_view_count,
        total_unique_visitor_desktop_count,
        total_unique_visitor_mobile_count,
        total_unique_visitor_count,
        _source_name as source_name,
        _exported_at as exported_at,
        _file_sha256 as file_sha256
    from latest

)

select * from renamed
