with

source as (

    select * from {{ source('discourse', 'posts') }}

),

latest as (

    {{ latest_version('source', ['post_id']) }}

),

renamed as (

    select
        post_id,
        archetype_code,
        post_type_code,
        topic_id,
        post_number,
        reply_to_post_number,
        user_id,
        username,
        display_name,
        post_text,
        created_at,
        updated_at,
        like_count,
        reply_count,
        read_count,
        is_staff,
        is_moderator,
        is_admin,
        trust_level,
        deleted_at,
        is_user_deleted,
        version_number,
        _source_name as source_name,
        _exported_at as exported_at,
        _file_sha256 as file_sha256
    from latest

)

select * from renamed
