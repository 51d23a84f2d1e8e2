with

alignment as (

    select *
    from {{ ref('agg_weekly_alignment') }}
    where week_start = {{ built_week() }}

)

select * from alignment
