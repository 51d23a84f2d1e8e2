select week_start
from {{ ref('agg_weekly_funnel') }}
where is_stuck
group by week_start
having count(*) > 1
