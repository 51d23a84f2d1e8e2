-- Two versions of one rule that hold in the same week would make the order decide.
with

rules as (

    select
        rule_id,
        valid_from,
        valid_to
    from {{ ref('tonality_rules') }}

    union all

    select
        rule_id,
        valid_from,
        valid_to
    from {{ ref('content_style_rules') }}

    union all

    select
        rule_id,
        valid_from,
        valid_to
    from {{ ref('aspect_rules') }}

    union all

    select
        threshold_code as rule_id,
        valid_from,
        valid_to
    from {{ ref('rule_thresholds') }}

)

select rule_id
from rules
where
    valid_from <= {{ built_week() }}
    and (valid_to is null or valid_to > {{ built_week() }})
group by rule_id
having count(*) > 1
