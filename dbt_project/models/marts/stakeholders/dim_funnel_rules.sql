-- One row per rule and version: the long seed is turned once, so that every model
-- joins its thresholds by date instead of naming them.
with

rules as (

    select
        rule_id,
        rule_version,
        valid_from,
        stage_number,
        parameter_name,
        parameter_value
    from {{ ref('funnel_rules') }}

),

turned as (

    select
        rule_id,
        rule_version,
        valid_from,
        max(stage_number) as stage_number,
        {%- for parameter in [
            'answer_days', 'act_days', 'baseline_days', 'cohort_days', 'exit_days',
            'minimum_active_days', 'minimum_acts', 'minimum_months', 'minimum_people',
            'minimum_scored_texts', 'minimum_threads', 'minimum_weeks',
            'sentiment_days', 'window_days', 'window_months', 'within_days',
        ] %}
        cast(max(case when parameter_name = '{{ parameter }}' then parameter_value end) as integer)
            as {{ parameter }},
        {%- endfor %}
        max(case when parameter_name = 'minimum_mean_score' then parameter_value end)
            as minimum_mean_score,
        max(case when parameter_name = 'limit_sigmas' then parameter_value end)
            as limit_sigmas
    from rules
    group by
        rule_id,
        rule_version,
        valid_from

),

dated as (

    select
        turned.*,
        coalesce(
            {{ days_earlier('lead(valid_from) over (partition by rule_id order by valid_from)', 1) }},
            date '9999-12-31'
        ) as valid_to
    from turned

)

select * from dated
