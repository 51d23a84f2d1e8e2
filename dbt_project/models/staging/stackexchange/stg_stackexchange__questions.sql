with

source as (

    select * from {{ source('stackexchange', 'questions') }}

),

latest as (

    {{ latest_version('source', ['_source_name', 'question_id']) }}

),

renamed as (

    select
        question_id,
        question_url,
        owner_id,
        owner_type_code,
        owner_url,
        owner_name,
        title_text,
        body_text,
        score_count,
        view_count,
        answer_count,
        accepted_answer_id,
        created_at,
        edited_at,
        tags_json,
        _source_name as source_name,
        _exported_at as exported_at,
        _file_sha256 as file_sha256
    from latest

)

select * from renamed
