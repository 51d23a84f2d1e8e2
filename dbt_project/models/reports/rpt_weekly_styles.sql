-- Which style of content each account followed in the reporting week, and whether it lost
-- more followers than is usual for it.
with

styles as (

    select
        week_start,
        platform_code,
        account_handle,
        dominant_style_code,
        broadcast_post_count,
        dialogue_post_count,
        help_post_count,
        promo_post_count,
        lost_per_1000,
        usual_lost_per_1000,
        is_style_change,
        style_changed_week,
        is_churn_signal
    from {{ ref('agg_weekly_style_churn') }}
    where week_start = {{ built_week() }}

)

select * from styles
