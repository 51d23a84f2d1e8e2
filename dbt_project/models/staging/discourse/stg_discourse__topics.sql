with

source as (

    select * from {{ source('discourse', 'topics') }}

),

latest as (

    {{ latest_version('source', ['topic_id']) }}

),

-- Lists of topics name no posts; the newest export that does keeps the last word.
listed as (

    select
        topic_id,
        post_ids_json,
        _exported_at as post_ids_at
    from source
    where
        post_ids_json is not null
        and _exported_at < {{ as_of() }}
    qualify
        row_number() over (
            partition by topic_id
            order by _exported_at desc, _file_sha256 desc, _row_number desc
        ) = 1

),

renamed as (

    select
        latest.topic_id,
        latest.title_text,
        latest.slug_name,
        latest.category_id,
        latest.archetype_code,
        latest.created_at,
        latest.posts_count,
        latest.view_count,
        latest.like_count,
        listed.post_ids_json,
        listed.post_ids_at,
        latest._source_name as source_name,
        latest._exported_at as exported_at,
        latest._file_sha256 as file_sha256
    from latest
    left join listed
        on latest.topic_id = listed.topic_id

)

select * from renamed
