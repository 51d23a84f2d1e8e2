with

source as (

    select * from {{ source('stackexchange', 'answers') }}

),

latest as (

    {{ latest_version('source', ['_source_name', 'answer_id']) }}

),

renamed as (

    select
        answer_id,
        question_id,
        answer_url,
        owner_id,
        owner_type_code,
        owner_url,
        owner_name,
        body_text,
        score_count,
        is_accepted,
        created_at,
        edited_at,
        _source_name as source_name,
        _exported_at as exported_at,
        _file_sha256 as file_sha256
    from latest

)

select * from renamed
