with

shares as (

    select
        act_person_key,
        person_key,
        platform_code,
        occurred_at,
        occurred_week,
        shared_post_key,
        theme_code,
        has_commentary
    from {{ ref('int_employee_acts__gathered') }}
    where act_code = 'share' and gone_at is null

)

select * from shares
