with

source as (

    select * from {{ source('discourse', 'topics') }}

),

latest as (

    {{ latest_version('source', ['topic_id']) }}

),

renamed as (

    select
        topic_id,
        title_text,
        slug_name,
        category_id,
        created_at,
        posts_count,
        view_count,
        like_count,
        _source_name as source_name,
        _exported_at as exported_at,
        _file_sha256 as file_sha256
    from latest

)

select * from renamed
