with

source as (

    select * from {{ source('instagram', 'stories') }}

),

-- An export by day has a day where this one says Lifetime: its figures are that day's.
lifetimes as (

    select *
    from source
    where not coalesce({{ matches_pattern('date_label_text', '[0-9]') }}, false)

),

latest as (

    {{ latest_version('lifetimes', ['_source_name', 'story_id', '_exported_at']) }}

),

renamed as (

    select
        story_id,
        account_id,
        account_username,
        account_name,
        description_text,
        duration_seconds,
        posted_at,
        permalink_url,
        story_type_name,
        data_comment_text,
        date_label_text,
        view_count,
        reach_count,
        like_count,
        share_count,
        reply_count,
        sticker_tap_count,
        navigation_count,
        profile_visit_count,
        link_click_count,
        follow_count,
        _source_name as source_name,
        _exported_at as exported_at,
        _file_sha256 as file_sha256
    from latest

)

select * from renamed
