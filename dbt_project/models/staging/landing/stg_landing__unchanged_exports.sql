with

source as (

    select * from {{ source('landing', 'unchanged_exports') }}

),

renamed as (

    select
        file_sha256,
        source_name,
        seen_at
    from source
    where seen_at < {{ as_of() }}

)

select * from renamed
