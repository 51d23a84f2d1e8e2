with

source as (

    select * from {{ source('stackexchange', 'comments') }}

),

latest as (

    {{ latest_version('source', ['_source_name', 'comment_id']) }}

),

renamed as (

    select
        comment_id,
        post_id,
        post_type_code,
        comment_url,
        owner_id,
        owner_type_code,
        owner_url,
        owner_name,
        body_text,
        score_count,
        created_at,
        _source_name as source_name,
        _exported_at as exported_at,
        _file_sha256 as file_sha256
    from latest

)

select * from renamed
