with

source as (

    select * from {{ source('meltwater', 'mentions') }}

),

latest as (

    {{ latest_version('source', ['coalesce(document_id, mention_url)']) }}

),

renamed as (

    select
        document_id,
        mention_url,
        published_on_text,
        published_time_text,
        published_at,
        input_name,
        source_type_name,
        source_name_text,
        source_domain,
        content_type_name,
        author_handle,
        x_author_id,
        title_text,
        opening_text,
        hit_text,
        hashtags_text,
        country_name,
        language_name,
        sentiment_name,
        reach_count,
        engagement_count,
        like_count,
        comment_count,
        reply_count,
        repost_count,
        share_count,
        view_count,
        _source_name as source_name,
        _exported_at as exported_at,
        _file_sha256 as file_sha256
    from latest

)

select * from renamed
