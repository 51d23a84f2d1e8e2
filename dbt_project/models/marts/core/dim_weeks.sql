with

weeks as (

    select
        week_start,
        label
    from {{ ref('int_weeks__listed') }}

)

select * from weeks
