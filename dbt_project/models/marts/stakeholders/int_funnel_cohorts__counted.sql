{{ config(schema='intermediate', contract={'enforced': false}) }}
-- Per week and stage, how many of a cohort of arrivals went higher in time, and the
-- same for the arrivals before them, which say what is usual for that step.
{#- Each group of arrivals: its rule, and how many days after an arrival it begins and
    ends to count it. #}
{%- set groups = [
    ('move_on', 'move_on', 'within_days', 'within_days + rules.cohort_days'),
    (
        'usual_move_on', 'move_on', 'within_days + rules.cohort_days',
        'within_days + rules.cohort_days + coalesce(rules.baseline_days, 0)',
    ),
    ('conversion_90d', 'conversion', 'within_days', 'within_days + rules.cohort_days'),
] %}
with

weeks as (

    select week_start
    from {{ ref('dim_weeks') }}

),

arrivals as (

    select
        person_key,
        stage_number,
        arrived_on,
        moved_higher_on
    from {{ ref('int_funnel_arrivals__followed') }}

),

rules as (

    select
        rule_id,
        valid_from,
        valid_to,
        cohort_days,
        within_days,
        baseline_days
    from {{ ref('dim_funnel_rules') }}
    where rule_id in ('move_on', 'conversion')

),

-- One row per group of a rule and arrival, with the days on which the arrival begins and
-- ceases to belong to the group.
grouped as (

    {% for name, rule, begin, end in groups -%}
    select
        '{{ name }}' as group_code,
        rules.valid_from,
        arrivals.person_key,
        arrivals.stage_number,
        coalesce(
            arrivals.moved_higher_on <= {{ days_later('arrivals.arrived_on', 'rules.within_days') }}, false
        ) as has_moved,
        {{ reporting_week(days_later('arrivals.arrived_on', 'rules.' ~ begin)) }} as entered_week,
        {{ reporting_week(days_later('arrivals.arrived_on', 'rules.' ~ end)) }} as left_week
    from arrivals
    inner join rules
        on rules.rule_id = '{{ rule }}'
    {{- '\n\n    union all\n\n    ' if not loop.last }}
    {%- endfor %}

),

-- Who arrived twice counts once: the earlier arrival stops counting where the next begins,
-- among all arrivals for the base and among those that moved for the others.
followed as (

    select
        group_code,
        valid_from,
        stage_number,
        has_moved,
        entered_week,
        least(left_week, lead(entered_week) over (
            partition by group_code, valid_from, stage_number, person_key
            order by entered_week
        )) as base_left_week,
        least(left_week, lead(entered_week) over (
            partition by group_code, valid_from, stage_number, person_key, has_moved
            order by entered_week
        )) as moved_left_week
    from grouped

),

-- One row per group, stage and week in which somebody enters or leaves.
changes as (

    {% for changed_week, base, moved in [
        ('entered_week', '1', 'case when has_moved then 1 else 0 end'),
        ('base_left_week', '-1', '0'),
        ('moved_left_week', '0', 'case when has_moved then -1 else 0 end'),
    ] -%}
    select
        group_code,
        valid_from,
        stage_number,
        {{ changed_week }} as changed_week,
        sum({{ base }}) as base_change,
        sum({{ moved }}) as moved_change
    from followed
    group by
        group_code,
        valid_from,
        stage_number,
        {{ changed_week }}
    {{- '\n\n    union all\n\n    ' if not loop.last }}
    {%- endfor %}

),

counted as (

    select
        weeks.week_start,
        changes.stage_number,
        {%- for name, rule, begin, end in groups %}
        cast(sum(case when changes.group_code = '{{ name }}' then changes.moved_change else 0 end)
            as bigint) as {{ name }}_count,
        cast(sum(case when changes.group_code = '{{ name }}' then changes.base_change else 0 end)
            as bigint) as {{ name }}_base_count{{ ',' if not loop.last }}
        {%- endfor %}
    from weeks
    inner join changes
        on weeks.week_start >= changes.changed_week
    inner join rules
        on
            changes.valid_from = rules.valid_from
            and rules.rule_id = case when changes.group_code = 'conversion_90d' then 'conversion' else 'move_on' end
            and weeks.week_start between rules.valid_from and rules.valid_to
    group by
        weeks.week_start,
        changes.stage_number

)

select * from counted
where move_on_base_count + usual_move_on_base_count + conversion_90d_base_count > 0
