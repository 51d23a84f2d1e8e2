{{ config(schema='intermediate', contract={'enforced': false}) }}
-- How far each account's stock moved in one day, beside how it usually moves. Median and
-- median absolute deviation, so that one purge does not hide the next.
with

flow as (

    select
        account_key,
        platform_code,
        flow_date,
        lost_count,
        case when gap_days = 1 then net_count end as step_count
    from {{ ref('fct_follower_flow') }}

),

rules as (

    select
        {%- for parameter in ['baseline_days', 'minimum_days', 'minimum_deviation'] %}
        cast(max(case when parameter_name = '{{ parameter }}' then parameter_value end) as integer)
            as {{ parameter }},
        {%- endfor %}
        max(case when parameter_name = 'deviation_factor' then parameter_value end)
            as deviation_factor
    from {{ ref('int_signal_rules__dated') }}
    where rule_id = 'purge'

),

-- One row per step and known step of the days before it.
compared as (

    select
        flow.account_key,
        flow.flow_date,
        earlier.step_count as earlier_step_count,
        {{ median_of('earlier.step_count') }} over (
            partition by flow.account_key, flow.flow_date
        ) as usual_step_count
    from flow
    cross join rules
    inner join flow as earlier
        on
            flow.account_key = earlier.account_key
            and earlier.flow_date < flow.flow_date
            and earlier.flow_date >= {{ days_earlier('flow.flow_date', 'rules.baseline_days') }}
    where
        flow.step_count is not null
        and earlier.step_count is not null

),

usual as (

    select
        account_key,
        flow_date,
        count(*) as baseline_day_count,
        max(usual_step_count) as usual_step_count,
        {{ median_of('abs(earlier_step_count - usual_step_count)') }} as step_deviation_count
    from compared
    group by
        account_key,
        flow_date

),

-- Same grain as the flow; a step that cannot be judged is neither large nor small.
judged as (

    select
        flow.account_key,
        flow.platform_code,
        flow.flow_date,
        flow.lost_count,
        flow.step_count,
        coalesce(usual.baseline_day_count, 0) as baseline_day_count,
        usual.usual_step_count,
        usual.step_deviation_count,
        case
            when usual.baseline_day_count >= rules.minimum_days
                then usual.usual_step_count - flow.step_count > rules.deviation_factor
                    * greatest(usual.step_deviation_count, rules.minimum_deviation)
        end as is_large_fall
    from flow
    cross join rules
    left join usual
        on
            flow.account_key = usual.account_key
            and flow.flow_date = usual.flow_date

)

select * from judged
