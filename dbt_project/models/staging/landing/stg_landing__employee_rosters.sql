-- Every roster that was ever handed in: who was said to take part, and when. Who takes part
-- now, the newest one says.
with

source as (

    select * from {{ source('programme', 'employee_roster') }}

),

renamed as (

    select
        employee_code,
        has_opted_in,
        opted_in_on,
        opted_out_on,
        platform_code,
        nullif(trim(account_id), '') as account_id,
        lower(nullif(trim(account_handle), '')) as account_handle,
        _source_name as source_name,
        _exported_at as exported_at,
        _file_sha256 as file_sha256
    from source
    where
        _exported_at < {{ as_of() }}
        and employee_code is not null

)

select * from renamed
