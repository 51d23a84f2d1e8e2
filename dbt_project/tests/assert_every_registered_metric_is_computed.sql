-- A warning only: an organisation without a CRM or without some platform has definitions
-- that nothing can fill. On the demo organisation's data there must be none.
{{ config(severity='warn') }}

select metrics.metric_id
from {{ ref('metrics') }} as metrics
left join {{ ref('fct_metric_weeks') }} as metric_weeks
    on metrics.metric_id = metric_weeks.metric_id
where
    metrics.segment_kinds is not null
    and metric_weeks.metric_id is null
group by metrics.metric_id
