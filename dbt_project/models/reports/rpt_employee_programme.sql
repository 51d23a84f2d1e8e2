with

programme as (

    select *
    from {{ ref('agg_weekly_employees') }}
    where week_start = {{ built_week() }}

)

select * from programme
