with

source as (

    select * from {{ source('meta', 'daily_figures') }}

),

latest as (

    {{ latest_version('source', ['_source_name', 'title_text', 'activity_date']) }}

),

renamed as (

    select
        title_text,
        case
            when {{ matches_pattern('lower(title_text)', 'instagram') }} then 'instagram'
            when {{ matches_pattern('lower(title_text)', 'facebook') }} then 'facebook'
        end as platform_code,
        case
            when {{ matches_pattern('lower(title_text)', 'unfollow') }} then 'lost_count'
            when {{ matches_pattern('lower(title_text)', 'follower|audience') }} then 'follower_count'
            when {{ matches_pattern('lower(title_text)', 'follow') }} then 'gained_count'
            when {{ matches_pattern('lower(title_text)', 'link click') }} then 'click_count'
            when {{ matches_pattern('lower(title_text)', 'interaction') }} then 'interaction_count'
            when {{ matches_pattern('lower(title_text)', 'visit') }} then 'profile_visit_count'
            when {{ matches_pattern('lower(title_text)', 'reach') }} then 'reach_count'
            when {{ matches_pattern('lower(title_text)', 'viewer') }} then 'viewer_count'
            when {{ matches_pattern('lower(title_text)', 'view') }} then 'view_count'
        end as metric_code,
        activity_date,
        figure_count,
        compared_count,
        _source_name as source_name,
        _exported_at as exported_at,
        _file_sha256 as file_sha256
    from latest

)

select * from renamed
