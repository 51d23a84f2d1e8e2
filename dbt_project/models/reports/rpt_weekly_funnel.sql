with

funnel as (

    select *
    from {{ ref('agg_weekly_funnel') }}
    where week_start = {{ built_week() }}

)

select * from funnel
