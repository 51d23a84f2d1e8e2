-- A figure without a definition is not published: each metric and segment of
-- fct_metric_weeks stands in the registry.
with

computed as (

    select
        metric_id,
        segment_kind_code
    from {{ ref('fct_metric_weeks') }}
    group by
        metric_id,
        segment_kind_code

),

registered as (

    select
        metric_id,
        '|' || segment_kinds || '|' as segment_kinds
    from {{ ref('metrics') }}

)

select
    computed.metric_id,
    computed.segment_kind_code
from computed
left join registered
    on
        computed.metric_id = registered.metric_id
        and strpos(registered.segment_kinds, '|' || computed.segment_kind_code || '|') > 0
where registered.metric_id is null
