with

source as (

    select * from {{ source('landing', 'export_manifest') }}

),

renamed as (

    select
        file_sha256,
        source_name,
        original_name,
        contract_code,
        contract_version,
        exported_at,
        period_start,
        period_end,
        rows_in,
        rows_landed,
        rows_rejected,
        status_code,
        reason_text,
        drift_json
    from source
    where exported_at < {{ as_of() }}

)

select * from renamed
