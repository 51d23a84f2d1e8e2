with

source as (

    select * from {{ source('facebook', 'posts') }}

),

-- An export by day has a day where this one says Lifetime: its figures are that day's.
lifetimes as (

    select *
    from source
    where not coalesce({{ matches_pattern('date_label_text', '[0-9]') }}, false)

),

latest as (

    {{ latest_version('lifetimes', ['_source_name', 'post_id', '_exported_at']) }}

),

renamed as (

    select
        post_id,
        page_id,
        page_name,
        title_text,
        description_text,
        duration_seconds,
        posted_at,
        permalink_url,
        post_type_name,
        funded_status_name,
        data_comment_text,
        date_label_text,
        view_count,
        view_count_duplicate,
        impression_count,
        reach_count,
        boosted_reach_count,
        interaction_count,
        reaction_count,
        comment_count,
        share_count,
        click_count,
        link_click_count,
        other_click_count,
        _source_name as source_name,
        _exported_at as exported_at,
        _file_sha256 as file_sha256
    from latest

)

select * from renamed
