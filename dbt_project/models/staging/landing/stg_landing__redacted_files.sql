with

source as (

    select * from {{ source('landing', 'redacted_files') }}

),

renamed as (

    select
        file_sha256,
        former_sha256
    from source

)

select * from renamed
