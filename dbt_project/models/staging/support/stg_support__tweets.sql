with

source as (

    select * from {{ source('support', 'tweets') }}

),

latest as (

    {{ latest_version('source', ['tweet_id']) }}

),

renamed as (

    select
        tweet_id,
        author_id,
        is_inbound,
        created_at,
        body_text,
        response_tweet_ids,
        reply_to_tweet_id,
        _source_name as source_name,
        _exported_at as exported_at,
        _file_sha256 as file_sha256
    from latest

)

select * from renamed
