{{ config(schema='intermediate', contract={'enforced': false}) }}
-- Per week and stage, how many of a cohort of arrivals went higher in time, and the
-- same for the arrivals before them, which say what is usual for that step.
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

-- The last day on which somebody could arrive and still have had the whole time.
dated as (

    select
        weeks.week_start,
        rules.rule_id,
        rules.within_days,
        {{ days_later('weeks.week_start', '6 - rules.within_days') }} as cohort_until,
        {{ days_later('weeks.week_start', '6 - rules.within_days - rules.cohort_days') }} as baseline_until,
        {{ days_later(
            'weeks.week_start',
            '6 - rules.within_days - rules.cohort_days - coalesce(rules.baseline_days, 0)'
        ) }} as baseline_from
    from weeks
    inner join rules
        on weeks.week_start between rules.valid_from and rules.valid_to

),

-- One row per week, rule, stage and person: who arrived twice counts once.
people as (

    select
        dated.week_start,
        dated.rule_id,
        arrivals.stage_number,
        arrivals.person_key,
        arrivals.arrived_on > dated.baseline_until as is_cohort,
        max(case
            when arrivals.moved_higher_on <= {{ days_later('arrivals.arrived_on', 'dated.within_days') }} then 1
            else 0
        end) as moved_number
    from dated
    inner join arrivals
        on
            arrivals.arrived_on <= dated.cohort_until
            and arrivals.arrived_on > dated.baseline_from
    group by
        dated.week_start,
        dated.rule_id,
        arrivals.stage_number,
        arrivals.person_key,
        arrivals.arrived_on > dated.baseline_until

),

counted as (

    select
        week_start,
        stage_number,
        {%- for rule, group, name in [
            ('move_on', 'is_cohort', 'move_on'),
            ('move_on', 'not is_cohort', 'usual_move_on'),
            ('conversion', 'is_cohort', 'conversion_90d'),
        ] %}
        cast(sum(case when rule_id = '{{ rule }}' and {{ group }} then moved_number else 0 end)
            as bigint) as {{ name }}_count,
        count(case when rule_id = '{{ rule }}' and {{ group }} then 1 end)
            as {{ name }}_base_count{{ ',' if not loop.last }}
        {%- endfor %}
    from people
    group by
        week_start,
        stage_number

)

select * from counted
