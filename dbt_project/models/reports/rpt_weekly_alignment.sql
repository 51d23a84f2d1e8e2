-- How far the reporting week's conversation and content follow the strategy themes.
with

alignment as (

    select
        week_start,
        theme_code,
        theme_name,
        weight_ratio,
        conversation_ratio,
        org_content_ratio,
        content_gap_ratio
    from {{ ref('agg_weekly_alignment') }}
    where week_start = {{ built_week() }}

)

select * from alignment
