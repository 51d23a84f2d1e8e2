with

source as (

    select * from {{ source('landing', 'printed_files') }}

),

renamed as (

    select
        issue_code,
        file_sha256
    from source

)

select * from renamed
