with

followers as (

    select *
    from {{ ref('agg_weekly_followers') }}
    where week_start = {{ built_week() }}

)

select * from followers
