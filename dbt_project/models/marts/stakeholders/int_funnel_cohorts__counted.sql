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

-- Whoever arrives twice counts once: an arrival stops counting where the next begins.
arrivals as (

    select
        person_key,
        stage_number,
        arrived_on,
        moved_higher_on,
        lead(arrived_on) over (
            partition by person_key, stage_number
            order by arrived_on
        ) as next_arrived_on
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

-- Among those that moved in time, the next that did.
moved as (

    select
        rules.rule_id,
        rules.valid_from,
        arrivals.stage_number,
        arrivals.arrived_on,
        lead(arrivals.arrived_on) over (
            partition by rules.rule_id, rules.valid_from, arrivals.person_key, arrivals.stage_number
            order by arrivals.arrived_on
        ) as next_arrived_on
    from arrivals
    inner join rules
        on arrivals.moved_higher_on <= {{ days_later('arrivals.arrived_on', 'rules.within_days') }}

),

-- Arrivals that are alike in their days, counted: all for the base, and those that moved.
arrival_days as (

    select
        stage_number,
        arrived_on,
        next_arrived_on,
        count(*) as arrival_count
    from arrivals
    group by
        stage_number,
        arrived_on,
        next_arrived_on

),

spans as (

    select
        rules.rule_id,
        rules.valid_from,
        arrival_days.stage_number,
        arrival_days.arrived_on,
        arrival_days.next_arrived_on,
        arrival_days.arrival_count as base_count,
        0 as moved_count
    from arrival_days
    cross join rules

    union all

    select
        rule_id,
        valid_from,
        stage_number,
        arrived_on,
        next_arrived_on,
        0 as base_count,
        count(*) as moved_count
    from moved
    group by
        rule_id,
        valid_from,
        stage_number,
        arrived_on,
        next_arrived_on

),

-- The weeks in which they begin and cease to belong to a group.
grouped as (

    {% for name, rule, begin, end in groups -%}
    select
        '{{ name }}' as group_code,
        spans.valid_from,
        spans.stage_number,
        spans.base_count,
        spans.moved_count,
        {{ reporting_week(days_later('spans.arrived_on', 'rules.' ~ begin)) }} as entered_week,
        least(
            {{ reporting_week(days_later('spans.arrived_on', 'rules.' ~ end)) }},
            {{ reporting_week(days_later('spans.next_arrived_on', 'rules.' ~ begin)) }}
        ) as left_week
    from spans
    inner join rules
        on
            spans.rule_id = rules.rule_id
            and spans.valid_from = rules.valid_from
    where rules.rule_id = '{{ rule }}'
    {{- '\n\n    union all\n\n    ' if not loop.last }}
    {%- endfor %}

),

-- One row per group, stage and week in which somebody enters or leaves.
changes as (

    {% for changed_week, sign in [('entered_week', ''), ('left_week', '-')] -%}
    select
        group_code,
        valid_from,
        stage_number,
        {{ changed_week }} as changed_week,
        {{ sign }}sum(base_count) as base_change,
        {{ sign }}sum(moved_count) as moved_change
    from grouped
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
