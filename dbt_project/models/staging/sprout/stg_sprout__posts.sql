with

source as (

    select * from {{ source('sprout', 'posts') }}

),

latest as (

    {{ latest_version('source', ['_source_name', 'network_name', 'post_id', '_exported_at']) }}

),

renamed as (

    select
        posted_at,
        post_id,
        network_name,
        post_type_name,
        content_type_name,
        profile_name,
        post_url,
        post_text,
        impression_count,
        reach_count,
        engagement_count,
        engagement_rate,
        reaction_count,
        comment_count,
        share_count,
        save_count,
        click_count,
        view_count,
        _source_name as source_name,
        _exported_at as exported_at,
        _file_sha256 as file_sha256
    from latest

)

select * from renamed
