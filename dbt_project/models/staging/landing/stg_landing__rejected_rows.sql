with

source as (

    select * from {{ source('landing', 'rejected_rows') }}

),

manifest as (

    select
        file_sha256,
        source_name,
        exported_at
    from {{ source('landing', 'export_manifest') }}
    where exported_at < {{ as_of() }}

),

-- The table itself holds no time: a file counts when its manifest row does.
dated as (

    select
        source.file_sha256,
        source.table_name,
        source.row_number,
        source.column_name,
        source.value_text,
        source.reason_code,
        source.reason_text,
        manifest.source_name,
        manifest.exported_at
    from source
    inner join manifest
        on source.file_sha256 = manifest.file_sha256

)

select * from dated
