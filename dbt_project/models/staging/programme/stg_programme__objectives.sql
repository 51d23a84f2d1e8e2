-- The newest file of a source wins whole: a row that left it has ended.
with

source as (

    select * from {{ source('programme', 'objectives') }}

),

latest as (

    {{ latest_file('source') }}

),

renamed as (

    select
        objective_code,
        objective_name,
        outcome_code,
        metric_id,
        audience_name,
        baseline_value,
        target_value,
        baseline_recorded_on,
        due_on,
        owner_name,
        _source_name as source_name,
        _exported_at as exported_at,
        _file_sha256 as file_sha256
    from latest

)

select * from renamed
