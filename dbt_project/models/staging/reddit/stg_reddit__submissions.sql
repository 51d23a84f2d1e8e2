with

source as (

    select * from {{ source('reddit', 'submissions') }}

),

latest as (

    {{ latest_version('source', ['fullname']) }}

),

renamed as (

    select
        submission_id,
        fullname,
        subreddit_name,
        author_name,
        author_fullname,
        title_text,
        body_text,
        score_count,
        comment_count,
        created_at,
        is_edited,
        distinguished_code,
        permalink_url,
        _source_name as source_name,
        _exported_at as exported_at,
        _file_sha256 as file_sha256
    from latest

)

select * from renamed
