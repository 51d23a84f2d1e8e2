-- Members by the running sum of moves equal members by each person's last move.
select
    week_start,
    stage_code
from {{ ref('audit_funnel_flow') }}
where flow_difference_count <> 0 or member_difference_count <> 0
