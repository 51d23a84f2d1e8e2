with

source as (

    select * from {{ source('landing', 'printed_figures') }}

),

renamed as (

    select
        issue_code,
        issue_week,
        metric_id,
        metric_version,
        week_start,
        segment_kind_code,
        segment_code,
        value,
        is_mature
    from source

)

select * from renamed
