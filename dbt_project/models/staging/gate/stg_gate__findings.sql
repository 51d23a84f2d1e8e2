with

source as (

    select * from {{ source('gate', 'findings') }}

),

renamed as (

    select
        run_key as record_key,
        position_number,
        check_code,
        suite_code,
        severity_code,
        state_code,
        offending_count,
        waived_until as waived_until_date
    from source

)

select * from renamed
