with

styles as (

    select *
    from {{ ref('agg_weekly_style_churn') }}
    where week_start = {{ built_week() }}

)

select * from styles
