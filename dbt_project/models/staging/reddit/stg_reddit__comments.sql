with

source as (

    select * from {{ source('reddit', 'comments') }}

),

latest as (

    {{ latest_version('source', ['fullname']) }}

),

renamed as (

    select
        comment_id,
        fullname,
        parent_fullname,
        link_fullname,
        subreddit_name,
        author_name,
        author_fullname,
        body_text,
        score_count,
        created_at,
        is_edited,
        distinguished_code,
        is_submitter,
        _source_name as source_name,
        _exported_at as exported_at,
        _file_sha256 as file_sha256
    from latest

)

select * from renamed
