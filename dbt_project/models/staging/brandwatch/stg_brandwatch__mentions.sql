-- Overlapping exports and overlapping queries hold a mention more than once.
with

source as (

    select * from {{ source('brandwatch', 'mentions') }}

),

latest as (

    select *
    from source
    where _exported_at < {{ as_of() }}
    qualify
        row_number() over (
            partition by coalesce('resource/' || resource_id, 'url/' || mention_url)
            order by updated_at desc nulls last, _exported_at desc, _file_sha256 desc, _row_number desc
        ) = 1

),

renamed as (

    select
        query_id,
        query_name,
        resource_id,
        mention_url,
        original_url,
        published_at,
        added_at,
        updated_at,
        title_text,
        snippet_text,
        full_text,
        domain_name,
        page_type_name,
        content_source_name,
        language_code,
        country_code,
        sentiment_name,
        author_handle,
        x_author_id,
        thread_id,
        thread_url,
        thread_entry_type_name,
        reply_to_url,
        repost_of_url,
        hashtags_text,
        impact_score,
        impression_count,
        reach_count,
        like_count,
        comment_count,
        share_count,
        x_like_count,
        x_repost_count,
        x_reply_count,
        reddit_score_count,
        brand_name,
        label_name,
        _source_name as source_name,
        _exported_at as exported_at,
        _file_sha256 as file_sha256
    from latest

)

select * from renamed
