-- The churn of an account is told twice, beside its followers and among the metrics: the
-- same in both, and in neither where a day of the week is missing.
select
    followers.week_start,
    followers.platform_code,
    followers.account_handle,
    followers.flow_day_count,
    metric_weeks.value
from {{ ref('agg_weekly_followers') }} as followers
left join {{ ref('fct_metric_weeks') }} as metric_weeks
    on
        metric_weeks.metric_id = 'churn_rate'
        and metric_weeks.segment_kind_code = 'account'
        and metric_weeks.segment_code = followers.platform_code || '|' || followers.account_handle
        and followers.week_start = metric_weeks.week_start
where
    (followers.flow_day_count < 7 and metric_weeks.value is not null)
    or (
        followers.flow_day_count = 7
        and followers.lost_count is not null
        and followers.opening_count > 0
        and abs(coalesce(metric_weeks.value, -1) - followers.churn_rate) > 0.000001
    )
