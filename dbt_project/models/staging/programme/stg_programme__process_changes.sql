-- The newest file of a source wins whole: a row that left it is taken back.
with

source as (

    select * from {{ source('programme', 'process_changes') }}

),

latest as (

    {{ latest_file('source') }}

),

renamed as (

    select
        metric_id,
        changed_on,
        reason as reason_text,
        _source_name as source_name,
        _exported_at as exported_at,
        _file_sha256 as file_sha256
    from latest

)

select * from renamed
