with

source as (

    select * from {{ source('linkedin', 'follower_attributes') }}

),

latest as (

    {{ latest_version('source', ['_source_name', 'attribute_name', 'attribute_value', '_exported_at']) }}

),

renamed as (

    select
        attribute_name,
        attribute_value,
        metric_name,
        follower_count,
        _source_name as source_name,
        _exported_at as exported_at,
        _file_sha256 as file_sha256
    from latest

)

select * from renamed
