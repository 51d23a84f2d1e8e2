with

source as (

    select * from {{ source('hootsuite', 'posts') }}

),

latest as (

    {{ latest_version('source', ['_source_name', 'network_name', 'post_id', '_exported_at']) }}

),

renamed as (

    select
        posted_at,
        post_id,
        post_text,
        post_url,
        post_type_name,
        network_name,
        impression_count,
        reach_count,
        engagement_count,
        reaction_count,
        comment_count,
        share_count,
        click_count,
        view_count,
        _source_name as source_name,
        _exported_at as exported_at,
        _file_sha256 as file_sha256
    from latest

)

select * from renamed
