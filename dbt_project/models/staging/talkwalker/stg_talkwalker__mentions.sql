with

source as (

    select * from {{ source('talkwalker', 'mentions') }}

),

latest as (

    {{ latest_version('source', ['mention_url']) }}

),

renamed as (

    select
        mention_url,
        published_at,
        title_text,
        body_text,
        parent_url,
        language_code,
        source_type_name,
        sentiment_score,
        reach_count,
        engagement_count,
        comment_count,
        like_count,
        author_id,
        author_handle,
        author_name,
        source_name_text,
        country_code,
        _source_name as source_name,
        _exported_at as exported_at,
        _file_sha256 as file_sha256
    from latest

)

select * from renamed
