with

source as (

    select * from {{ source('buffer', 'posts') }}

),

latest as (

    {{ latest_version('source', ['_source_name', 'post_url', '_exported_at']) }}

),

renamed as (

    select
        posted_at,
        post_text,
        network_name,
        post_url,
        post_type_name,
        impression_count,
        reach_count,
        engagement_count,
        reaction_count,
        comment_count,
        share_count,
        click_count,
        _source_name as source_name,
        _exported_at as exported_at,
        _file_sha256 as file_sha256
    from latest

)

select * from renamed
