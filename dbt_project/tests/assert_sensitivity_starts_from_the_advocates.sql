-- Under the rule as it stands the sensitivity page counts the advocates of the funnel.
select
    sensitivity.advocate_count,
    funnel.member_count
from {{ ref('rpt_funnel_sensitivity') }} as sensitivity
inner join {{ ref('agg_weekly_funnel') }} as funnel
    on
        sensitivity.week_start = funnel.week_start
        and funnel.stage_code = 'advocate'
where
    sensitivity.parameter_name = 'none'
    and sensitivity.advocate_count <> funnel.member_count
